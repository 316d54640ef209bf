"""Options of data of one's own, and what they mean for the data that have names."""

import argparse
import ast
import re
import shlex

from vae_utils import paths
from vae_utils.cli.errors import UsageError
from vae_utils.cli.values import location, positive, seed, share
from vae_utils.datasets.catalog import describe
from vae_utils.datasets.options import (
    COLOURS,
    FITS,
    MAX_FILES,
    MAX_PIXELS,
    NONE,
    ON_ERROR,
    SPELLINGS,
)

FOLDERS = "folders"
CHOICES = ("size", "colour", "labels")  # of data that are rendered, too
TYPED = {"None": NONE, "False": "grey", "True": "rgb"}
#: Argument of `from_folder` → what argparse needs to know of its option.
OPTIONS = {
    "size": {
        "type": positive,
        "metavar": "PIXELS",
        "help": "side of the images, which are square; default 64",
    },
    "colour": {
        "choices": COLOURS,
        "help": "default auto: grey if every picture is",
    },
    "labels": {
        "type": location,
        "metavar": "folders|CSV|none",
        "help": "where classes are: a folder for each, a CSV file with the columns "
        "file and label, or none; default folders; of cats and sprites, a factor",
    },
    "validation": {
        "type": share,
        "metavar": "SHARE",
        "help": "share of the images for validation; default 0.1",
    },
    "test": {
        "type": share,
        "metavar": "SHARE",
        "help": "share of the images for the test; default 0.1",
    },
    "seed": {
        "type": seed,
        "metavar": "N",
        "help": "draws the split; default 0, whatever the run's seed is",
    },
    "on_error": {
        "choices": ON_ERROR,
        "help": "what happens to files that cannot be read, pictures without a label, "
        "and classes of one picture; default refuse",
    },
    "fit": {
        "choices": FITS,
        "help": "crop to the square in the middle, or pad to a square; default crop",
    },
    "background": {
        "metavar": "COLOUR",
        "help": "behind what is transparent or padded, such as white or #ffcc00; "
        "default white",
    },
    "max_pixels": {
        "type": positive,
        "metavar": "N",
        "help": f"largest number of pixels of a picture; default {MAX_PIXELS:,}",
    },
    "max_files": {
        "type": positive,
        "metavar": "N",
        "help": f"largest number of pictures in a folder; default {MAX_FILES:,}",
    },
}


def add_options(group, *, again=False):
    """Adds an option for each argument of `from_folder`.

    Args:
        group: of a parser.
        again: whether the parser of the command has them too, whose values stay.
    """
    more = {"default": argparse.SUPPRESS} if again else {}
    for name, settings in OPTIONS.items():
        group.add_argument(SPELLINGS[name], **settings, **more)


def read_choices(options) -> dict:
    """Returns the options that were given: argument of `from_folder` → value."""
    found = {}
    for name, spelling in SPELLINGS.items():
        value = getattr(options, spelling[2:].replace("-", "_"), None)
        if value is not None:
            found[name] = value
    return found


def for_path(choices) -> dict:
    """Returns what `datasets.load` takes with a path; a CSV file becomes absolute."""
    labels = choices.get("labels", FOLDERS)
    if labels == NONE:
        return choices | {"labels": None}
    if labels == FOLDERS:
        return choices
    return choices | {"labels": str(paths.absolute(labels))}


def name_variant(name: str, choices: dict) -> str:
    """Names the variant of a data set that options ask for.

    Args:
        name: of a data set.
        choices: as `read_choices` returns them.

    Raises:
        UsageError: if there is no such variant, or an option is one of own data.
    """
    if other := [key for key in choices if key not in CHOICES]:
        raise UsageError(
            "This is only for your own data: give their folder or file, --data PATH. "
            f"Received: --data {name} {translate(_join(choices, other))}"
        )
    given = dict(choices)
    if "colour" in given:
        given["colour"] = {"grey": False, "rgb": True}.get(given["colour"])
    try:
        return getattr(describe(name, **given), "name", name)
    except ValueError as error:
        raise UsageError(translate(str(error))) from error


def _join(choices, names):
    return ", ".join(f"{name}={choices[name]!r}" for name in names)


def translate(sentence: str) -> str:
    """Replaces arguments of `from_folder` by options, as one types them."""
    for name, option in SPELLINGS.items():
        value = r"(?P<value>'[^']*'|\"[^\"]*\"|[\w.+-]*\w)"
        sentence = re.sub(
            rf"(?<![^\s(]){name}={value}",
            lambda found, option=option: f"{option} {_type(found['value'])}",
            sentence,
        )
        if "_" in name:
            sentence = re.sub(rf"(?<!\S){name}\b", option, sentence)
    return sentence


def _type(text):
    """Writes a value of Python as one types it."""
    if text in TYPED:
        return TYPED[text]
    return shlex.quote(ast.literal_eval(text)) if text[0] in "'\"" else text
