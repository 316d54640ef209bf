"""Checks a class that the reader has written, by what it does."""

from collections.abc import Callable, Sequence

from vae_utils.exercises.functions import check_function
from vae_utils.exercises.verdicts import UNANSWERED, Verdict


def check_subclass(
    answer,
    base: type,
    use: Callable,
    cases: Sequence,
    expected: Callable,
    mistakes: dict[str, Callable] | None = None,
    otherwise: str = "",
    *,
    tolerance: float = 1e-4,
) -> Verdict:
    """Checks a reader's subclass by the values that it computes.

    Args:
        answer: the reader's class; `...` if there is none yet.
        base: the class that it must inherit from.
        use: function of the reader's class and of one case that returns values.
        cases: as for `check_function`.
        expected: function of one case that returns the right values.
        mistakes: as for `check_function`: functions of one case.
        otherwise: hint for all other values.
        tolerance: as for `check_function`.

    Returns:
        The verdict, which a notebook shows as text.

    Raises:
        ValueError: if a mistake gives the right values.
    """
    if answer is ...:
        return Verdict(None, UNANSWERED)
    if not isinstance(answer, type):
        text = "The answer is a class: its name, without parentheses or quotes."
        return Verdict(False, f"{text} Received: {type(answer).__name__}")
    if not issubclass(answer, base):
        name, parent = answer.__name__, base.__name__
        text = f"The class does not inherit from {parent}: class {name}({parent})."
        return Verdict(False, text)

    def compute(*case):
        return use(answer, *case)

    return check_function(
        compute, cases, expected, mistakes, otherwise, tolerance=tolerance
    )
