"""What Ctrl-C and SIGTERM do to a program: they end it at once, or raise.

Python raises KeyboardInterrupt wherever it happens to be. While a library is imported,
that becomes any other error, a traceback, or a crash of its C++ code; and then there is
nothing yet to bring to an end. So a program leaves at once there, and where nothing
else catches signals.
"""

import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

from vae_utils import interruption, streams

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
MESSAGE = "Interrupted."
SECONDS = 1  # signals that follow the first so soon mean the same, as those of `make`
IMPORTING = "<frozen importlib._bootstrap>"  # file of the frames that import a module

_own_program: list[bool] = []  # not empty: this process may be ended at once
_in_order: list[bool] = []  # not empty: what was started must be finished
_dealt_with: list[bool] = []  # not empty: the message was printed, the program ends


def leave_at_once():
    """Lets signals end this process, which must run one program and nothing else.

    Where `raising` is in force, they do so only while a module is imported.
    """
    _own_program.append(True)
    for number in EXIT_CODES:
        if signal.getsignal(number) != signal.SIG_IGN:  # as in a shell's background job
            signal.signal(number, _leave)


def _leave(number, frame):
    if not _dealt_with:
        streams.write_last(MESSAGE)
    os._exit(EXIT_CODES[number])


@contextlib.contextmanager
def raising(make_error: Callable[[int], BaseException]) -> Iterator[None]:
    """Raises an error where a signal arrives, and keeps it from getting lost.

    Args:
        make_error: function of the signal's number.
    """
    latest = -math.inf

    def end(number, frame):
        nonlocal latest
        again = interruption.requested() and time.monotonic() - latest < SECONDS
        latest = time.monotonic()
        if again or _dealt_with:
            return
        if _own_program and not _in_order and _is_importing(frame):
            _leave(number, frame)
        interruption.request(make_error(number))

    interruption.forget()
    _dealt_with.clear()
    with _handling(end), _quiet_about_requests():
        try:
            yield
        finally:
            interruption.forget()


def deal_with():
    """Lets later signals change nothing: the program ends, and has said why."""
    _dealt_with.append(True)
    interruption.forget()


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Raises while modules are imported, too: what was started is finished."""
    _in_order.append(True)
    try:
        yield
    finally:
        _in_order.pop()


def _is_importing(frame):
    while frame is not None:
        if frame.f_code.co_filename == IMPORTING:
            return True
        frame = frame.f_back
    return False


@contextlib.contextmanager
def _handling(end):
    ours = (signal.default_int_handler, signal.SIG_DFL, _leave)
    numbers = [n for n in EXIT_CODES if signal.getsignal(n) in ours]
    try:
        before = {number: signal.signal(number, end) for number in numbers}
    except ValueError:  # only a program's main thread may
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _quiet_about_requests():
    """Drops Python's report of an interruption that a destructor could not raise."""
    before = sys.unraisablehook

    def report(unraisable):
        requested = isinstance(unraisable.exc_value, KeyboardInterrupt)
        if not (requested and interruption.requested()):
            before(unraisable)

    sys.unraisablehook = report
    try:
        yield
    finally:
        sys.unraisablehook = before
