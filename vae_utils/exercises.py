"""Checks of a reader's answers: right, not yet answered, or what to look at."""

import dataclasses
from collections.abc import Callable

import numpy as np


@dataclasses.dataclass(frozen=True, repr=False)
class Verdict:
    """Says in one sentence how an answer stands.

    Args:
        right: True or False; None while there is no answer.
        text: the sentence shown to the reader.
    """

    right: bool | None
    text: str

    def __repr__(self):
        return self.text


def check(answer, is_right: Callable, hint: str) -> Verdict:
    """Checks an answer.

    Args:
        answer: the reader's; `...` stands for none yet.
        is_right: predicate of the answer.
        hint: sentence that says what to look at when the answer is wrong.

    Returns:
        The verdict; a notebook shows it as text.
    """
    if answer is ...:
        return Verdict(None, "Not answered yet: replace the ... above and run again.")
    try:
        right = bool(is_right(answer))
    except Exception as error:  # the reader's code can fail in any way
        reason = f"{type(error).__name__}: {error}"
        return Verdict(False, f"The check could not use this answer ({reason}). {hint}")
    return Verdict(right, "Right." if right else f"Not yet. {hint}")


def close_to(expected, *, tolerance: float) -> Callable:
    """Makes a predicate: the same shape, and every number within `tolerance`.

    Args:
        expected: number or array.
        tolerance: largest absolute difference allowed.

    Returns:
        Predicate of an answer.
    """

    def is_close(answer):
        answer = np.asarray(answer, dtype=float)
        same_shape = answer.shape == np.shape(expected)
        return same_shape and np.allclose(answer, expected, rtol=0, atol=tolerance)

    return is_close
