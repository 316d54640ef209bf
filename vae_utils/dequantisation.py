"""Dequantisation: bytes spread over their cells, so that a density can model them.

A density at a byte's own value can be made as large as one likes, by a peak as narrow
as one likes. A cell has a width: the integral of a density over it is a probability.
"""

import numpy as np

DEQUANTISATIONS = ("none", "uniform")
LEVELS = 256  # of a byte
LARGEST = 1 - 2**-16  # of u: rounding must not carry a value into the next cell


def check_dequantisation(kind: str, images, binarisation: str = "none"):
    """Raises ValueError unless images can be dequantised so.

    Args:
        kind: one of `DEQUANTISATIONS`.
        images: array; only bytes have cells.
        binarisation: of the same images.
    """
    if kind not in DEQUANTISATIONS:
        raise ValueError(
            f"dequantisation must be one of {DEQUANTISATIONS}. Received: {kind!r}"
        )
    check_one_of_both(kind, binarisation)
    if kind != "none":
        check_bytes(images)


def check_one_of_both(dequantisation: str, binarisation: str):
    """Raises ValueError if images are to be both dequantised and binarised."""
    if "none" not in (dequantisation, binarisation):
        raise ValueError(
            "Images can be dequantised or binarised, not both. Received: "
            f"dequantisation={dequantisation!r}, binarisation={binarisation!r}"
        )


def check_bytes(images):
    """Raises ValueError unless the values of an array are bytes."""
    if images.dtype != np.uint8:
        raise ValueError(
            f"Only bytes have cells to fill. Received: dtype={images.dtype}"
        )


def dequantise(images, seed: int = 0) -> np.ndarray:
    """Spreads bytes over their cells: k becomes (k + u) / 256, u uniform on [0, 1).

    Papers call it uniform dequantisation. Draw the noise anew for each use of an image
    in training (`pipeline.training_batches` does), and once for evaluation.

    Args:
        images: uint8 array of any shape.
        seed: int, of the noise.

    Returns:
        float32 array of that shape, from 0 to below 1.

    Raises:
        ValueError: if the images are not bytes.

    Source:
        Theis, van den Oord and Bethge (2016), https://arxiv.org/abs/1511.01844, section
        3.1.
    """
    images = np.asarray(images)
    check_bytes(images)
    u = np.random.default_rng(seed).random(images.shape, dtype=np.float32)
    return fill_cells(images, u)


def fill_cells(images, u) -> np.ndarray:
    """Moves bytes k to (k + u) / 256, float32, where u is from 0 to below 1."""
    return (images + np.minimum(u, np.float32(LARGEST))) / np.float32(LEVELS)
