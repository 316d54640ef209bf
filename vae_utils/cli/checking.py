"""`data check`: what a folder of pictures holds, before anything is trained."""

import argparse
import io
from pathlib import Path

from vae_utils import datasets, files
from vae_utils.cli import loading_data, own_data
from vae_utils.cli.errors import UsageError
from vae_utils.cli.options import add_command
from vae_utils.cli.output import print_result
from vae_utils.cli.values import absolute_path

PUBLISHED = ("data", "data_dir", "sample", "no_download")


def add_parser(actions):
    """Adds the parser of `data check`."""
    parser = add_command(
        actions,
        "check",
        "Report on a folder of pictures, and print the command to train on it.",
    )
    parser.add_argument(
        "folder",
        type=absolute_path,
        metavar="DIR",
        help="pictures; nothing is written there",
    )
    parser.add_argument(
        "--sheet",
        type=absolute_path,
        metavar="FILE",
        help="write up to 100 of the pictures there, as one PNG",
    )
    own_data.add_options(parser, again=True)
    parser.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="as above"
    )


def run(options):
    """Prints the report; writes the contact sheet, if one is asked for."""
    if given := [name for name in PUBLISHED if getattr(options, name)]:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(f"check takes a folder and its options. Received: {named}")
    loading_data.check_outside(options.sheet, options.folder, "--sheet")
    choices = own_data.for_path(own_data.read_choices(options))
    try:
        report = datasets.check_folder(options.folder, **choices)
    except ValueError as error:
        raise UsageError(own_data.translate(str(error))) from error
    print_result(own_data.translate(report.table()))
    if options.sheet:
        _write_sheet(Path(options.sheet), report.sheet)
        print_result(options.sheet)


def _write_sheet(path, sheet):
    """Writes an array of pixels as a PNG, whole or not at all."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, format="png")
    files.write(path, stream.getvalue())
