"""Writes files completely or not at all: under another name, flushed, then renamed."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".unfinished"  # suffix of a file that is being written


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Opens a file for writing that gets its name only when it is complete.

    If the process is killed or the disk is full, an existing file of that name is
    unchanged.

    Args:
        path: the file; its folder must exist.

    Yields:
        The stream to write to.

    Raises:
        OSError: if the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with unfinished.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    _flush_folder(path.parent)


def write(path: Path, contents: bytes):
    """Writes a complete file; on failure, an existing one is unchanged."""
    with written_whole(path) as stream:
        stream.write(contents)


def remove_unfinished(folder: Path):
    """Removes unfinished files of killed processes.

    Only for a folder that no other process writes to.
    """
    for path in Path(folder).glob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def _flush_folder(folder):
    """Flushes a folder, so that a new name survives a power cut."""
    with contextlib.suppress(OSError):  # Windows cannot open folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
