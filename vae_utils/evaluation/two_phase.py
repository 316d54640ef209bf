"""Two-phase sampling: a cheap number of every image, a dear one of some of them."""

import math
from typing import NamedTuple

import numpy as np


class TwoPhase(NamedTuple):
    """A mean over all images, most of which were measured in the cheap way only.

    Args:
        mean: estimate of what the dear way would give on all images.
        error: standard error of `mean` as an estimate of that.
    """

    mean: float
    error: float


def combine_two_phase(cheap, dear, rows) -> TwoPhase:
    """Corrects the mean of a cheap number by what a dear one says of some images.

    Args:
        cheap: number of each image, shape (n,), such as an NLL with K = 500.
        dear: better number of some of them, shape (m,), at least two, such as an NLL
            with K = 5,000.
        rows: which images these are: a slice or indices of `cheap`.

    Returns:
        mean(cheap) + mean(dear − cheap), with its standard error, s √(1/m − 1/n), where
        s is the standard deviation of the m differences.

    Raises:
        ValueError: if the shapes do not fit.

    Source:
        Cochran (1977), "Sampling Techniques", 7.5 and 12: a difference estimator.
    """
    cheap, dear = np.asarray(cheap, dtype=float), np.asarray(dear, dtype=float)
    some = cheap[rows]
    if cheap.ndim != 1 or some.shape != dear.shape or len(dear) < 2:
        raise ValueError(
            "The dear numbers must be those of the images that rows selects, at least "
            f"two. Received: {some.shape} selected, dear.shape={dear.shape}"
        )
    apart = dear - some
    error = apart.std(ddof=1) * math.sqrt(1 / len(dear) - 1 / len(cheap))
    return TwoPhase(float(cheap.mean() + apart.mean()), float(error))
