"""Codes and decoded images that are all alike, in words for a picture's title."""

from typing import NamedTuple

import numpy as np

ROUNDING = 1e-6  # relative to the largest value; a few bits of a float32
LEVEL = 1 / 255  # of grey: images that differ by less look the same


class Collapse(NamedTuple):
    """In how many dimensions the codes of all images are equal, or almost equal.

    Args:
        count: number of such dimensions.
        latent_dim: number of all dimensions.
        equal: whether all codes are equal, in every dimension.
    """

    count: int
    latent_dim: int
    equal: bool

    @property
    def everywhere(self) -> bool:
        """Whether codes differ in no dimension, so that a map of them means nothing."""
        return self.count == self.latent_dim

    @property
    def title(self) -> str:
        """Words for a title; empty if codes differ in every dimension."""
        if self.equal:
            return "collapsed: all codes are equal"
        if self.everywhere:
            return "collapsed: all codes are almost equal"
        if self.count:
            return f"collapsed in {self.count} of {self.latent_dim} dimensions"
        return ""


def find_collapse(z, threshold: float = 0.0) -> Collapse:
    """Finds the dimensions in which all codes are equal, or almost equal.

    Args:
        z: codes, shape (n, latent_dim); all finite.
        threshold: codes are almost equal in a dimension where their variance is no
            larger than this; with 0, only where they are equal up to rounding.

    Returns:
        How many dimensions that are; none of a single code.
    """
    z = np.asarray(z, dtype=np.float64)
    if len(z) < 2:
        return Collapse(0, z.shape[1], equal=False)
    equal = np.ptp(z, axis=0) <= ROUNDING * np.abs(z).max(axis=0)
    collapsed = equal | (z.var(axis=0) <= threshold)
    return Collapse(int(collapsed.sum()), z.shape[1], equal=bool(equal.all()))


def are_same_images(images) -> bool:
    """Tells whether images that were decoded from different codes all look the same.

    Args:
        images: uint8, or float in [0, 1], shape (n, …), n > 0.
    """
    images = np.asarray(images)
    level = 1 if images.dtype == np.uint8 else LEVEL
    return bool((images.max(axis=0) - images.min(axis=0)).max() <= level)
