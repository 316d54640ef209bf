"""A distribution with all its mass at one point: the code of an autoencoder."""

from typing import NamedTuple


class Point(NamedTuple):
    """One code for each example, without any noise.

    Args:
        mean: the codes, shape (batch, latent_dim), tensor or array.
    """

    mean: object
