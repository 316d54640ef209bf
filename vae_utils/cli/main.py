"""From arguments to exit code: which command, and how errors are shown."""

import contextlib
import importlib
import signal
import traceback
import warnings

from vae_utils import interruption
from vae_utils.cli.errors import Terminated, UsageError
from vae_utils.cli.options import PROGRAM
from vae_utils.cli.output import log
from vae_utils.cli.parser import make_parser
from vae_utils.errors import Diverged

DONE, ERROR, USAGE, DIVERGED, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


def main(arguments) -> int:
    """Runs one command.

    Args:
        arguments: those after the program's name.

    Returns:
        The exit code.
    """
    options = _parse(arguments)
    command = importlib.import_module(f"vae_utils.cli.{options.command}")
    with warnings.catch_warnings(), _ended_by_exception():
        warnings.showwarning = _show_warning
        try:
            command.run(options)
        except KeyboardInterrupt as error:
            interruption.forget()
            log(str(error) or "Interrupted.")
            return TERMINATED if isinstance(error, Terminated) else INTERRUPTED
        except Exception as error:
            if options.debug:
                traceback.print_exc()
            log(f"{PROGRAM} {options.command}: {_sentence(error)}")
            return _exit_code(error)
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


@contextlib.contextmanager
def _ended_by_exception():
    """Lets SIGTERM end a command as Ctrl-C does, and keeps either from getting lost."""

    def end(number, frame):
        interruption.request(
            Terminated() if number == signal.SIGTERM else KeyboardInterrupt()
        )

    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not ignored
        numbers.append(signal.SIGINT)
    try:
        before = {number: signal.signal(number, end) for number in numbers}
    except ValueError:  # only a program's main thread may
        yield
        return
    try:
        yield
    finally:
        interruption.forget()
        for number, handler in before.items():
            signal.signal(number, handler)


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
