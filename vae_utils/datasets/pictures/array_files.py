"""Data sets from files of arrays: `.npz`, `.npy`, and folders of IDX files."""

import gzip
import math
import re
import zipfile
import zlib
from os import PathLike
from pathlib import Path

import numpy as np

from vae_utils import paths
from vae_utils.datasets import idx
from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.pictures.arrays import from_parts
from vae_utils.datasets.pictures.wording import some
from vae_utils.memory import check_fits

IDX_FILE = re.compile(r"(.*)(images|labels)[-.]idx\d-ubyte(\.gz)?", re.IGNORECASE)
GZIP = b"\x1f\x8b"
DAMAGED = (OSError, ValueError, EOFError, RuntimeError, MemoryError)
DAMAGED += (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError)


def from_npz(
    path: str | PathLike, class_names=None, validation=0.1, test=0.1, seed=0
) -> Dataset:
    """Loads an `.npz` file of images, as `from_arrays` does.

    Args:
        path: of a file with the arrays `x_train`, and where there are such `y_train`,
            `x_val`, `y_val`, `x_test`, `y_test`; or `x`, and `y`.
        class_names: as for `from_arrays`.
        validation: share of the images for validation.
        test: share of the images for the test.
        seed: int; draws the split.

    Raises:
        ValueError: if it is no such file, or needs more memory than is free. Arrays
            that need pickle are refused, since that would run what the file says.
    """
    path = paths.absolute(path)
    names = {"train": "_train", "val": "_val", "test": "_test"}
    try:
        with np.load(path, allow_pickle=False) as archive:
            if "x_train" not in archive.files:
                names = {"train": ""}
            wanted = {f"{axis}{end}" for axis in "xy" for end in names.values()}
            present = wanted.intersection(archive.files)
            _check_size(path, archive, present)
            found = {name: archive[name] for name in present}
    except DAMAGED as error:
        raise _refuse(path, "a file of arrays, .npz, without pickles", error) from error
    if not any(name.startswith("x") for name in found):
        raise ValueError(
            "The file must hold the images x_train (and y_train, x_test, y_test), or "
            f"x (and y). Received: path={str(path)!r}, with {some(archive.files)}"
        )
    parts = {
        split: (found.get(f"x{end}"), found.get(f"y{end}"))
        for split, end in names.items()
    }
    return _make(path, "npz", parts, class_names, validation, test, seed)


def from_npy(
    path: str | PathLike, class_names=None, validation=0.1, test=0.1, seed=0
) -> Dataset:
    """Loads an `.npy` file of images without labels, as `from_arrays` does.

    Args:
        path: of the file.
        class_names: as for `from_arrays`.
        validation: share of the images for validation.
        test: share of the images for the test.
        seed: int; draws the split.

    Raises:
        ValueError: if it is no such file.
    """
    path = paths.absolute(path)
    try:
        x = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGED as error:
        raise _refuse(path, "an array, .npy, without pickles", error) from error
    return _make(path, "npy", {"train": (x, None)}, class_names, validation, test, seed)


def from_idx(
    path: str | PathLike, class_names=None, validation=0.1, test=0.1, seed=0
) -> Dataset:
    """Loads a folder of IDX files of any size, as `from_arrays` does.

    Args:
        path: of a folder with `train-images-idx3-ubyte` or the like, raw or .gz, and
            where there are such the labels, and `t10k-images-idx3-ubyte` for the test.
        class_names: as for `from_arrays`.
        validation: share of the images for validation.
        test: share of the images for the test.
        seed: int; draws the split.

    Raises:
        ValueError: if files are missing, damaged or double.
    """
    path = paths.absolute(path)
    found = {}
    for name, role in find_idx(path).items():
        if role in found:
            raise ValueError(
                "The folder must hold IDX files of one data set, raw or .gz. "
                f"Received: path={str(path)!r}, with {some([found[role], name])}"
            )
        found[role] = name
    if ("train", "images") not in found:
        raise ValueError(
            "The folder must hold IDX files of training images, such as "
            f"train-images-idx3-ubyte. Received: path={str(path)!r}, with "
            f"{some(list(found.values())) or 'none'}"
        )
    read = {role: read_idx(path / name) for role, name in found.items()}
    parts = {
        split: (read.get((split, "images")), read.get((split, "labels")))
        for split in ("train", "test")
    }
    return _make(path, "idx", parts, class_names, validation, test, seed)


def find_idx(folder: Path) -> dict[str, tuple[str, str]]:
    """Finds IDX files; maps a name to its split, and `"images"` or `"labels"`."""
    found = {}
    for name in sorted(path.name for path in folder.iterdir()):
        if match := IDX_FILE.fullmatch(name):
            held_out = re.search("t10k|test", match[1], re.IGNORECASE)
            found[name] = "test" if held_out else "train", match[2].lower()
    return found


def read_idx(path: Path) -> np.ndarray:
    """Reads an IDX file, raw or .gz, of no more bytes than its header says.

    Raises:
        ValueError: if it is damaged, or needs more memory than is free.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            with gzip.open(raw) if packed else raw as stream:
                header = stream.read(4)
                known = header[:3] == bytes([0, 0, idx.UINT8]) and len(header) == 4
                sizes = [
                    stream.read(4) for _ in range(min(header[3], 4) if known else 0)
                ]
                size = math.prod(int.from_bytes(each, "big") for each in sizes)
                check_fits(2 * size, "IDX files", "choose a smaller one")
                return idx.parse(header + b"".join(sizes) + stream.read(size + 1))
    except (OSError, EOFError, zlib.error) as error:
        raise _refuse(path, "an IDX file, raw or .gz", error) from error
    except ValueError as error:
        raise ValueError(f"{path} cannot be used. {error}") from error


def _check_size(path, archive, names):
    """Raises ValueError unless what is read fits into the memory that is free."""
    sizes = [archive.zip.getinfo(f"{name}.npy").file_size for name in names]
    check_fits(3 * sum(sizes), f"{path.name}'s arrays", "split the file")


def _refuse(path, what, error):
    reason = getattr(error, "strerror", None) or " ".join(str(error).split())
    return ValueError(
        f"path must name {what} ({reason or type(error).__name__}). "
        f"Received: path={str(path)!r}"
    )


def _make(path, kind, parts, class_names, validation, test, seed):
    """Makes the data set, with its recipe."""
    options = {"validation": validation, "test": test, "seed": seed}
    recipe = {"kind": kind, "path": str(path), "class_names": class_names, **options}
    if class_names is not None:
        recipe["class_names"] = list(map(str, class_names))
    return from_parts(
        parts,
        class_names,
        name=f"./{path.name}",
        origin=f"from {path}",
        recipe=recipe,
        **options,
    )
