"""Arrays as short text: one character for each small integer, so that gzip does well.

Base64 spreads the bits of a number over several characters, which hides from gzip that
small numbers are more frequent. Here each integer within ±45 is one character of a
fixed alphabet; the few larger ones are an escape character and two more. None of the
characters has to be escaped in JSON or inside a script element. `network.js` reads the
same text.
"""

import base64

import numpy as np

ESCAPE = "~"
DIGITS = "".join(c for c in map(chr, range(32, 127)) if c not in '"\\<' + ESCAPE)
BASE = len(DIGITS)
LARGEST = BASE // 2  # integer of one character
FARTHEST = BASE**2 // 2  # integer of two


def write_integers(values) -> str:
    """Writes integers within ±`FARTHEST`, most of them as one character.

    Raises:
        ValueError: if one is larger.
    """
    text = []
    for value in _check_integers(values):
        if abs(value) <= LARGEST:
            text.append(DIGITS[value + LARGEST])
        else:
            text.append(ESCAPE + write_pairs([value]))
    return "".join(text)


def read_integers(text: str) -> np.ndarray:
    """Reads what `write_integers` wrote; returns ints in one row."""
    values, characters = [], iter(text)
    for character in characters:
        if character == ESCAPE:
            values.extend(read_pairs(next(characters) + next(characters)))
        else:
            values.append(DIGITS.index(character) - LARGEST)
    return np.array(values, int)


def write_pairs(values) -> str:
    """Writes integers within ±`FARTHEST` as two characters each.

    Raises:
        ValueError: if one is larger.
    """
    pairs = (divmod(value + FARTHEST, BASE) for value in _check_integers(values))
    return "".join(DIGITS[high] + DIGITS[low] for high, low in pairs)


def read_pairs(text: str) -> np.ndarray:
    """Reads what `write_pairs` wrote; returns ints in one row."""
    places = np.array([DIGITS.index(character) for character in text], int)
    return places[::2] * BASE + places[1::2] - FARTHEST


def write_halves(values) -> str:
    """Writes numbers as float16 in base64."""
    data = np.ascontiguousarray(values, "<f2").tobytes()
    return base64.b64encode(data).decode()


def read_halves(text: str) -> np.ndarray:
    """Reads what `write_halves` wrote; returns float32 in one row."""
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)


def _check_integers(values):
    values = np.asarray(values).ravel()
    largest = int(np.abs(values).max(initial=0))
    if largest > FARTHEST:
        raise ValueError(
            f"Integers must be within ±{FARTHEST}: use a larger step. "
            f"Received: {largest}"
        )
    return values.astype(int).tolist()
