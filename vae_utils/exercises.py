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


def check(answer, is_right: Callable, hint: str | Callable) -> Verdict:
    """Checks an answer.

    Args:
        answer: the reader's answer; `...` if there is none yet.
        is_right: function of the answer that returns whether it is right.
        hint: sentence shown if the answer is wrong, or a function that makes one of
            the answer.

    Returns:
        The verdict, which a notebook shows as text.
    """
    if answer is ...:
        return Verdict(None, "Not answered yet: replace the ... above and run again.")
    try:
        right = bool(is_right(answer))
    except Exception as error:  # the reader's code may raise anything
        reason = f"{type(error).__name__}: {error}"
        text = f"The check could not use this answer ({reason}). {_read(hint, answer)}"
        return Verdict(False, text.strip())
    return Verdict(right, "Right." if right else f"Not yet. {_read(hint, answer)}")


def react(mistakes: dict, otherwise: str, *, tolerance: float) -> Callable:
    """Makes a function that chooses the hint by the answer, for `check`.

    Args:
        mistakes: number that a common mistake gives → hint for whoever made it.
        otherwise: hint for all other answers.
        tolerance: largest difference between an answer and the number of a mistake.

    Returns:
        Function of an answer that returns a sentence.
    """

    def choose(answer):
        for number, hint in mistakes.items():
            if close_to(number, tolerance=tolerance)(answer):
                return hint
        return otherwise

    return choose


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


def _read(hint, answer):
    """Returns the hint for an answer; none if a function cannot make one of it."""
    if not callable(hint):
        return hint
    try:
        return hint(answer)
    except Exception:  # the reader's answer may be anything
        return ""
