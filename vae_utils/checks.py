"""Checks of arguments that several modules share."""

import math
import numbers
from collections.abc import Sequence

import numpy as np


def is_positive_integer(value) -> bool:
    """Tells whether `value` is a whole number above zero (True and False are not)."""
    is_integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return is_integer and value > 0


def is_finite_number(value) -> bool:
    """Tells whether `value` is a finite number (True and False are not)."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def check_positive_integer(value, name: str, meaning: str):
    """Raises ValueError, naming the argument, unless `value` is a positive integer.

    Args:
        value: of the argument.
        name: of the argument.
        meaning: completes the sentence "name must be a positive integer, …".

    Raises:
        ValueError: if `value` is anything else.
    """
    if not is_positive_integer(value):
        raise ValueError(
            f"{name} must be a positive integer, {meaning}. Received: {name}={value!r}"
        )


def check_finite(values: np.ndarray, name: str):
    """Raises ValueError, naming the argument, if an array holds NaN or infinity."""
    if not np.isfinite(values).all():
        count = np.count_nonzero(~np.isfinite(values))
        raise ValueError(
            f"{name} must be finite. Received: {count} values that are not"
        )


def check_widths(widths, name: str = "hidden"):
    """Raises ValueError unless `widths` is a sequence of positive integers."""
    is_sequence = isinstance(widths, Sequence) and not isinstance(widths, str)
    if not is_sequence or not all(map(is_positive_integer, widths)):
        raise ValueError(
            f"{name} must be a sequence of positive integers, one width per layer, "
            f"such as (64, 32). Received: {name}={widths!r}"
        )


def check_labels(labels, count: int, classes: int = 10) -> np.ndarray:
    """Returns labels as int32, one per example.

    Args:
        labels: of `count` examples.
        count: number of examples.
        classes: number of classes.

    Returns:
        int32 array, shape (count,).

    Raises:
        ValueError: if `labels` are not integers 0 … classes − 1, one per example.
    """
    labels = np.asarray(labels)
    if labels.shape != (count,) or not np.issubdtype(labels.dtype, np.integer):
        hint = " (one-hot rows? take their argmax)" if labels.ndim == 2 else ""
        raise ValueError(
            f"Labels must be integers, one per example{hint}. Received: {count} "
            f"examples, labels of shape {labels.shape} and dtype {labels.dtype}"
        )
    if count and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"Labels must be 0 … {classes - 1}. Received: labels from {labels.min()} "
            f"to {labels.max()}"
        )
    return labels.astype(np.int32)
