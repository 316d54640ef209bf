"""Signals, a full disk: what a process leaves behind, and what it says."""

import resource
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from vae_utils import cli
from vae_utils.runs import RunFolder
from vae_utils.training.checkpoint_file import list_epochs

COMMAND = [sys.executable, "-m", "vae_utils"]
EPOCHS = 40
OPTIONS = f"--sample --epochs {EPOCHS} --updates-per-epoch 20 --hidden 4".split()


def start(*options):
    return subprocess.Popen(
        [*COMMAND, "train", *options, "--quiet"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        # Shells let background jobs, and all these start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_for_an_epoch(folder, process):
    first = list_epochs(folder / "checkpoints")
    while list_epochs(folder / "checkpoints") == first:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)


def end(process, number):
    """Sends a signal; returns the exit code and what was written to stderr."""
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=120)
    finally:
        process.kill()  # if it did not stop, it would disturb the tests after it
        process.communicate()
    return process.returncode, err


def test_a_run_stopped_in_every_way_ends_in_the_same_bits(tmp_path, last_arrays):
    folder = tmp_path / "stopped"
    where = ["--output-dir", str(folder)]
    options = [*OPTIONS, "--no-viz", *where]
    for number, code in (
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
        (signal.SIGKILL, -signal.SIGKILL),
    ):
        process = start(*options)
        wait_for_an_epoch(folder, process)
        returned, err = end(process, number)
        assert returned == code
        if number != signal.SIGKILL:
            assert_says_how_to_resume(err, folder)
        options = ["--resume", *where]
    assert list_epochs(folder / "checkpoints")[-1] < EPOCHS
    assert cli.main(["train", "--resume", "--quiet", *where]) == 0

    whole = tmp_path / "whole"
    options = [*OPTIONS, "--no-viz", "--quiet", "--output-dir", str(whole)]
    assert cli.main(["train", *options]) == 0
    one, other = (folder / "history.csv", whole / "history.csv")
    assert one.read_bytes() == other.read_bytes()
    stopped, whole = last_arrays(RunFolder(folder)), last_arrays(RunFolder(whole))
    assert set(stopped) == set(whole)
    for name, array in whole.items():
        np.testing.assert_array_equal(stopped[name], array, name)


def assert_says_how_to_resume(err, folder):
    assert "Traceback" not in err
    *_, sentence, command = err.splitlines()
    epoch = list_epochs(folder / "checkpoints")[-1]
    assert sentence == f"Interrupted. Last checkpoint: epoch {epoch}. To resume:"
    assert command.startswith("  python -m vae_utils train --")
    assert command.endswith("--resume") and command.count("--resume") == 1
    assert str(folder) in command


@pytest.fixture
def small_files():
    """Lets files have 100 kB at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_ends_in_a_sentence(tmp_path, train, small_files, capsys):
    run = train(tmp_path / "run", "--hidden", "16", "--no-viz", code=1)
    first, *_ = capsys.readouterr().err.splitlines()
    assert "could not be read or written. Received: File too large" in first
    assert "No epoch completed. To resume:" in first
    assert run.read_config()["format"] == 1
    assert not list(run.checkpoints.iterdir())
