"""Checks a reader's answers: right, not answered yet, or a hint."""

import dataclasses
from collections.abc import Callable

import numpy as np


@dataclasses.dataclass(frozen=True, repr=False)
class Verdict:
    """States in one sentence whether an answer is right.

    Args:
        right: True or False; None if there is no answer yet.
        text: the sentence shown to the reader.
    """

    right: bool | None
    text: str

    def __repr__(self):
        return self.text


def check(answer, is_right: Callable, hint: str) -> Verdict:
    """Checks an answer.

    Args:
        answer: the reader's answer; `...` if there is none yet.
        is_right: function of the answer that returns whether it is right.
        hint: sentence shown if the answer is wrong.

    Returns:
        The verdict, which a notebook shows as text.
    """
    if answer is ...:
        return Verdict(None, "Not answered yet: replace the ... above and run again.")
    try:
        right = bool(is_right(answer))
    except Exception as error:  # the reader's code may raise anything
        reason = f"{type(error).__name__}: {error}"
        return Verdict(False, f"The check could not use this answer ({reason}). {hint}")
    return Verdict(right, "Right." if right else f"Not yet. {hint}")


def close_to(expected, *, tolerance: float) -> Callable:
    """Makes a function that tells whether an answer is close to a number or array.

    An answer is close if it has the same shape and every number is within `tolerance`.

    Args:
        expected: number or array.
        tolerance: largest absolute difference allowed.

    Returns:
        Function of an answer, for `check`.
    """

    def is_close(answer):
        answer = np.asarray(answer, dtype=float)
        same_shape = answer.shape == np.shape(expected)
        return same_shape and np.allclose(answer, expected, rtol=0, atol=tolerance)

    return is_close
