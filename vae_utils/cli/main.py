"""From arguments to exit code: which command, and how errors are told."""

import contextlib
import importlib
import os
import signal
import sys
import traceback
import warnings

from vae_utils.cli.options import PROGRAM, make_parser

DONE, ERROR, USAGE, DIVERGED, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


class UsageError(ValueError):
    """An option is out of range, or does not go with another."""


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM)."""


def main(arguments) -> int:
    """Runs one command.

    Args:
        arguments: those after the program's name.

    Returns:
        The exit code.
    """
    parser = make_parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        program = f"{PROGRAM} {options.command}"
        parser.exit(
            USAGE,
            f"{program}: there is no such option (see {program} --help). "
            f"Received: {' '.join(unknown)}\n",
        )
    options.arguments = list(arguments)
    command = importlib.import_module(f"vae_utils.cli.{options.command}")
    with warnings.catch_warnings(), _ended_by_exception():
        warnings.showwarning = _show_warning
        try:
            command.run(options)
        except KeyboardInterrupt as error:
            _say(str(error) or "Interrupted.")
            return TERMINATED if isinstance(error, Terminated) else INTERRUPTED
        except Exception as error:
            if options.debug:
                traceback.print_exc()
            _say(f"{PROGRAM} {options.command}: {_sentence(error)}")
            return _exit_code(error)
    return DONE


def tell(text):
    """Prints a result; goes on with the work where nobody reads any more."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text):
    sys.stderr.write(f"{text}\n")


def _show_warning(message, category, filename, lineno, file=None, line=None):
    _say(f"warning: {message}")


@contextlib.contextmanager
def _ended_by_exception():
    """Lets SIGTERM end a command as Ctrl-C does."""

    def end(number, frame):
        raise Terminated

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # only a program's main thread may
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _sentence(error):
    """Returns what went wrong, and for an error nobody foresaw, how to see more."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    if isinstance(error, (ValueError, ArithmeticError, ModuleNotFoundError, OSError)):
        return str(error)
    return f"{type(error).__name__}: {error} (--debug shows where it comes from)"


def _exit_code(error):
    if isinstance(error, UsageError):
        return USAGE
    return DIVERGED if type(error).__name__ == "Diverged" else ERROR
