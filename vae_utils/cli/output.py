"""Results on standard output, everything else on standard error."""

import os
import sys


def print_result(text):
    """Prints a result; without an error where nobody reads it any longer."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def log(text):
    """Writes a message that is not a result."""
    sys.stderr.write(f"{text}\n")
