"""Sentences about an answer's type and shape, and about common slips.

Each function returns an empty text if there is nothing to say.
"""

import itertools
import math
import reprlib

import keras
import numpy as np

BITS = math.log(2)  # nats in a bit
SLIPS = {
    -1: "The size is right, the sign is not.",
    BITS: "This is off by a factor of ln 2: nats or bits?",
    1 / BITS: "This is off by a factor of ln 2: nats or bits?",
    100: "This is 100 times too large: a share, not a percentage?",
    1 / 100: "This is 100 times too small: a percentage, not a share?",
}


def read(answer) -> np.ndarray:
    """Makes an array of numbers, sequences, arrays or tensors of any backend."""
    if keras.ops.is_tensor(answer):
        return keras.ops.convert_to_numpy(answer)
    return np.asarray(answer)


def explain_type(answer, shape: tuple, is_logical: bool = False) -> str:
    """Says what is wrong with an answer that is no number, or no array of numbers.

    Args:
        answer: anything.
        shape: what the check wants; () for one number.
        is_logical: whether True and False are wanted.
    """
    wanted = f"The check wants {describe(shape)}"
    received = f"Received: {reprlib.repr(answer)}"
    if answer is None:
        text = "The answer is None, as print and a function without return give."
        return f"{text} {wanted}."
    if isinstance(answer, str):
        return f"{wanted}, without quotes. {received}"
    if not shape and _is_decimal_comma(answer):
        whole, rest = answer
        text = f"{whole},{rest} are two numbers in Python: write {whole}.{rest}."
        return f"{wanted}. {text}"
    if callable(answer):
        kind = "class" if isinstance(answer, type) else "function"
        name = getattr(answer, "__name__", type(answer).__name__)
        return f"{wanted}, and {name} is a {kind}: call it, and give its result."
    try:
        kind = read(answer).dtype.kind
    except Exception:  # rows of a list, a symbolic tensor, another library's object
        rows = isinstance(answer, list | tuple)
        reason = "The rows differ in length" if rows else "This object has no values"
        return f"{wanted}. {reason}. {received}"
    if kind in "US":
        return f"{wanted}, without quotes. {received}"
    if kind == "b" and not is_logical:
        return f"{wanted}, not True or False. {received}"
    # Keras's bfloat16 has kind V in NumPy.
    return "" if kind in "biufV" else f"{wanted}. {received}"


def _is_decimal_comma(answer):
    """Tells whether an answer is a pair of integers such as 2, 13."""
    is_pair = isinstance(answer, tuple) and len(answer) == 2
    return is_pair and all(type(part) is int for part in answer) and answer[1] >= 0


def explain_several(answer, shape: tuple) -> str:
    """Says that an answer is a tuple of several arrays; empty if it is not.

    Args:
        answer: anything.
        shape: what the check wants; () for one number.
    """
    if not isinstance(answer, tuple) or all(np.ndim(part) == 0 for part in answer):
        return ""
    things = "one array" if len(answer) == 1 else f"{len(answer)} things"
    return f"a tuple of {things}; the check wants {describe(shape)}."


def describe(shape: tuple) -> str:
    """Names what has a shape: one number, or numbers of that shape."""
    return f"numbers of shape {shape}" if shape else "one number"


def explain_shape(shape: tuple, wanted: tuple) -> str:
    """Says that a shape is wrong, and how it differs from the right one.

    Args:
        shape: of the answer.
        wanted: of the right answer.
    """
    if shape == wanted:
        return ""
    given = f"This has shape {shape}" if shape else "This is one number"
    need = f"shape {wanted}" if wanted else "one number"
    return f"{given}; {need} is wanted{_compare(shape, wanted)}"


def _compare(shape, wanted):
    """Returns what two shapes tell about each other, and ends the sentence."""
    if 0 in shape:
        return ": this is empty."
    if not wanted:
        count = math.prod(shape)
        several = f"the sum or the mean of these {count}, or one of them?"
        return f": {several if count > 1 else 'this is inside an array or a list.'}"
    if not shape:
        return ": was too much summed or averaged, or is this only one of them?"
    if sorted(shape) == sorted(wanted):
        order = "reverse" if shape[::-1] == wanted else "another"
        return f": these are the same lengths in {order} order."
    if axes := _name_dropped(shape, wanted):
        return f": {axes} too many.{_ask(shape, wanted, 'Sum or average there?')}"
    if axes := _name_dropped(wanted, shape):
        asked = "Was it summed or averaged, or is this only a part?"
        return f": {axes} missing.{_ask(wanted, shape, asked)}"
    return "."


def _ask(long, short, question):
    """Returns a question, where a sum over the dropped axes would change something."""
    return f" {question}" if math.prod(long) != math.prod(short) else ""


def _name_dropped(long, short):
    """Returns which axes lead from one shape to another if dropped, with a verb."""
    count = len(long) - len(short)
    if count < 1:
        return ""
    ways = [
        axes
        for axes in itertools.combinations(range(len(long)), count)
        if tuple(n for i, n in enumerate(long) if i not in axes) == short
    ]
    if len(ways) > 1:  # equal lengths: it may be any of them
        return "one axis is" if count == 1 else f"{count} axes are"
    if ways and count > 1:
        return f"axes {' and '.join(map(str, ways[0]))} are"
    ends = {0: "the first axis is", len(long) - 1: "the last axis is"}
    return ends.get(ways[0][0], f"axis {ways[0][0]} is") if ways else ""


def explain_slip(values: np.ndarray, wanted: np.ndarray, tolerance: float) -> str:
    """Says which common slip leads from the wanted numbers to others of their shape.

    Args:
        values: of the answer.
        wanted: of the right answer.
        tolerance: largest difference that counts as equal.
    """
    if not np.isfinite(values).all() and np.isfinite(wanted).all():
        return "NaN or infinity: a division by 0, or the log of 0?"
    if not wanted.size or np.abs(wanted).max() <= 2 * tolerance:
        return ""
    for factor, text in SLIPS.items():
        room = max(tolerance * abs(factor), 1e-6)
        if np.allclose(values, factor * wanted, rtol=1e-4, atol=room):
            return text
    ratios = values[wanted != 0] / wanted[wanted != 0]
    is_scaled = ratios[0] != 0 and np.allclose(ratios, ratios[0], rtol=1e-3)
    zeros = np.allclose(values[wanted == 0], 0, atol=tolerance)
    if is_scaled and zeros and len(np.unique(wanted)) > 1:
        return f"Every number is {ratios[0]:.4g} times the wanted one."
    return ""
