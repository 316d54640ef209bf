"""Where decoded pictures are kept: a folder in the cache."""

import contextlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from vae_utils import profile
from vae_utils.datasets import folders

FOLDER = "pictures"


def find() -> Path | None:
    """Returns the folder, which may not exist; None where there is no cache."""
    cache = profile.cache_dir()
    return cache and cache / FOLDER


@contextlib.contextmanager
def writable() -> Iterator[tuple[Path, bool]]:
    """Provides a folder to write to, and whether it is kept.

    Without a cache that can be written to, it is a temporary one, and a warning says
    so. Reading then takes as long every time.
    """
    folder = find()
    reason = "the home folder is not known" if folder is None else _try(folder)
    if not reason:
        folders.remove_stale(folder)
        yield folder, True
        return
    warnings.warn(
        f"The decoded pictures cannot be kept, since {reason}, so they will be decoded "
        "again next time: set a folder with VAE_UTILS_CACHE_DIR.",
        stacklevel=2,
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        yield Path(temporary), False


def check_space(folder: Path, size: int):
    """Raises ValueError unless so many bytes are free on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise ValueError(
            f"The decoded pictures need {size / 2**30:.1f} GiB on the disk of the "
            f"cache, and {free / 2**30:.1f} GiB are free: choose a smaller size, or "
            "choose another folder with VAE_UTILS_CACHE_DIR. "
            f"Received: {str(folder)!r}"
        )


def _try(folder):
    """Returns why a folder cannot be written to; makes it if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"{str(folder)!r} cannot be written to ({error.strerror})"
