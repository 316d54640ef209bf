"""Results on standard output, everything else on standard error."""

import errno
import sys

from vae_utils import streams

LEFT = {errno.EPIPE, errno.EINVAL}  # of a pipe whose reader has left; EINVAL on Windows

_lost: list[OSError] = []


def print_result(text):
    """Prints a result; without an error where nobody reads it any longer.

    A result that could not be written, of a full disk, say, ends no work: `lost` has
    the reason, for the end of the command.
    """
    error = streams.write(sys.stdout, f"{text}\n")
    if error is not None and error.errno not in LEFT:
        _lost.append(error)


def lost() -> str | None:
    """Returns the sentence on results that could not be written, and forgets them."""
    if not _lost:
        return None
    error = _lost[0]
    _lost.clear()
    return (
        "Standard output could not be written to, so results are missing there; "
        f"everything else is done. Received: {error.strerror or error}"
    )


def log(text):
    """Writes a message that is not a result."""
    streams.write(sys.stderr, f"{text}\n")
