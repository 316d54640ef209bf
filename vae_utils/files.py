"""Writes files completely or not at all: under another name, flushed, then renamed."""

import contextlib
import os
import secrets
import shutil
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


@contextlib.contextmanager
def folder_written_whole(path: Path) -> Iterator[Path]:
    """Makes a folder that gets its name only when all its files are complete.

    A folder of that name is replaced then, and unchanged if anything fails.

    Args:
        path: of the folder; those around it are made.

    Yields:
        The path of the unfinished folder.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    name = f".{path.name}.{secrets.token_hex(4)}"
    unfinished = path.with_name(f"{name}{UNFINISHED}")
    replaced = path.with_name(f"{name}.replaced{UNFINISHED}")
    unfinished.mkdir()
    try:
        yield unfinished
        for file in unfinished.rglob("*"):
            if file.is_file():
                with file.open("rb") as stream:
                    os.fsync(stream.fileno())
        if path.exists():
            os.replace(path, replaced)
        os.replace(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(replaced, ignore_errors=True)
    _flush_folder(path.parent)


def remove_unfinished(folder: Path):
    """Removes unfinished files and folders of killed processes.

    Only for a folder that no other process writes to.
    """
    for path in Path(folder).glob(f".*{UNFINISHED}"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _flush_folder(folder):
    """Flushes a folder, so that a new name survives a power cut."""
    with contextlib.suppress(OSError):  # Windows cannot open folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
