"""Renders sprites: the share of each pixel that a shape covers, in batches."""

import numpy as np

from vae_utils.checks import check_positive_integer
from vae_utils.datasets.factors import check_combinations
from vae_utils.datasets.sprites.choices import COLOUR_FACTORS, FACTORS, HUES
from vae_utils.datasets.sprites.shapes import SHAPES

RADIUS = 0.2  # of the largest sprite, as a share of the side
BATCH = 32  # images rendered at a time, few enough for a processor's cache
DIGITS = 6  # of sines and cosines, whose last bits depend on the machine


def render(combinations, size: int = 32) -> np.ndarray:
    """Renders sprites, white or in colour, on black, with smooth edges.

    Args:
        combinations: integers, shape (n, 5): for each of `FACTORS`, the index of a
            value; shape (n, 6) for `COLOUR_FACTORS`.
        size: pixels of each side.

    Returns:
        Images, uint8, shape (n, size, size), or (n, size, size, 3) in colour; the same
        on every machine.

    Raises:
        ValueError: if a value is invalid.
    """
    check_positive_integer(size, "size", "pixels of each side")
    colour = np.shape(combinations)[1:] == (len(COLOUR_FACTORS),)
    rows = check_combinations(combinations, COLOUR_FACTORS if colour else FACTORS)
    grey = np.empty((len(rows), size, size), np.uint8)
    for shape, distance in enumerate(SHAPES):
        (places,) = np.nonzero(rows[:, 0] == shape)
        for start in range(0, len(places), BATCH):
            batch = places[start : start + BATCH]
            grey[batch] = _cover(distance, rows[batch], size)
    if not colour:
        return grey
    hues = np.array(list(HUES.values()), np.uint8)[rows[:, 5]]
    return grey[..., np.newaxis] * hues[:, np.newaxis, np.newaxis]


def _cover(distance, rows, size):
    """Computes the share of each pixel that is covered, in 0 … 255.

    An edge that passes through the middle of a pixel covers half of it, and one half a
    pixel away all of it or nothing.
    """
    scale, rotation, x, y = (
        np.array(factor.values)[column]
        for factor, column in zip(FACTORS[1:], rows.T[1:5], strict=True)
    )
    radius = RADIUS * scale
    angle = np.deg2rad(rotation)
    across, up = _scale(np.cos(angle), radius), _scale(np.sin(angle), radius)
    centres = (np.arange(size) + 0.5) / size
    right = (centres - x[:, np.newaxis]).astype(np.float32)[:, np.newaxis]
    above = (y[:, np.newaxis] - centres).astype(np.float32)[:, :, np.newaxis]
    outside = distance(across * right + up * above, across * above - up * right)
    outside *= (radius * size).astype(np.float32)[:, np.newaxis, np.newaxis]
    return 255 * np.clip(0.5 - outside, 0, 1) + 0.5


def _scale(values, radius):
    """Divides by the radius; returns float32, shape (n, 1, 1)."""
    scaled = np.round(values, DIGITS) / radius
    return scaled.astype(np.float32)[:, np.newaxis, np.newaxis]
