"""Bits per dimension: what a byte of an image costs to write down, on average.

A model of bytes gives each image a probability, and −log₂ of it is the length of its
code. A density gives none: it becomes a probability of bytes when it is integrated over
the cell of each byte, which a bound does with uniform noise.
"""

import math

import numpy as np

from vae_utils.checks import check_finite
from vae_utils.dequantisation import LEVELS


def bits_per_dimension(nats, image_shape):
    """Converts nats per image to bits per dimension.

    Args:
        nats: −log of a probability of an image of bytes, or a bound on it: a number or
            an array.
        image_shape: (height, width, channels); each value of it is a dimension.

    Returns:
        nats / (height · width · channels · ln 2).

    Raises:
        ValueError: if a number is not finite.
    """
    check_finite(np.asarray(nats, dtype=float), "nats")
    return nats / (math.prod(image_shape) * math.log(2))


def bits_of_density(nats, image_shape):
    """Converts nats of a density, on dequantised images, to bits per dimension.

    The probability of a byte k is the density integrated from k / 256 to (k + 1) / 256.
    Its −log is at most the mean of −log of the density over that cell, plus log 256 for
    the width of the cell.

    Args:
        nats: −log of a density of an image that `dequantise` returned, or a bound on
            it: a number or an array.
        image_shape: (height, width, channels).

    Returns:
        An upper bound on the bits per dimension, 8 more than those of the density.

    Raises:
        ValueError: if a number is not finite.

    Source:
        Theis, van den Oord and Bethge (2016), https://arxiv.org/abs/1511.01844, section
        3.1.
    """
    return bits_per_dimension(nats, image_shape) + math.log2(LEVELS)
