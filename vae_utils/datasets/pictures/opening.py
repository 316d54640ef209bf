"""Opens a path, whatever kind of data it holds, and opens it again."""

import inspect
from os import PathLike

from vae_utils import paths
from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.pictures.array_files import (
    find_idx,
    from_idx,
    from_npy,
    from_npz,
)
from vae_utils.datasets.pictures.folder import from_folder
from vae_utils.datasets.pictures.wording import escaped

KINDS = {"folder": from_folder, "npz": from_npz, "npy": from_npy, "idx": from_idx}


def load_path(path: str | PathLike, **options) -> Dataset:
    """Loads a folder of pictures, an `.npz` or `.npy` file, or a folder of IDX files.

    Args:
        path: of the folder or file.
        **options: of `from_folder`, `from_npz`, `from_npy` or `from_idx`.

    Raises:
        ValueError: if there is no such file or folder, it does not hold such data, or
            an option is not one of its kind.
    """
    path = paths.absolute(path)
    return _load(_recognise(path), path, options)


def _load(kind, path, options):
    """Loads data of a kind; raises ValueError for options of another one."""
    loader = KINDS[kind]
    known = list(inspect.signature(loader).parameters)[1:]
    other = {name: value for name, value in options.items() if name not in known}
    if other:
        what = "a folder of pictures" if kind == "folder" else f"data of kind {kind!r}"
        received = ", ".join(f"{name}={value!r}" for name, value in other.items())
        raise ValueError(
            f"The options of {what} are {', '.join(known)}. "
            f"Received: {received}, path={str(path)!r}"
        )
    return loader(path, **options)


def _recognise(path):
    """Returns the kind of what a path names."""
    if path.is_dir():
        try:
            return "idx" if find_idx(path) else "folder"
        except OSError:  # which from_folder explains
            return "folder"
    ending = path.suffix.lower()
    if ending in (".npz", ".npy") and path.exists():
        return ending[1:]
    if path.exists():
        return "folder"  # which says that it must be one
    raise ValueError(
        f"There is no such file or folder. Received: path={escaped(str(path))!r}"
    )


def load_again(
    recipe: dict, content: str, *, path: str | PathLike | None = None
) -> Dataset:
    """Loads data as they were loaded before, and refuses others.

    Args:
        recipe: `Dataset.recipe`.
        content: `Dataset.content`, the hash that the data must have.
        path: where the data are now, if they were moved.

    Returns:
        The same images, labels and split.

    Raises:
        ValueError: if they cannot be found, or are not the same.
    """
    if not isinstance(recipe, dict) or recipe.get("kind") not in KINDS:
        raise ValueError(
            "The data were made in a program, not loaded from a file or folder: make "
            f"them again there. Received: recipe={recipe!r}"
        )
    options = {name: value for name, value in recipe.items() if name != "kind"}
    where = paths.absolute(options.pop("path") if path is None else path)
    options.pop("path", None)
    if not where.exists():
        raise ValueError(
            "The data were moved or removed: give the file or folder that has them "
            f"now. Received: path={str(where)!r}"
        )
    data = _load(recipe["kind"], where, options)
    if data.content != content:
        raise ValueError(
            "The data have changed since they were first used: restore them, or start "
            f"again with these. Received: path={str(where)!r}, with the content "
            f"{data.content[:12]}…, not {content[:12]}…"
        )
    return data
