"""IDX files in a folder: the reader's own, the cache, the sample."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from vae_utils import files
from vae_utils.datasets import idx
from vae_utils.datasets.catalog import File, Unavailable

STALE = 3600.0  # seconds after which its writer is taken for dead


def spellings(file: File) -> list[str]:
    """Lists the names under which `file` is found, the published one first."""
    names = file.name, file.name.replace("-idx", ".idx")
    return [name + ending for name in names for ending in ("", ".gz")]


def locate(folder: Path, name: str, files: Iterable[File], *, must_exist: bool) -> Path:
    """Returns where the reader keeps one data set, `folder` itself or one within.

    As all data sets use the same file names, it is `folder/name`, unless only `folder`
    itself has such files.

    Args:
        folder: the folder that the reader named.
        name: name of the data set.
        files: its files.
        must_exist: whether a folder that does not exist is an error.

    Raises:
        ValueError: if `folder` is not a folder that can be read.
    """
    try:
        present = set(os.listdir(folder))
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not must_exist:
            return folder / name
        raise ValueError(
            "The data folder must be a folder that can be read. "
            f"Received: {folder} ({error.strerror})"
        ) from error
    here = any(present.intersection(spellings(file)) for file in files)
    return folder if here and name not in present else folder / name


def read(folder: Path, file: File) -> bytes:
    """Reads and verifies one file, raw or gzip-compressed.

    Args:
        folder: where the file is, under one of its `spellings`.
        file: which file this must be.

    Returns:
        The raw IDX bytes.

    Raises:
        FileNotFoundError: if the folder has no such file.
        ValueError: if the file cannot be read or is not what was published.
    """
    for name in spellings(file):
        path = folder / name
        try:
            with path.open("rb") as stream:
                data = stream.read(file.size + 1024)  # gzip may add a few bytes
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ValueError(
                f"The data file {path} must be readable. Received: {error.strerror}"
            ) from error
        return _checked(data, file, path)
    raise FileNotFoundError(f"no {file.name}")


def _checked(data, file, path):
    try:
        return idx.verified(data, file)
    except ValueError as error:
        raise ValueError(
            f"{path} is not the file that was published; replace it, or name another "
            f"folder (each data set in one of its own). {error}"
        ) from error


def read_all(
    folder: Path, files: Iterable[File], *, forgive: tuple[type[Exception], ...]
) -> Iterator[tuple[File, bytes]]:
    """Yields each file with its verified bytes.

    Args:
        folder: where the files are.
        files: the files wanted.
        forgive: errors of `read` to skip a file for and report at the end.

    Raises:
        Unavailable: at the end, if files were skipped.
    """
    failures = []
    for file in files:
        try:
            data = read(folder, file)
        except forgive as error:
            failures.append(str(error))
        else:
            yield file, data
    if failures:
        raise Unavailable(", ".join(failures))


def install(folder: Path, file: File, raw: bytes) -> None:
    """Writes verified bytes so that no reader ever sees half a file.

    Args:
        folder: where to write; made if need be.
        file: which file this is.
        raw: its verified, decompressed bytes.

    Raises:
        OSError: if the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    files.write(folder / file.name, raw)


def _remove_stale(folder):
    for path in folder.glob(f"*{files.UNFINISHED}"):
        with contextlib.suppress(FileNotFoundError):  # another process removed it
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()
