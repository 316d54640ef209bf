"""IDX files in a folder: your own, the cache, or the bundled sample."""

import contextlib
import os
import shlex
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from vae_utils import files
from vae_utils.datasets import idx
from vae_utils.datasets.catalog import CATALOG, File, Unavailable

STALE = 3600.0  # seconds after which an unfinished file is taken for abandoned


class ForeignFolder(ValueError):
    """A folder is somebody's own: it holds other files, and nothing is put there."""


def spellings(file: File) -> list[str]:
    """Lists the names that `file` may have, the published one first."""
    names = file.name, file.name.replace("-idx", ".idx")
    return [name + ending for name in names for ending in ("", ".gz")]


def locate(folder: Path, name: str, files: Iterable[File], *, must_exist: bool) -> Path:
    """Finds the folder of one data set: `folder/name` or `folder` itself.

    All data sets use the same file names, so `folder` itself is used only if it has
    such files and `folder/name` does not exist. A folder with other files and none of
    these is refused: it was named by mistake, and missing files would be put there.

    Args:
        folder: the data folder.
        name: name of the data set.
        files: its files.
        must_exist: whether a missing folder is an error.

    Returns:
        The folder, which may not exist yet.

    Raises:
        ForeignFolder: if it has other files only.
        ValueError: if `folder` is not a folder or cannot be read.
    """
    try:
        present = set(os.listdir(folder))
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not must_exist:
            return folder / name
        raise ValueError(
            "The data folder must be a folder that can be read "
            f"({error.strerror}). Received: data_dir={str(folder)!r}"
        ) from error
    known = {spelling for file in files for spelling in spellings(file)}
    if name in present and (folder / name).is_dir():
        _check_ours(folder / name, known)
        return folder / name
    if present & known:
        return folder
    _check_ours(folder, known | set(CATALOG))
    return folder / name


def _check_ours(folder, known):
    """Raises ForeignFolder if a folder has files, and none that is known."""
    names = (path.name for path in folder.iterdir())
    others = sorted(name for name in names if not name.endswith(files.UNFINISHED))
    if not others or known.intersection(others):
        return
    path = shlex.quote(str(folder))
    raise ForeignFolder(
        "The data folder must hold the published IDX files, or be empty or new, and "
        f"this one holds other files, such as {others[0]!r}; to train on pictures of "
        f"your own: python -m vae_utils train --preset pictures --data {path}. "
        f"Received: data_dir={str(folder)!r}"
    )


def read(folder: Path, file: File) -> bytes:
    """Reads and verifies one file, raw or gzip-compressed.

    Args:
        folder: folder that holds the file, under one of its `spellings`.
        file: the expected file.

    Returns:
        The raw IDX bytes.

    Raises:
        FileNotFoundError: if the folder has no such file.
        ValueError: if the file cannot be read or is not the published one.
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
                f"The data file cannot be read ({error.strerror}). "
                f"Received: path={str(path)!r}"
            ) from error
        return _checked(data, file, path)
    raise FileNotFoundError(f"no {file.name}")


def _checked(data, file, path):
    """Returns the raw bytes of a file, or says which path holds the wrong ones."""
    try:
        return idx.verified(data, file)
    except ValueError as error:
        raise ValueError(
            f"{path} is not the file that was published; replace it, or choose another "
            f"folder (each data set needs its own). {error}"
        ) from error


def read_all(
    folder: Path, files: Iterable[File], *, skip: tuple[type[Exception], ...]
) -> Iterator[tuple[File, bytes]]:
    """Yields each file with its verified bytes.

    Args:
        folder: folder that holds the files.
        files: the files to read.
        skip: errors of `read` that skip a file instead of stopping.

    Yields:
        Each file and its raw bytes.

    Raises:
        Unavailable: after the last file, if any was skipped.
    """
    failures = []
    for file in files:
        try:
            data = read(folder, file)
        except skip as error:
            failures.append(str(error))
        else:
            yield file, data
    if failures:
        raise Unavailable(", ".join(failures))


def install(folder: Path, file: File, raw: bytes) -> None:
    """Writes verified bytes so that no reader ever sees a partial file.

    Args:
        folder: folder to write to; created if missing.
        file: the file to write.
        raw: its verified, decompressed bytes.

    Raises:
        OSError: if the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove_stale(folder)
    files.write(folder / file.name, raw)


def remove_stale(folder: Path):
    """Removes unfinished files that nobody is writing any longer."""
    for path in folder.glob(f"*{files.UNFINISHED}"):
        with contextlib.suppress(FileNotFoundError):  # another process removed it
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()
