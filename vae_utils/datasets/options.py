"""Options of your own images: their names, choices and limits, in one place.

`from_folder` has them as arguments, the command line as options with dashes. Nothing
here takes long to import.
"""

from collections.abc import Iterable

COLOURS = ("auto", "grey", "rgb")
FITS = ("crop", "pad")
ON_ERROR = ("refuse", "skip")
LARGEST_SIZE = 1024  # pixels a side
MAX_PIXELS = 100_000_000  # of one file: 10,000 × 10,000
MAX_FILES = 100_000
NONE = "none"  # the word for None on the command line
#: Argument of `from_folder` → its name on the command line, where a run has a seed too.
SPELLINGS = {
    "size": "--size",
    "colour": "--colour",
    "labels": "--labels",
    "validation": "--validation",
    "test": "--test",
    "seed": "--split-seed",
    "on_error": "--on-error",
    "fit": "--fit",
    "background": "--background",
    "max_pixels": "--max-pixels",
    "max_files": "--max-files",
}


def spell(options: dict) -> Iterable[str]:
    """Yields the words of a command that ask for some options.

    Args:
        options: argument of `from_folder` → value.
    """
    for name, value in options.items():
        yield SPELLINGS[name]
        yield NONE if value is None else str(value)
