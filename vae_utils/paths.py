"""Paths that people give: `~` is expanded, and the result is absolute, once."""

import os
from pathlib import Path


def _find_start() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was removed
        return Path()


#: The working folder when the process started, or at least when it was first needed.
START = _find_start()


def expanded(path: str | os.PathLike) -> Path:
    """Expands `~` at the beginning of a path.

    Raises:
        ValueError: if the home folder is not known, as in some containers.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ValueError(
            "The home folder is not known here, so a path cannot begin with ~: give "
            f"all of it. Received: {os.fspath(path)!r}"
        ) from error


def absolute(path: str | os.PathLike, start: Path | None = None) -> Path:
    """Makes a path mean the same whatever the working folder becomes.

    Links stay as they are, so that a link may be changed later.

    Args:
        path: of a file or folder that need not exist; may begin with `~`.
        start: the folder that a relative path begins at; by default the working folder.

    Returns:
        The absolute path.

    Raises:
        ValueError: if the home folder is needed and not known, or the working folder
            was removed.
    """
    path = expanded(path)
    if path.is_absolute():
        return path
    try:
        return (start or Path.cwd()) / path
    except OSError as error:
        raise ValueError(
            "The working folder was removed: change to another one, or give the whole "
            f"path. Received: {str(path)!r}"
        ) from error


def is_path(name) -> bool:
    """Tells whether something is a path, and not the name of a data set.

    A path has a separator in it, as `"./photos"` has, begins with `~`, or is a `Path`.
    """
    if isinstance(name, os.PathLike):
        return True
    separators = {"/", os.sep, os.altsep} - {None}
    return isinstance(name, str) and (
        name.startswith("~")
        or name in (".", "..")
        or any(separator in name for separator in separators)
    )
