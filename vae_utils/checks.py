"""Argument checks shared by several modules."""

import math
import numbers
from collections.abc import Sequence

import numpy as np


def is_positive_integer(value) -> bool:
    """Returns whether `value` is an integer above zero (booleans do not count)."""
    is_integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return is_integer and value > 0


def is_finite_number(value) -> bool:
    """Returns whether `value` is a finite number (booleans do not count)."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def check_positive_integer(value, name: str, meaning: str):
    """Raises ValueError, naming the argument, unless `value` is a positive integer.

    Args:
        value: value of the argument.
        name: name of the argument.
        meaning: what it counts; ends the sentence "name must be a positive integer, …".

    Raises:
        ValueError: if `value` is not a positive integer.
    """
    if not is_positive_integer(value):
        raise ValueError(
            f"{name} must be a positive integer, {meaning}. Received: {name}={value!r}"
        )


def check_finite(values: np.ndarray, name: str):
    """Raises ValueError, naming the argument, if a value is NaN or infinite."""
    if not np.isfinite(values).all():
        count = np.count_nonzero(~np.isfinite(values))
        raise ValueError(
            f"{name} must be finite. Received: {count} values that are NaN or infinite"
        )


def check_widths(widths, name: str = "hidden"):
    """Raises ValueError unless `widths` is a sequence of positive integers."""
    is_sequence = isinstance(widths, Sequence) and not isinstance(widths, str)
    if not is_sequence or not all(map(is_positive_integer, widths)):
        raise ValueError(
            f"{name} must be a sequence of positive integers, one width per layer, "
            f"such as (64, 32). Received: {name}={widths!r}"
        )


def as_array(values, name: str) -> np.ndarray:
    """Makes an array; raises ValueError if its rows differ in shape."""
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(
            f"{name} must be an array, or rows of one shape. Received: {error}"
        ) from error


def check_labels(labels, count: int, classes: int | None) -> np.ndarray:
    """Checks labels, one per example, and returns them as int32.

    Args:
        labels: integers, shape (count,).
        count: number of examples.
        classes: number of classes; None allows any number.

    Returns:
        int32 array, shape (count,).

    Raises:
        ValueError: if `labels` are not integers from 0 to classes − 1, one per example.
    """
    labels = as_array(labels, "Labels")
    if labels.shape != (count,) or not np.issubdtype(labels.dtype, np.integer):
        hint = " (one-hot rows? take their argmax)" if labels.ndim == 2 else ""
        raise ValueError(
            f"Labels must be integers, one per example{hint}. Received: {count} "
            f"examples, labels of shape {labels.shape} and dtype {labels.dtype}"
        )
    largest = (2**31 if classes is None else classes) - 1
    if count and not 0 <= labels.min() <= labels.max() <= largest:
        raise ValueError(
            f"Labels must be 0 … {largest}. Received: labels from {labels.min()} "
            f"to {labels.max()}"
        )
    return labels.astype(np.int32)
