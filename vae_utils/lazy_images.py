"""Images that are converted to float32 as they are needed, never all at once.

Four bytes for each value of a large split may be more memory than there is. Whoever
takes rows of these gets what the conversion of all images would have there.
"""

import math
from collections.abc import Callable

import numpy as np

from vae_utils.dequantisation import check_dequantisation, fill_cells
from vae_utils.pixels import as_images, check_binarisation, check_shape, convert

DRAWN_AT_ONCE = 2  # float32 numbers from one step of NumPy's generator


class LazyImages:
    """Images, of which rows are converted when they are taken.

    Args:
        images: checked, shape (n, height, width, channels).
        convert: function of some images and of the numbers of their rows that returns
            float32 of the same shape.
    """

    def __init__(self, images: np.ndarray, convert: Callable):
        self._images, self._convert = images, convert

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Shape of all images, (n, height, width, channels)."""
        return self._images.shape

    def __len__(self):
        return len(self._images)

    def __getitem__(self, rows) -> np.ndarray:
        return self._convert(self._images[rows], np.arange(len(self))[rows])


def to_unit_interval(images, image_shape=None) -> LazyImages:
    """Converts images as `pixels.to_unit_interval` does, when they are taken.

    Args:
        images: as for that function; `LazyImages` stay as they are.
        image_shape: (height, width, channels) that a network takes; None allows any.

    Raises:
        ValueError: as that function does.
    """
    if not isinstance(images, LazyImages):
        images = LazyImages(as_images(images), lambda x, _: convert(x))
    check_shape(images, image_shape)
    return images


def dequantise(images, kind: str, seed: int) -> LazyImages:
    """Spreads bytes over their cells, as `dequantisation.dequantise` does.

    Args:
        images: uint8, shape (n, height, width) or (n, height, width, channels).
        kind: one of `DEQUANTISATIONS`; with "none", images are those of
            `to_unit_interval`.
        seed: int, of the noise.

    Raises:
        ValueError: if there is no such kind, or the images are not bytes.
    """
    images = as_images(images)
    check_dequantisation(kind, images)
    if kind == "none":
        return to_unit_interval(images)
    return LazyImages(
        images, lambda x, rows: fill_cells(x, draw_uniform(seed, rows, x.shape[1:]))
    )


def binarise(images, kind: str, seed: int) -> LazyImages:
    """Turns every value into 0 or 1, as `pixels.binarise` does.

    Args:
        images: as for that function.
        kind: one of `pixels.BINARISATIONS`.
        seed: int; the same seed gives the same draw.
    """
    check_binarisation(kind)
    if kind == "none":
        return to_unit_interval(images)

    def choose(x, rows):
        dynamic = kind == "dynamic"
        u = draw_uniform(seed, rows, x.shape[1:]) if dynamic else np.float32(0.5)
        return (u < convert(x) if dynamic else u <= convert(x)).astype(np.float32)

    return LazyImages(as_images(images), choose)


def draw_uniform(seed: int, rows: np.ndarray, shape) -> np.ndarray:
    """Draws some rows of `default_rng(seed).random((n, *shape), float32)`.

    Args:
        seed: int.
        rows: numbers of rows, ints, one or more.
        shape: of a row.

    Returns:
        float32, of that shape behind a first axis of the rows.
    """
    size, first = math.prod(shape), int(rows.min())
    count = int(rows.max()) + 1 - first
    rng = np.random.default_rng(seed)
    steps, extra = divmod(first * size, DRAWN_AT_ONCE)
    rng.bit_generator.advance(steps)
    drawn = rng.random(extra + count * size, dtype=np.float32)[extra:]
    return drawn.reshape(count, *shape)[rows - first]
