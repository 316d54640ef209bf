"""Images in the order of their split: in memory, or in files if they are many.

A file is mapped, so that the system keeps as much of it in memory as there is room for.
"""

import hashlib

import numpy as np
import psutil

from vae_utils import files
from vae_utils.datasets.pictures import place
from vae_utils.datasets.pictures.splitting import SPLITS
from vae_utils.memory import check_fits
from vae_utils.status import Status

SHARE = 0.25  # of the memory that is free, above which images stay in files
STEP = 256  # images that are copied at a time


def arrange(images: np.ndarray, digests: list[str], orders: list) -> list[np.ndarray]:
    """Returns the images of each split.

    Args:
        images: uint8, all of them.
        digests: of each image.
        orders: for each of `SPLITS`, the indices of its images.

    Returns:
        For each split, its images; mapped from files if together they need more than
        `SHARE` of the memory that is free.
    """
    if images.nbytes <= SHARE * psutil.virtual_memory().available:
        return [images[order] for order in orders]
    names = [_name(digests, order) for order in orders]
    folder = place.find()
    paths = [folder and folder / name for name in names]
    if not all(
        path and _is_there(path, images, len(order))
        for path, order in zip(paths, orders, strict=True)
    ):
        with place.writable() as (folder, kept):
            if not kept:
                check_fits(images.nbytes, f"{len(images):,} images", "use smaller ones")
                return [images[order] for order in orders]
            paths = [folder / name for name in names]
            place.check_space(folder, images.nbytes)
            _write(images, orders, paths)
    return [np.load(path, mmap_mode="c") for path in paths]


def _name(digests, order):
    """Names a file for its contents."""
    contents = "".join(digests[i] for i in order).encode()
    return f"split-{hashlib.sha256(contents).hexdigest()[:32]}.npy"


def _is_there(path, images, count):
    """Tells whether a file has as many images as were written."""
    try:
        return np.load(path, mmap_mode="r").shape == (count, *images.shape[1:])
    except (OSError, ValueError):
        return False


def _write(images, orders, paths):
    """Writes a file for each split."""
    status = Status()
    for name, order, path in zip(SPLITS, orders, paths, strict=True):
        status.update(f"Sorting {len(order):,} images of the split {name}")
        header = {"descr": "|u1", "fortran_order": False}
        shape = (len(order), *images.shape[1:])
        with files.written_whole(path) as stream:
            np.lib.format.write_array_header_1_0(stream, header | {"shape": shape})
            for start in range(0, len(order), STEP):
                stream.write(images[order[start : start + STEP]].tobytes())
    status.finish(f"Sorted {len(images):,} images into splits")
