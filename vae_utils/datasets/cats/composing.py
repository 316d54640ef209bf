"""Composes cats: a sheet of parts, laid on each other in batches."""

import functools
import hashlib
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_utils.datasets.cats.parts import FACTORS
from vae_utils.datasets.factors import check_combinations

SHEET = Path(__file__).parent / "sheet.png"
SHA256 = "304be130f5a96a326a873d786c1510475fe184383587a406b5d80a184641ccaf"
SIDE = 64  # pixels of a part on the sheet
SIZES = (32, SIDE)
WHITE = 255.0
BATCH = 32  # images composed at a time, few enough for a processor's cache


class Layer(NamedTuple):
    """All parts of one kind, cut to the rectangle outside which none has anything.

    Args:
        rows: of that rectangle.
        columns: of that rectangle.
        kept: share of what lies below that is seen, shape (parts, height, width, 1).
        added: colour times opacity, in 0 … 255, shape (parts, height, width, 3).
    """

    rows: slice
    columns: slice
    kept: np.ndarray
    added: np.ndarray

    def lay(self, images: np.ndarray, parts: np.ndarray):
        """Lays one part on each image, in place."""
        below = images[:, self.rows, self.columns]
        below *= self.kept[parts]
        below += self.added[parts]


def compose(combinations, size: int = 32) -> np.ndarray:
    """Composes cats.

    Args:
        combinations: integers, shape (n, 5): for each of `FACTORS`, the index of a
            value.
        size: pixels of each side, 32 or 64.

    Returns:
        Images, uint8, shape (n, size, size, 3), the same on every machine.

    Raises:
        ValueError: if a value is invalid.
    """
    if size not in SIZES:
        raise ValueError(f"The size of cats must be 32 or 64. Received: size={size!r}")
    rows = check_combinations(combinations, FACTORS)
    coats, layers = _prepare(size)
    images = np.empty((len(rows), size, size, 3), np.uint8)
    for start in range(0, len(rows), BATCH):
        body, fur, *others = rows[start : start + BATCH].T
        batch = coats[body, fur]
        for layer, parts in zip(layers, others, strict=True):
            layer.lay(batch, parts)
        images[start : start + BATCH] = batch + 0.5  # rounds: the rest is cut off
    return images


@functools.cache
def _prepare(size):
    """Returns every body with every fur, on white, and the other layers."""
    body, fur, *others = (_make_layer(parts) for parts in read_parts(size))
    coats = np.full((len(body.kept), len(fur.kept), size, size, 3), WHITE)
    for images, part in zip(coats, range(len(body.kept)), strict=True):
        body.lay(images, np.full(len(images), part))
        fur.lay(images, np.arange(len(images)))
    return coats, others


def read_parts(size: int = SIDE) -> list[np.ndarray]:
    """Reads the parts on the sheet.

    Args:
        size: pixels of each side, 32 or 64.

    Returns:
        For each of `FACTORS`, its parts in 0 … 255, shape (values, size, size, 4): red,
        green and blue, each multiplied by the opacity, and the opacity.

    Raises:
        ValueError: if the sheet is not the one that belongs to this version.
    """
    from PIL import Image

    data = SHEET.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(
            "The sheet of cats is damaged: install this package again. "
            f"Received: {SHEET.name} with other contents"
        )
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    step = SIDE // size
    blocks = pixels.reshape(len(FACTORS), size, step, -1, size, step, 4)
    parts = blocks.mean(axis=(2, 5)).swapaxes(1, 2)
    counts = [len(factor.values) for factor in FACTORS]
    return [row[:count] for row, count in zip(parts, counts, strict=True)]


def _make_layer(parts):
    """Cuts parts to where any of them has something."""
    seen = parts[..., 3].any(axis=0)
    rows, columns = (_span(seen.any(axis=axis)) for axis in (1, 0))
    cut = parts[:, rows, columns]
    return Layer(rows, columns, 1 - cut[..., 3:] / WHITE, cut[..., :3].copy())


def _span(seen):
    """Returns the slice from the first to the last that is seen."""
    (places,) = np.nonzero(seen)
    return slice(places[0], places[-1] + 1)
