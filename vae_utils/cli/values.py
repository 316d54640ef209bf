"""Values of options, read and checked one by one."""

import argparse
import os

from vae_utils import paths
from vae_utils.datasets.catalog import describe

NONE = object()  # an option's word for None: None itself stands for "not given"


def optional(read, word):
    """Makes a reader of values, or of the word for None."""
    return lambda text: NONE if text == word else read(text)


def data_set(text):
    """Reads the name of a data set, or the path of one's own, which becomes absolute.

    A name that the catalogue has is that one, whatever files are here.
    """
    if not paths.is_path(text):
        try:
            describe(text)
            return text
        except ValueError as error:
            if not (text and os.path.exists(text)):
                raise argparse.ArgumentTypeError(str(error)) from None
    return absolute_path(text)


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


def share(text):
    """Reads a share of a whole, between 0 and 1."""
    value = number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(
            f"must be more than 0 and less than 1. Received: {text}"
        )
    return value


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


def location(text):
    """Reads a path, or the name of a recorded run; expands a `~` at its beginning."""
    return _read_path(text, paths.expanded) if text.startswith("~") else _check(text)


def absolute_path(text):
    """Reads a path that config.json remembers, so that it is the same from anywhere."""
    return _read_path(_check(text), paths.absolute)


def _read_path(text, read):
    try:
        return _check(str(read(text)))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _check(text):
    """Returns a path that has a name, and one that files can record."""
    if not text:
        raise argparse.ArgumentTypeError("must name a file or folder. Received: ''")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise argparse.ArgumentTypeError(
            "must be a name in UTF-8, so that config.json can record it. "
            f"Received: {os.fsencode(text)!r}"
        ) from error
    return text
