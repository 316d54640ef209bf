"""Text on streams that are closed, full, without readers, or short of characters."""

import io
import os
import subprocess
import sys

import pytest

from vae_utils import status, streams


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        (
            "ascii",
            "√½ − 28×28 · β 0.1 → σ …",
            "sqrt 1/2 - 28x28 . beta 0.1 -> sigma ...",
        ),
        ("ascii", "━━── Fréchet x² \N{INFINITY}", "==-- Frechet x2 \\u221e"),
        ("cp1252", "28×28, −½ √2", "28×28, -½ sqrt 2"),
        ("cp437", "√½ × 2", "√½ x 2"),
        ("utf-8", "√½ − 28×28", "√½ − 28×28"),
        ("utf-8", "a name that is no text: \udcff", "a name that is no text: \\udcff"),
        (None, "√½ \udcff", "√½ \udcff"),
    ],
)
def test_what_an_encoding_lacks_looks_alike(encoding, text, shown):
    assert streams.displayable(text, encoding) == shown


def test_a_progress_line_is_shown_in_ascii(monkeypatch):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="ascii")
    stream.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", stream)
    status.Status().update("epoch 1/2 ━━━─── loss −3")
    assert written.getvalue() == b"\repoch 1/2 ===--- loss -3"


@pytest.fixture
def broken_pipe():
    """A stream whose reader has left."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        yield stream


@pytest.fixture
def full_disk():
    """A stream to a device that is always full."""
    with open("/dev/full", "w") as stream:
        yield stream


def test_a_text_that_is_lost_is_no_error_and_is_not_tried_again(broken_pipe, full_disk):
    for stream, error in ((broken_pipe, BrokenPipeError), (full_disk, OSError)):
        for _ in range(2):
            assert isinstance(streams.write(stream, "text"), error)
        stream.flush()  # nothing is left in the buffer
        os.fstat(stream.fileno())


def test_a_stream_is_as_it_was_after_a_text_was_lost(tmp_path, monkeypatch):
    with (tmp_path / "log").open("w") as stream:
        monkeypatch.setattr(stream, "flush", fail_once(stream.flush), raising=False)
        assert streams.write(stream, "one\n").strerror == "No space left on device"
        assert streams.write(stream, "two\n") is None
    assert (tmp_path / "log").read_text() == "two\n"


def fail_once(flush):
    failures = [OSError(28, os.strerror(28))]

    def flush_or_fail():
        if failures:
            raise failures.pop()
        flush()

    return flush_or_fail


def test_no_stream_and_a_closed_one_take_any_text(monkeypatch):
    closed = io.StringIO()
    closed.close()
    for stream in (None, closed):
        assert streams.write(stream, "text") is None
        assert not streams.is_terminal(stream)
        monkeypatch.setattr(sys, "stderr", stream)
        shown = status.Status()
        shown.update("text")
        shown.note("text")
        shown.finish("text")


def run_without(numbers, code):
    """Runs code in a process in which some standard streams are closed."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import os, sys\nfrom vae_utils import streams\n{code}",
        ],
        preexec_fn=lambda: [os.close(number) for number in numbers],
        timeout=60,
    ).returncode


def test_no_file_takes_the_place_of_a_closed_stream():
    code = "streams.open_closed(); sys.exit(os.open(os.devnull, os.O_RDONLY))"
    assert run_without((0, 1, 2), code) == 3
    assert run_without((2,), code) == 3


def test_a_closed_stderr_can_be_silenced():
    assert run_without((2,), "with streams.silence(): sys.exit(5)") == 5


def test_a_last_line_is_written_while_c_libraries_are_silenced(capfd):
    with streams.silence():
        os.write(2, b"a greeting\n")
        streams.write_last("Interrupted.")
    assert capfd.readouterr().err == "Interrupted.\n"
