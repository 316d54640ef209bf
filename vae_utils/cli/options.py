"""Options that several commands have."""

import argparse
import sys
from pathlib import Path

from vae_utils.cli.own_data import add_options
from vae_utils.cli.values import absolute_path, data_set, location
from vae_utils.datasets.catalog import NAMES

CALLED = Path(*sys.argv[:1]).name  # the file that this process runs
PROGRAM = "vae" if CALLED in ("vae", "vae.exe") else "python -m vae_utils"
DEVICES = ("auto", "cpu", "gpu")
EXIT_CODES = """\
exit codes: 0 done, 1 an error (one sentence on stderr), 2 an option that does not
exist or is out of range, 3 training diverged, 130 interrupted, 143 terminated"""


def add_command(commands, name, text):
    """Adds the parser of a command, explained by a sentence."""
    return commands.add_parser(
        name,
        help=text[0].lower() + text[1:].rstrip("."),
        description=text,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_data_options(group, *, several=False):
    """Adds which data, and where from; of several data sets, or of one."""
    group.add_argument(
        "--data",
        type=data_set,
        metavar="NAME|PATH",
        help=f"{', '.join(NAMES)}, or a variant, such as cats-64 or sprites-colour; or "
        "your own: a folder of pictures, an .npz or .npy file, or a folder of IDX "
        f"files; default {'all that have names' if several else 'mnist'}",
    )
    add_options(group)
    add_data_folder(
        group,
        "folder with the IDX files as published, raw or .gz; missing ones are "
        "downloaded into it",
        "use neither the web nor package clients",
    )
    group.add_argument(
        "--sample",
        action="store_true",
        help="use the sample that comes with the package",
    )


def add_data_folder(group, folder="as for train", no_download="as for train"):
    """Adds where data come from, with two help texts."""
    group.add_argument("--data-dir", type=absolute_path, metavar="DIR", help=folder)
    group.add_argument("--no-download", action="store_true", help=no_download)


def add_place(group):
    """Adds where data of one's own are now."""
    group.add_argument(
        "--data",
        type=absolute_path,
        metavar="PATH",
        help="where your own data are now, if they were moved; they must be the same",
    )
    group.add_argument(
        "--labels",
        type=location,
        metavar="CSV",
        help="where the file of their labels is now, if that was moved",
    )


def add_environment(group):
    """Adds device and debugging."""
    group.add_argument(
        "--device",
        choices=DEVICES,
        help="default auto: a GPU if there is one",
    )
    add_debug(group)


def add_debug(group):
    """Adds debugging."""
    group.add_argument(
        "--debug", action="store_true", help="show where an error comes from"
    )


def add_figures_folder(group):
    """Adds where pictures and animations go."""
    group.add_argument(
        "--output-dir",
        type=location,
        metavar="DIR",
        help="where the files go; default figures, in the run's folder",
    )
