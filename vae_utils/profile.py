"""Profile, seed and folders of a run, read from environment variables.

No other module of the package reads environment variables.

`VAE_BOOK_PROFILE`
    `full` (what readers see, the default) or `quick` (what tests run).
`VAE_BOOK_SEED`
    Seed of every chapter, instead of the chapter's own.
`VAE_UTILS_DATA_DIR`
    Folder with IDX files, searched first.
`VAE_UTILS_CACHE_DIR`
    Folder for downloads and decoded pictures, instead of the user's cache folder.
`VAE_UTILS_OFFLINE`
    `1` uses neither the web nor package clients.

A relative folder in a variable begins where the process started.
"""

import os
from pathlib import Path

import pooch

from vae_utils import paths
from vae_utils.checks import check_positive_integer

PROFILES = ("full", "quick")
DATA_DIR, CACHE_DIR = FOLDERS = ("VAE_UTILS_DATA_DIR", "VAE_UTILS_CACHE_DIR")


def name() -> str:
    """Returns the profile of this run, `"full"` or `"quick"`.

    Raises:
        ValueError: if `VAE_BOOK_PROFILE` is set to anything else.
    """
    value = os.environ.get("VAE_BOOK_PROFILE") or "full"
    if value not in PROFILES:
        raise ValueError(
            "VAE_BOOK_PROFILE must be 'full' or 'quick'. "
            f"Received: VAE_BOOK_PROFILE={value!r}"
        )
    return value


def choose(*, full, quick):
    """Returns `full` in the full profile and `quick` in the quick one."""
    return {"full": full, "quick": quick}[name()]


def epochs(*, full: int, quick: int) -> int:
    """Returns the number of training epochs in this profile.

    Raises:
        ValueError: if that number is not a positive integer.
    """
    count = choose(full=full, quick=quick)
    check_positive_integer(count, "epochs", f"in the {name()} profile")
    return count


def seed(default: int | None) -> int | None:
    """Returns `VAE_BOOK_SEED` if it is set, otherwise the chapter's `default`.

    Raises:
        ValueError: if `VAE_BOOK_SEED` is not an integer from 0 to 2**31 - 1.
    """
    text = os.environ.get("VAE_BOOK_SEED")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) >= 2**31:
        raise ValueError(
            "VAE_BOOK_SEED must be an integer from 0 to 2147483647. "
            f"Received: VAE_BOOK_SEED={text!r}"
        )
    return int(text)


def data_dir() -> Path | None:
    """Returns the folder named by `VAE_UTILS_DATA_DIR`, or None.

    Raises:
        ValueError: if it begins with `~`, and the home folder is not known.
    """
    return _read_folder(DATA_DIR)


def cache_dir() -> Path | None:
    """Returns the folder for downloaded data, which may not exist yet.

    Returns:
        The folder; None where there is no place for one, since no variable names it and
        the user has no home folder.

    Raises:
        ValueError: if the variable begins with `~`, and the home folder is not known.
    """
    return _read_folder(CACHE_DIR) or _user_cache()


def fix_folders():
    """Makes the folders in variables absolute, for programs started in another one."""
    for variable in FOLDERS:
        if folder := _read_folder(variable):
            os.environ[variable] = str(folder)


def _read_folder(variable):
    folder = os.environ.get(variable)
    return paths.absolute(folder, paths.START) if folder else None


def _user_cache():
    try:
        folder = Path(pooch.os_cache("vae_utils"))
    except RuntimeError:  # no home folder
        return None
    return folder if folder.is_absolute() else None  # some versions return "~/.cache"


def offline() -> bool:
    """Returns whether `VAE_UTILS_OFFLINE` forbids the web and package clients.

    Raises:
        ValueError: if it is set to anything other than `0` or `1`.
    """
    value = os.environ.get("VAE_UTILS_OFFLINE") or "0"
    if value not in ("0", "1"):
        raise ValueError(
            "VAE_UTILS_OFFLINE must be '0' or '1'. "
            f"Received: VAE_UTILS_OFFLINE={value!r}"
        )
    return value == "1"
