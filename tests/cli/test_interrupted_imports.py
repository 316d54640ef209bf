"""Ctrl-C and SIGTERM at chosen moments: one line and an exit code, never a traceback.

The moment is the import of a module, so that nothing here waits.
"""

import signal
import subprocess
import sys

import pytest

from vae_utils import cli, signals
from vae_utils.cli import data as data_command

PROGRAM = """
import atexit, os, runpy, signal, sys

def interrupt():
    for _ in range({times}):
        os.kill(os.getpid(), {number})

class Moment:
    def find_spec(self, name, path=None, target=None):
        if name == {moment!r}:
            sys.meta_path.remove(self)
            interrupt()

sys.meta_path.insert(0, Moment())
if {moment!r} == "the end":
    atexit.register(interrupt)
sys.argv[1:] = {arguments!r}
runpy.run_module("vae_utils", run_name="__main__", alter_sys=True)
"""
TRAIN = "train --sample --epochs 1 --updates-per-epoch 3 --hidden 4 --quiet"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def run(arguments, moment, number, folder, *, times=1, disposition=signal.SIG_DFL):
    code = PROGRAM.format(
        arguments=arguments.split(), moment=moment, number=int(number), times=times
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        # Shells let background jobs, and all these start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, disposition),
        capture_output=True,
        cwd=folder,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize(
    ("arguments", "moment"),
    [
        (TRAIN, "vae_utils.cli"),
        (TRAIN, "argparse"),
        ("data --sample", "numpy"),
        (f"{TRAIN} --model iwae", "tensorflow"),
        ("evaluate nowhere", "tensorflow.python.ops.math_ops"),
        ("animate nowhere", "keras"),
    ],
)
def test_a_command_that_imports_ends_in_one_line(arguments, moment, number, tmp_path):
    result = run(arguments, moment, number, tmp_path)
    assert (result.returncode, result.stderr) == (CODES[number], "Interrupted.\n")
    assert not list(tmp_path.iterdir())


def test_what_has_begun_is_brought_to_an_end(tmp_path):
    """The signal comes twice, as `make` sends it."""
    result = run(TRAIN, "vae_utils.runs.animations", signal.SIGINT, tmp_path, times=2)
    first, second = result.stderr.splitlines()
    assert (result.returncode, first) == (
        130,
        "Interrupted. Last checkpoint: epoch 1. To resume:",
    )
    assert second == f"  python -m vae_utils {TRAIN} --resume"
    assert not (tmp_path / "runs" / "vae" / ".lock").exists()


def test_a_signal_at_the_very_end_is_no_traceback(tmp_path):
    result = run("data --sample", "the end", signal.SIGINT, tmp_path)
    assert (result.returncode, result.stderr) == (130, "Interrupted.\n")
    assert result.stdout.count("bundled sample") == 2


def test_a_job_in_the_background_goes_on(tmp_path):
    result = run(
        *("data --sample", "numpy", signal.SIGINT, tmp_path),
        disposition=signal.SIG_IGN,
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("error", [ImportError("a library failed"), SystemError()])
def test_an_error_that_a_library_makes_of_an_interruption_is_one(
    number, error, monkeypatch, capsys
):
    def interrupted(options):
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise error from None

    monkeypatch.setattr(data_command, "run", interrupted)
    assert cli.main(["data"]) == CODES[number]
    assert capsys.readouterr().err == "Interrupted.\n"


def test_an_interruption_that_python_drops_is_not_forgotten(monkeypatch, capsys):
    class Destroyed:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(data_command, "run", lambda options: Destroyed() and None)
    assert cli.main(["data"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_program_that_calls_a_command_keeps_its_handlers(monkeypatch):
    def handler(number, frame):
        raise AssertionError

    before = signal.signal(signal.SIGINT, handler)
    try:
        monkeypatch.setattr(data_command, "run", lambda options: None)
        assert cli.main(["data"]) == 0
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert not signals._own_program  # importing the package changes nothing
