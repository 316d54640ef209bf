"""Pictures of codes: what images look like around a code, on average.

A code has no picture of its own: the decoder makes a place of the image from a code and
its neighbours, and many codes say what is next to them.
"""

import math

import numpy as np
from keras import ops

CODES = 3000  # in the grids that are drawn, about
FEWEST = 16  # grids
GAMMA = 0.6  # below 1, faint lines are brighter


def make_patches(model) -> np.ndarray:
    """Makes a picture of each code, brightened.

    It is a mean over grids that are drawn from the model's prior, decoded, with half a
    cell around the code's own. A code that is not drawn gets that of a grid that is
    filled with it.

    Args:
        model: `models.CodePrior`.

    Returns:
        uint8, shape (codes, height, width, channels).
    """
    count = max(FEWEST, CODES // math.prod(model.grid))
    drawn = model.prior.draw_grids(count, np.random.default_rng(0))
    means, counts = _average(model, drawn)
    codes = np.arange(model.codebook.size, dtype=np.int32)
    rare = codes[counts == 0]
    if len(rare):
        filled = np.repeat(rare, math.prod(model.grid)).reshape(-1, *model.grid)
        means[rare] = _average(model, filled)[0][rare]
    bright = (means / max(means.max(), 1e-6)).clip(0, 1) ** GAMMA
    return (255 * bright).round().astype(np.uint8)


def _average(model, grids):
    """Averages what is around each code in decoded grids; counts each code, too."""
    images = ops.convert_to_numpy(model.decode(model.take_codes(grids)))
    sides = images.shape[1:3]
    sizes = [math.ceil(s / n) for s, n in zip(sides, model.grid, strict=True)]
    margins = [size // 2 for size in sizes]
    high, wide = (s + 2 * m for s, m in zip(sizes, margins, strict=True))
    padding = [(0, 0), *((margin, margin) for margin in margins), (0, 0)]
    padded = np.pad(images, padding, mode="edge")
    counts = np.bincount(grids.ravel(), minlength=model.codebook.size)
    sums = np.zeros((len(counts), high, wide, images.shape[-1]))
    for cell in np.ndindex(*model.grid):
        y, x = (c * s // n for c, s, n in zip(cell, sides, model.grid, strict=True))
        np.add.at(sums, grids[:, *cell], padded[:, y : y + high, x : x + wide])
    return sums / np.maximum(counts, 1)[:, None, None, None], counts
