"""Small grey versions of pictures, computed in whole numbers.

Sums of floating-point numbers depend on their order, and so on the machine; what looks
alike, and with it the split of a data set, must not.
"""

import numpy as np

SIDE = 16  # pixels of a thumbnail
STEP = 512  # pictures at a time


def describe(images: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Computes difference hashes and thumbnails.

    Args:
        images: uint8, shape (n, height, width) or (n, height, width, channels).
        chosen: indices of the images to describe.

    Returns:
        uint64 (m,), whose bits say where a row of 9 areas becomes brighter to the
        right; and thumbnails, float32 (m, 256), whole numbers 0 … 255.
    """
    hashes, thumbnails = [], []
    for start in range(0, len(chosen), STEP):
        x = images[chosen[start : start + STEP]].astype(np.float64)
        x = x if x.ndim == 3 else x.sum(axis=-1)
        areas, _ = add_areas(x, 8, 9)
        bits = (areas[:, :, 1:] > areas[:, :, :-1]).reshape(len(x), 64)
        hashes.append(np.packbits(bits, axis=1).view(np.uint64)[:, 0])
        sums, weight = add_areas(x, SIDE, SIDE)
        weight *= images.shape[3] if images.ndim == 4 else 1
        means = (sums + weight // 2) // weight
        thumbnails.append(means.reshape(len(x), -1).astype(np.float32))
    return np.concatenate(hashes), np.concatenate(thumbnails)


def add_areas(x: np.ndarray, height: int, width: int) -> tuple[np.ndarray, int]:
    """Adds the pixels of equal areas, which share pixels where they do not divide.

    Args:
        x: whole numbers as float64, shape (n, rows, columns).
        height: number of areas, one above the other.
        width: number of areas side by side.

    Returns:
        Weighted sums, whole numbers, shape (n, height, width); and the weight of an
        area, by which a mean is divided.
    """
    rows, columns = _weigh(x.shape[1], height), _weigh(x.shape[2], width)
    return rows @ x @ columns.T, x.shape[1] * x.shape[2]


def _weigh(pixels, areas):
    """Counts, in parts of a pixel, what each area covers; a row sums to `pixels`."""
    begin = pixels * np.arange(areas)[:, None]
    here = areas * np.arange(pixels)
    covered = np.minimum(begin + pixels, here + areas) - np.maximum(begin, here)
    return np.clip(covered, 0, None).astype(np.float64)
