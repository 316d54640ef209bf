"""What varies from sprite to sprite, and what of it can be seen."""

import numpy as np

from vae_utils.datasets.factors import Factor, draw_combinations

PLACES = tuple(round(0.22 + 0.56 * i / 31, 3) for i in range(32))
#: Hue → red, green and blue, each 0 or 1.
HUES = {
    "red": (1, 0, 0),
    "yellow": (1, 1, 0),
    "green": (0, 1, 0),
    "cyan": (0, 1, 1),
    "blue": (0, 0, 1),
    "magenta": (1, 0, 1),
}
#: Scale is relative to the largest sprite. Rotation is anticlockwise. Places are those
#: of the centre, as a share of the side, from the left and from the top.
FACTORS = (
    Factor("shape", ("square", "ellipse", "heart")),
    Factor("scale", (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)),
    Factor("rotation", tuple(range(0, 360, 9)), "°"),
    Factor("x", PLACES),
    Factor("y", PLACES),
)
COLOUR_FACTORS = (*FACTORS, Factor("hue", tuple(HUES)))
#: For each shape, how many rotations there are until it looks as before.
PERIODS = np.array([10, 20, 40])


def draw(rng: np.random.Generator, count: int, *, colour: bool = False) -> np.ndarray:
    """Draws combinations of factors at random, to be rendered.

    Args:
        rng: source of randomness.
        count: number of sprites.
        colour: whether they have a hue.

    Returns:
        Integers, shape (count, 5), or (count, 6) with a hue, the index of a value for
        each factor.
    """
    return draw_combinations(rng, count, COLOUR_FACTORS if colour else FACTORS)


def visible(combinations) -> np.ndarray:
    """Gives sprites that look the same the same row.

    Args:
        combinations: integers, shape (n, 5) or (n, 6).

    Returns:
        A copy, where the rotation is the first with which the shape looks like that.
    """
    rows = np.array(combinations)
    rows[:, 2] %= PERIODS[rows[:, 0]].astype(rows.dtype)
    return rows
