"""Streams that a command cannot use: lost messages stop nothing, lost results count."""

import io
import json
import os
import subprocess
import sys

import pytest

from vae_utils import cli

COMMAND = [sys.executable, "-m", "vae_utils"]


@pytest.fixture
def broken_pipe():
    """A stream whose reader has left, as in `2>&1 | head -1`."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        yield stream


@pytest.fixture
def full_disk():
    with open("/dev/full", "w") as stream:
        yield stream


@pytest.fixture(params=["broken_pipe", "full_disk", "none"])
def unusable(request):
    """A stream that takes no text."""
    return None if request.param == "none" else request.getfixturevalue(request.param)


def exit_code(arguments):
    try:
        return cli.main(arguments)
    except SystemExit as error:  # argparse
        return error.code


def test_training_without_a_stderr_trains(broken_pipe, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", broken_pipe)
    where = ["--sample", "--epochs", "1", "--updates-per-epoch", "3", "--hidden", "4"]
    options = [*where, "--no-viz", "--output-dir", str(tmp_path / "run")]
    assert cli.main(["train", *options]) == 0  # with progress
    assert json.loads((tmp_path / "run" / "metrics.json").read_text())["epoch"] == 1


def test_errors_and_usage_without_a_stderr_keep_their_code(unusable, monkeypatch):
    monkeypatch.setattr(sys, "stderr", unusable)
    assert exit_code(["evaluate", "nowhere"]) == 1
    assert exit_code(["evaluate", "nowhere", "--debug"]) == 1
    assert exit_code(["trian"]) == 2
    assert exit_code(["data", "--colour"]) == 2


@pytest.mark.parametrize("arguments", ["data --sample", "train --help"])
def test_results_that_are_lost_end_in_a_sentence(
    arguments, full_disk, monkeypatch, capsys
):
    monkeypatch.setattr(sys, "stdout", full_disk)
    assert exit_code(arguments.split()) == 1
    err = capsys.readouterr().err
    assert err.startswith(
        f"python -m vae_utils {arguments.split()[0]}: Standard output"
    )
    assert err.endswith("Received: No space left on device\n") and err.count("\n") == 1
    monkeypatch.undo()
    assert exit_code(arguments.split()) == 0


def test_files_are_written_though_results_are_lost(
    shared_run, tmp_path, full_disk, monkeypatch
):
    run = str(shared_run("learned").path)
    monkeypatch.setattr(sys, "stdout", full_disk)
    options = ["--metrics", "--history", "--output-dir", str(tmp_path)]
    assert cli.main(["evaluate", run, *options]) == 1
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"metrics.json", "history.png"}


def test_a_reader_that_has_left_is_no_error(broken_pipe, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", broken_pipe)
    for arguments in ("data --sample", "train --help"):
        assert exit_code(arguments.split()) == 0
    assert capsys.readouterr().err == ""


@pytest.fixture
def streams_of(monkeypatch):
    """Gives stdout and stderr an encoding; returns what was written to them."""

    def use(encoding):
        streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        return lambda: [s.buffer.getvalue().decode(encoding) for s in streams]

    return use


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_help_and_tables_replace_what_a_stream_lacks(encoding, streams_of):
    written = streams_of(encoding)
    for arguments in ("train --help", "evaluate --help", "data --sample"):
        assert exit_code(arguments.split()) == 0
    out, err = written()
    assert "-log p(x)" in out and err == ""
    assert ("sqrt" in out, "28x28" in out) == (
        encoding != "cp437",
        encoding != "cp1252",
    )


def test_numbers_are_kept_though_a_stream_lacks_characters(
    shared_run, tmp_path, streams_of
):
    run = str(shared_run("vae").path)
    written = streams_of("ascii")
    where = ["--output-dir", str(tmp_path)]
    assert cli.main(["evaluate", run, "--metrics", *where]) == 0
    assert cli.main(["evaluate", run, "--generate", "--label", "10", *where]) == 2
    out, err = written()
    assert (tmp_path / "metrics.json").exists()
    assert out.endswith(f"{tmp_path / 'metrics.json'}\n")
    assert "Received: --label 10" in err


def redirect(number, path):
    """Returns what lets a new process have another stream, or none."""
    if path is None:
        return lambda: os.close(number)
    return lambda: os.dup2(os.open(path, os.O_WRONLY), number)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({0: None, 1: None, 2: None}, 0),
        ({2: "/dev/full"}, 0),
        ({1: "/dev/full"}, 1),
        ({1: "/dev/full", 2: "/dev/full"}, 1),
    ],
)
def test_a_process_ends_as_it_should_without_streams(changes, code, tmp_path):
    """As above, with what Python itself does with streams when it ends."""

    def change():
        for number, path in changes.items():
            redirect(number, path)()

    result = subprocess.run(
        [*COMMAND, "data", "--sample"],
        capture_output=True,
        preexec_fn=change,
        cwd=tmp_path,
        text=True,
        timeout=120,
    )
    assert result.returncode == code
    told = code == 1 and 2 not in changes
    assert len(result.stderr.splitlines()) == told
    if 1 not in changes:
        assert result.stdout.startswith("MNIST, bundled sample")
