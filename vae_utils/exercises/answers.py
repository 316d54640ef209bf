"""The right number or array with its tolerance, and hints for likely mistakes."""

import numpy as np

from vae_utils.exercises import explanations


class Close:
    """Tells whether an answer is close to a number or array, and if not, why."""

    def __init__(self, expected, tolerance: float):
        self.expected = np.asarray(expected)
        self.tolerance = tolerance

    def __call__(self, answer) -> bool:
        """Returns whether the answer has the right shape, and all numbers are close."""
        values = explanations.read(answer).astype(float)
        same_shape = values.shape == self.expected.shape
        within = {"rtol": 0, "atol": self.tolerance}
        return same_shape and np.allclose(values, self.expected, **within)

    def explain_type(self, answer) -> str:
        """Returns what is wrong with an answer that is no number or array."""
        is_logical = self.expected.dtype == bool
        return explanations.explain_type(answer, self.expected.shape, is_logical)

    def explain_shape(self, answer) -> str:
        """Returns what is wrong with the answer's shape, if anything."""
        shape = explanations.read(answer).shape
        return explanations.explain_shape(shape, self.expected.shape)

    def holds_values(self, answer) -> bool:
        """Returns whether all numbers are close, whatever the answer's shape."""
        values, wanted = explanations.read(answer).astype(float), self.expected
        same_size = values.size == wanted.size
        return same_size and Close(wanted.ravel(), self.tolerance)(values.ravel())

    def explain_slip(self, answer) -> str:
        """Returns which common slip gives this answer, if one does."""
        values = explanations.read(answer).astype(float)
        return explanations.explain_slip(values, self.expected, self.tolerance)


class Reactions:
    """Chooses a hint by the answer."""

    def __init__(self, mistakes: dict, otherwise: str, tolerance: float):
        self.mistakes = mistakes
        self.otherwise = otherwise
        self.tolerance = tolerance

    def find(self, answer) -> str | None:
        """Returns the hint for whoever made the mistake that gives this answer."""
        for number, hint in self.mistakes.items():
            try:
                if Close(number, self.tolerance)(answer):
                    return hint
            except (TypeError, ValueError):  # no number
                return None
        return None

    def __call__(self, answer) -> str:
        """Returns a hint for any answer."""
        return self.find(answer) or self.otherwise


def close_to(expected, *, tolerance: float) -> Close:
    """Makes a function that tells whether an answer is close to a number or array.

    An answer is close if it has the same shape and every number is within `tolerance`.

    Args:
        expected: number or array.
        tolerance: largest absolute difference allowed.

    Returns:
        Function of an answer, for `check`. With it `check` also explains a wrong type
        or shape, and common slips.
    """
    return Close(expected, tolerance)


def react(mistakes: dict, otherwise: str, *, tolerance: float) -> Reactions:
    """Makes a function that chooses the hint by the answer, for `check`.

    Args:
        mistakes: number that a common mistake gives → hint for whoever made it. The
            first that fits counts.
        otherwise: hint for all other answers.
        tolerance: largest difference between an answer and the number of a mistake.

    Returns:
        Function of an answer that returns a sentence.
    """
    return Reactions(mistakes, otherwise, tolerance)
