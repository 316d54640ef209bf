"""Values of options, read and checked one by one."""

import argparse

NONE = object()  # an option's word for None: None itself stands for "not given"


def optional(read, word):
    """Makes a reader of values, or of the word for None."""
    return lambda text: NONE if text == word else read(text)


def epoch(text):
    """Reads `last`, `best`, or the number of an epoch."""
    return text if text in ("last", "best") else str(positive(text))


def integer(text):
    """Reads a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a whole number. Received: {text}"
        ) from None


def positive(text):
    """Reads a whole number from 1."""
    value = integer(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more. Received: {text}")
    return value


def seed(text):
    """Reads a whole number from 0 to 2**31 - 1."""
    value = integer(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 0 to {2**31 - 1}. Received: {text}"
        )
    return value


def number(text):
    """Reads a number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a number. Received: {text}"
        ) from None


def spread(text):
    """Reads a standard deviation."""
    value = number(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be 0 or more. Received: {text}")
    return value


def seconds(text):
    """Reads how long an animation lasts."""
    value = number(text)
    if not 0 < value <= 60:
        raise argparse.ArgumentTypeError(
            f"must be more than 0 and 60 at most. Received: {text}"
        )
    return value


def pixels(text):
    """Reads the size of a frame."""
    value = integer(text)
    if not 120 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"must be 120 … 1000. Received: {text}")
    return value
