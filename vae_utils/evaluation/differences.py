"""When a difference between two numbers is more than noise: thresholds from t."""

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from vae_utils.checks import check_positive_integer, is_finite_number

CONFIDENCE = 0.95  # two-sided


class Difference(NamedTuple):
    """A difference of two means, measured on the same images or seeds.

    Args:
        mean: of the first minus the second.
        margin: half the width of the confidence interval around it.
        p_value: two-sided, of no difference at all.
    """

    mean: float
    margin: float
    p_value: float


def smallest_difference(
    values, *, first: int = 1, second: int = 1, confidence: float = CONFIDENCE
) -> float:
    """Computes how far two runs must differ to be more than noise between seeds.

    The spread of a run is estimated from n seeds of one protocol, and assumed equal
    for both. Of one run against one it is t · √2 · s with n − 1 degrees of freedom:
    with three seeds 6.1 s, not "three times".

    Args:
        values: the number of each seed, shape (n,), at least two; or a list of several
            such lists, of protocols whose spread is assumed equal, and then pooled.
        first: runs whose mean is the first of the two numbers, none among the n; with
            the n seeds' own mean, `first=n` and s counts both.
        second: runs of the other.
        confidence: of the two-sided threshold.

    Returns:
        t · s · √(1 / first + 1 / second), in the unit of `values`. Pooled, s² is the
        mean of the variances, weighted by their degrees of freedom, which add up.

    Raises:
        ValueError: if an argument does not fit.

    Source:
        Student (1908), "The probable error of a mean", Biometrika 6(1).
    """
    several = len(values) > 0 and all(np.ndim(each) for each in values)
    groups = [
        _check_values(each, "values", confidence)
        for each in (values if several else [values])
    ]
    for name, count in (("first", first), ("second", second)):
        check_positive_integer(count, name, "the runs that a mean is taken over")
    freedom = sum(len(each) - 1 for each in groups)
    squares = sum((len(each) - 1) * each.var(ddof=1) for each in groups)
    spread = math.sqrt(squares / freedom * (1 / first + 1 / second))
    return float(_find_t(freedom, confidence) * spread)


def compare_paired(first, second, *, confidence: float = CONFIDENCE) -> Difference:
    """Compares two models on the same images, or two protocols on the same seeds.

    What images have in common cancels: the error of the difference is often a tenth of
    that of either mean. It says nothing of other seeds if each model has one.

    Args:
        first: one number for each image, shape (n,), at least two.
        second: those of the other model, of the same images in the same order.
        confidence: of the interval.

    Returns:
        The mean difference, its margin, and the p-value of a paired t-test.

    Raises:
        ValueError: if an argument does not fit.
    """
    first, second = (
        _check_values(values, name, confidence)
        for name, values in (("first", first), ("second", second))
    )
    if first.shape != second.shape:
        raise ValueError(
            "Pairs need as many numbers of one as of the other. "
            f"Received: {len(first)} and {len(second)}"
        )
    apart, freedom = first - second, len(first) - 1
    mean, error = float(apart.mean()), apart.std(ddof=1) / math.sqrt(len(apart))
    margin = float(_find_t(freedom, confidence) * error)
    if error == 0:
        return Difference(mean, margin, 1.0 if mean == 0 else 0.0)
    p_value = 2 * special.stdtr(freedom, -abs(mean / error))
    return Difference(mean, margin, float(p_value))


def _find_t(freedom, confidence):
    return special.stdtrit(freedom, 0.5 + confidence / 2)


def _check_values(values, name, confidence):
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all():
        raise ValueError(
            f"{name} must be at least two finite numbers. Received: {name}={values}"
        )
    if not (is_finite_number(confidence) and 0 < confidence < 1):
        raise ValueError(
            "confidence must be above 0 and below 1. "
            f"Received: confidence={confidence!r}"
        )
    return values
