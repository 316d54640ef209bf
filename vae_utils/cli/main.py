"""From arguments to exit code: which command, and how errors are shown."""

import importlib
import signal
import traceback
import warnings

from vae_utils import interruption, signals
from vae_utils.cli.errors import Terminated, UsageError
from vae_utils.cli.options import PROGRAM
from vae_utils.cli.output import log, lost
from vae_utils.cli.parser import make_parser
from vae_utils.errors import Diverged

DONE, ERROR, USAGE, DIVERGED = 0, 1, 2, 3
INTERRUPTED, TERMINATED = signals.EXIT_CODES.values()


def main(arguments) -> int:
    """Runs one command.

    Args:
        arguments: those after the program's name.

    Returns:
        The exit code.
    """
    lost()  # what an earlier command in this process could not print
    with warnings.catch_warnings(), signals.raising(_make_error):
        warnings.showwarning = _show_warning
        try:
            with interruption.recognised():
                options = _parse(arguments)
                return _run(options)
        except KeyboardInterrupt as error:
            signals.deal_with()
            log(str(error) or signals.MESSAGE)
            return TERMINATED if isinstance(error, Terminated) else INTERRUPTED


def _make_error(number):
    return Terminated() if number == signal.SIGTERM else KeyboardInterrupt()


def _run(options):
    """Runs a command; returns the exit code."""
    program = f"{PROGRAM} {options.command}"
    command = importlib.import_module(f"vae_utils.cli.{options.command}")
    try:
        with interruption.recognised():
            command.run(options)
    except Exception as error:
        if options.debug:
            log(traceback.format_exc().rstrip())
        log(f"{program}: {_sentence(error)}")
        return _exit_code(error)
    if sentence := lost():
        log(f"{program}: {sentence}")
        return ERROR
    return DONE


def _parse(arguments):
    parser = make_parser(arguments)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        program = f"{PROGRAM} {options.command}"
        parser.exit(
            USAGE,
            f"{program}: there is no such option (see {program} --help). "
            f"Received: {' '.join(unknown)}\n",
        )
    options.arguments = list(arguments)
    return options


def _show_warning(message, category, filename, lineno, file=None, line=None):
    log(f"warning: {message}")


def _sentence(error):
    """Returns what went wrong, and for an unforeseen error, how to see more."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    ours = isinstance(error, (ValueError, Diverged, ModuleNotFoundError, OSError))
    if ours and "\n" not in str(error).rstrip("\n").replace("\n  ", ""):
        return str(error)
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first} (--debug shows where it comes from)"


def _exit_code(error):
    if isinstance(error, UsageError):
        return USAGE
    return DIVERGED if isinstance(error, Diverged) else ERROR
