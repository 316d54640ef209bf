"""The sprites of the playground: upright ones, of which no two are the same."""

import numpy as np

from vae_utils.datasets import sprites
from vae_utils.datasets.sprites.rendering import RADIUS

SIZE = 20  # pixels of a rendered sprite, whose middle is taken
SMALLEST = 0.6  # scale: what is smaller has no shape at this size
SEED = 2016  # of the order
PARTS = (  # of the image where a sprite can be
    *("top left", "top", "top right", "left", "centre"),
    *("right", "bottom left", "bottom", "bottom right"),
)


def draw(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws all of them in a random order, and takes the images' middle.

    A shape that is turned cannot be told from another one at this size.

    Args:
        side: pixels along an edge of the middle.

    Returns:
        Images, uint8, shape (n, side, side), and indices into `PARTS`, shape (n,).
    """
    rows = _list_sprites(side)
    # NumPy promises that these raw numbers never change.
    order = np.argsort(np.random.PCG64(SEED).random_raw(len(rows)), kind="stable")
    rows = rows[order]
    edge = (SIZE - side) // 2
    return sprites.render(rows, SIZE)[:, edge:-edge, edge:-edge], _find_parts(rows)


def _list_sprites(side):
    """Lists the combinations of factors that can be drawn, one in a row."""
    _, scale, rotation, place, _ = (np.array(f.values) for f in sprites.FACTORS)
    # How far from the middle the largest sprite can be without being cut off.
    reach = side / SIZE / 2 - RADIUS
    choices = [
        np.arange(len(sprites.FACTORS[0].values)),
        np.flatnonzero(scale >= SMALLEST),
        np.flatnonzero(rotation == 0),
        np.flatnonzero(np.abs(place - 0.5) <= reach),
        np.flatnonzero(np.abs(place - 0.5) <= reach),
    ]
    return np.stack(np.meshgrid(*choices, indexing="ij"), axis=-1).reshape(-1, 5)


def _find_parts(rows):
    """Finds the part of the image where a sprite is, an index into `PARTS`."""
    places = rows[:, 3:] - rows[:, 3:].min(axis=0)
    across, down = (3 * (2 * places + 1) // (2 * (places.max(axis=0) + 1))).T
    return (3 * down + across).astype(np.uint8)
