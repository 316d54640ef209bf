"""An interruption that must not get lost.

A signal's handler raises wherever the program happens to be. Inside a destructor, such
as that of a data set's iterator, Python drops the exception, and a program that was
asked to end would continue. So the request is kept, and training checks for it.
"""

import contextlib
from collections.abc import Iterator

_requests: list[BaseException] = []


def request(error: BaseException):
    """Keeps an interruption until `forget` is called, and raises it."""
    _requests.append(error)
    raise error


def check():
    """Raises the interruption that was requested, if there is one."""
    if _requests:
        raise _requests[-1]


def requested() -> bool:
    """Returns whether an interruption was requested, and not dealt with yet."""
    return bool(_requests)


@contextlib.contextmanager
def recognised() -> Iterator[None]:
    """Raises the interruption that was requested in place of what became of it.

    A library that is interrupted may raise another error, or none.
    """
    try:
        yield
    except Exception as error:
        if _requests:
            raise _requests[-1] from error
        raise
    check()


def forget():
    """Forgets what was requested: it has been dealt with."""
    _requests.clear()
