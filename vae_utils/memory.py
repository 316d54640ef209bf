"""Memory that is left, before something large is put into it."""

import mmap

import psutil


def check_fits(size: int, what: str, advice: str):
    """Raises ValueError unless so many bytes are free.

    Args:
        size: bytes that are needed.
        what: needs them, in the plural.
        advice: what to do if there are too few, in the imperative.
    """
    free = psutil.virtual_memory().available
    if size > free:
        raise ValueError(
            f"{what} need {size / 2**30:.1f} GiB of memory, and {free / 2**30:.1f} GiB "
            f"are free: {advice}. Received: {size} bytes"
        )


def is_mapped(array) -> bool:
    """Tells whether an array is a part of a file, which the system reads as needed."""
    while array is not None:
        if isinstance(array, mmap.mmap):
            return True
        array = getattr(array, "base", None)
    return False
