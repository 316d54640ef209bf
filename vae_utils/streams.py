"""Text on a stream that may be closed, full, without readers, or short of characters.

What is written here is shown to a person, and losing it must not stop the work that it
describes. So nothing here raises: a caller that must know whether a text was written
looks at what `write` returns.
"""

import contextlib
import os
import re
import sys
import tempfile
import unicodedata

#: What ASCII has instead, where Unicode's own decomposition knows nothing better.
LOOK_ALIKES = {
    "−": "-",
    "–": "-",
    "—": "-",
    "─": "-",
    "━": "=",
    "×": "x",
    "·": ".",
    "→": "->",
    "±": "+-",
    "√": "sqrt ",
    "°": " degrees",
    "‖": "||",
}
#: Lines that TensorFlow's libraries write while they are imported, and nobody needs:
#: information and warnings of either logging format, and what follows some of them.
GREETING = re.compile(
    rb"[IW]\d{4} \d\d:\d\d:|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IW] |"
    rb"WARNING: All log messages before absl|To enable the following instructions|"
    rb".* Unable to register cu\w+ factory"
)
STANDARD = (0, 1, 2)  # descriptors of stdin, stdout and stderr

_silenced: list[int] = []  # descriptors that stderr had before `silence`


def write(stream, text: str) -> OSError | None:
    """Writes a text at once, as far as the stream can show it.

    Args:
        stream: of text; None where there is none, as under `pythonw`.
        text: what to write.

    Returns:
        Why it could not be written: the disk is full, the reader has left. A stream
        that is closed wants no text, which is no failure.
    """
    try:
        if stream is not None:
            stream.write(displayable(text, getattr(stream, "encoding", None)))
            stream.flush()
    except OSError as error:
        _discard(stream)
        return error
    except ValueError:  # it is closed
        return None
    return None


def is_terminal(stream) -> bool:
    """Returns whether a stream is a terminal, which shows a carriage return."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it is closed
        return False


def displayable(text: str, encoding: str | None) -> str:
    """Replaces the characters that an encoding lacks by what looks like them.

    Args:
        text: any.
        encoding: of a stream; None if it takes every character.

    Returns:
        The same text, or one that can be encoded.
    """
    if encoding is None or _has(encoding, text):
        return text
    return "".join(c if _has(encoding, c) else _look_alike(c) for c in text)


def _has(encoding, text):
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _look_alike(character):
    """Returns ASCII for a character: x for ×, 1/2 for ½, beta for β, or its number."""
    if character in LOOK_ALIKES:
        return LOOK_ALIKES[character]
    if (name := unicodedata.name(character, "")).startswith("GREEK"):
        return name.split()[-1].lower()
    parts = unicodedata.normalize("NFKD", character).replace("\N{FRACTION SLASH}", "/")
    plain = parts.encode("ascii", "ignore").decode()
    return plain or character.encode("ascii", "backslashreplace").decode()


def _discard(stream):
    """Empties the buffer of a stream that cannot be written to.

    Otherwise Python would try again with every later text, and once more when it ends.
    """
    with contextlib.suppress(OSError, ValueError):  # it has no descriptor
        number = stream.fileno()
        with _redirected(number):
            stream.flush()


@contextlib.contextmanager
def _redirected(number):
    """Drops what is written to a descriptor; yields a copy of the descriptor."""
    kept = os.dup(number)
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
        yield kept
    finally:
        os.dup2(kept, number)
        os.close(kept)


@contextlib.contextmanager
def silence():
    """Drops what C++ libraries write to the process's own stderr."""
    write(sys.stderr, "")
    try:
        os.fstat(2)
    except OSError:  # it is closed
        yield
        return
    with _redirected(2) as kept:
        _silenced.append(kept)
        try:
            yield
        finally:
            _silenced.remove(kept)


@contextlib.contextmanager
def without_greetings():
    """Drops `GREETING` from the process's own stderr; all else is written later."""
    with tempfile.TemporaryFile() as held, contextlib.ExitStack() as stack:
        stack.callback(_write_again, held)
        stack.enter_context(silence())
        with contextlib.suppress(OSError):  # it is closed
            os.fstat(2)
            os.dup2(held.fileno(), 2)
        yield


def _write_again(held):
    held.seek(0)
    kept = b"".join(line for line in held if not GREETING.match(line))
    with contextlib.suppress(OSError):
        os.write(2, kept)


def write_last(line: str):
    """Writes a line to the process's stderr before it ends at once, silenced or not."""
    with contextlib.suppress(OSError):
        os.write(_silenced[0] if _silenced else 2, f"{line}\n".encode("ascii"))


def open_closed():
    """Opens nothing in the place of a standard stream that is closed.

    Otherwise the next file that the program opens would get its number, and what a
    library writes to stderr would end up in that file.
    """
    for number in STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the smallest number that is free
