"""Files that are whole or not there: written beside, flushed to the disk, renamed."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".unfinished"  # ends the name of a file that is being written


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Opens a file for writing that takes its name only once it is complete.

    Whoever is killed, or finds the disk full, leaves the file of that name as it was.

    Args:
        path: the file; its folder must exist.

    Yields:
        The stream to write to.

    Raises:
        OSError: if it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with beside.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _flush_folder(path.parent)


def write(path: Path, contents: bytes):
    """Writes a whole file, or leaves the one of that name as it was."""
    with written_whole(path) as stream:
        stream.write(contents)


def remove_unfinished(folder: Path):
    """Removes what killed processes left half-written; for a folder of one process."""
    for path in Path(folder).glob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def _flush_folder(folder):
    """Makes the new name last through a power cut, where folders can be flushed."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
