"""What an error must be: one sentence, raised by the package itself."""

import traceback
from pathlib import Path

import vae_utils

PACKAGE = Path(vae_utils.__file__).parent


def assert_is_a_sentence(error):
    """Asserts that an error is one line, says what was received, and is the package's.

    An error that Keras or NumPy raised says something about their arguments instead.
    """
    text = str(error)
    place = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
    assert text and "\n" not in text, text
    assert "Received: " in text, text
    assert PACKAGE in place.parents, f"{type(error).__name__} of {place}: {text}"


def assert_is_one_line(err):
    """Asserts that a command line said what is wrong in one sentence, and knew it."""
    lines = [line for line in err.splitlines() if not line.startswith("warning: ")]
    assert len(lines) == 1, err
    assert lines[0].startswith("python -m vae_utils"), err
    assert "Traceback" not in err and "--debug shows" not in err, err
