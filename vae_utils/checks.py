"""Checks of arguments that several modules share."""

import math
import numbers
from collections.abc import Sequence


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


def check_widths(hidden):
    """Raises ValueError unless `hidden` is a sequence of positive integers."""
    is_sequence = isinstance(hidden, Sequence) and not isinstance(hidden, str)
    if not is_sequence or not all(map(is_positive_integer, hidden)):
        raise ValueError(
            "hidden must be a sequence of positive integers, one width per hidden "
            f"layer, such as (500, 500). Received: hidden={hidden!r}"
        )
