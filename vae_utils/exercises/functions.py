"""Checks a function that the reader has written, by its values."""

import dis
import re
from collections.abc import Callable, Sequence

import numpy as np

from vae_utils.exercises import explanations
from vae_utils.exercises.verdicts import UNANSWERED, Verdict

BLANK = "Not filled in yet: replace the ... and run again."
RELATIVE = 1e-5  # float32 keeps about seven digits of a large sum
# What Python compiles `...` alone to; constants that nobody uses are left out.
NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
LONGEST = 200  # characters of an error's message
# What says nothing to a reader: colours of a terminal, and where a library stopped.
NOISE = re.compile(
    r"\x1b\[\d*m"
    r"|\{\{.*?\}\}"
    r"|Exception encountered when calling \S+\(\)\."
    r"|Arguments received by .*"
    r"|\[Op:.*?\]",
    re.DOTALL,
)


def check_function(
    function,
    cases: Sequence,
    expected: Callable,
    mistakes: dict[str, Callable] | None = None,
    otherwise: str = "",
    *,
    tolerance: float = 1e-4,
) -> Verdict:
    """Checks a reader's function by its values.

    Args:
        function: the reader's; `...` if there is none yet. One whose body is still
            `...` counts as not filled in.
        cases: for each call a tuple of arguments, or its only argument.
        expected: the right function.
        mistakes: hint → function that makes this mistake. The first whose values are
            the reader's, in all cases, counts.
        otherwise: hint for all other values.
        tolerance: largest absolute difference that counts as equal, besides a
            relative one of 1e-5.

    Returns:
        The verdict, which a notebook shows as text.

    Raises:
        ValueError: if a mistake gives the right values.
    """
    cases = [case if isinstance(case, tuple) else (case,) for case in cases]
    wanted = [_compute(expected, case) for case in cases]
    wrong = _compute_mistakes(mistakes or {}, cases, wanted, tolerance)
    if function is ...:
        return Verdict(None, UNANSWERED)
    if not callable(function):
        text = "The check wants the function itself, without parentheses."
        return Verdict(False, f"{text} Received: {type(function).__name__}")
    found = []
    for case, right in zip(cases, wanted, strict=True):
        values, problem = _call(function, case, right)
        if problem:
            return problem
        found.append(values)
    for hint, values in wrong.items():
        if _agree(found, values, tolerance):
            return Verdict(False, f"Not yet. {hint}")
    return _compare(found, wanted, otherwise, tolerance)


def _compute(function, case):
    """Returns the values of one call, as floats."""
    return explanations.read(function(*_copy(case))).astype(float)


def _copy(case):
    """Copies arrays among arguments, which a function may change."""
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in case)


def _compute_mistakes(mistakes, cases, wanted, tolerance):
    """Returns hint → values in all cases, of functions that make a mistake."""
    wrong = {}
    for hint, mistake in mistakes.items():
        wrong[hint] = [_compute(mistake, case) for case in cases]
        if _agree(wrong[hint], wanted, tolerance):
            raise ValueError(
                "A mistake must differ from the right function in some case. "
                f"Received: {hint!r}"
            )
    return wrong


def _call(function, case, wanted):
    """Returns the values of one call, or the verdict that ends the check."""
    try:
        result = function(*_copy(case))
    except Exception as error:  # the reader's code may raise anything
        return None, _explain_error(error, case)
    if result is ... or (result is None and _is_blank(function)):
        return None, Verdict(None, BLANK)
    if result is None:
        return None, Verdict(False, _explain_none(function))
    if text := explanations.explain_several(result, wanted.shape):
        return None, Verdict(False, f"Your function returns {text}")
    if text := explanations.explain_type(result, wanted.shape, is_logical=True):
        return None, Verdict(False, f"Your function does not return numbers. {text}")
    return explanations.read(result).astype(float), None


def _explain_none(function):
    """Says that a function returns nothing, and whether it prints instead."""
    names = getattr(getattr(function, "__code__", None), "co_names", ())
    text = "Your function returns None: end it with return."
    return f"{text} What it prints is not returned." if "print" in names else text


def _is_blank(function):
    """Returns whether a function's body can only be `...`: it computes nothing."""
    code = getattr(function, "__code__", None)
    return code is not None and NOTHING.issuperset(
        instruction.opname for instruction in dis.get_instructions(code)
    )


def _explain_error(error, case):
    """Returns what stopped the reader's function, and the shapes of its arguments."""
    text = " ".join(NOISE.sub(" ", str(error)).split())
    if "ellipsis" in text:  # an operation on a ... that is still there
        return Verdict(None, BLANK)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    try:
        shapes = " and ".join(str(explanations.read(a).shape) for a in case)
    except Exception:  # an argument that has no shape
        shapes = ""
    hint = f" Its arguments had shapes {shapes}." if shapes else ""
    return Verdict(
        False, f"Your function stopped with {type(error).__name__}: {text}.{hint}"
    )


def _agree(some, others, tolerance):
    """Returns whether two lists of arrays are equal in shapes and values."""
    return all(
        one.shape == other.shape
        and np.allclose(one, other, rtol=RELATIVE, atol=tolerance, equal_nan=True)
        for one, other in zip(some, others, strict=True)
    )


def _compare(found, wanted, otherwise, tolerance):
    """Returns the verdict on values that no known mistake gives."""
    if _agree(found, wanted, tolerance):
        count = len(wanted)
        return Verdict(True, f"Right: {count} inputs tried." if count > 1 else "Right.")
    for values, right in zip(found, wanted, strict=True):
        if text := explanations.explain_shape(values.shape, right.shape):
            return Verdict(False, " ".join(filter(None, ("Not yet.", text, otherwise))))
    one, other = (np.concatenate([np.ravel(v) for v in all]) for all in (found, wanted))
    slip = explanations.explain_slip(one, other, tolerance)
    near = np.isclose(one, other, rtol=RELATIVE, atol=tolerance)
    first = int(np.argmin(near))
    given, right = (_show(numbers[first]) for numbers in (one, other))
    numbers = f"It gives {given} where {right} is wanted."
    parts = filter(None, ("Not yet.", slip, otherwise, numbers))
    return Verdict(False, " ".join(parts))


def _show(number):
    """Writes four digits, or a large number without an exponent."""
    is_large = 1e4 <= abs(number) < 1e9
    return f"{number:,.1f}" if is_large else f"{number:.4g}"
