"""Results on standard output, everything else on standard error."""

import os
import sys


def tell(text):
    """Prints a result; goes on with the work where nobody reads any more."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text):
    """Writes what is no result."""
    sys.stderr.write(f"{text}\n")
