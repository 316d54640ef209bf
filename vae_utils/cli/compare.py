"""`compare`: runs side by side."""

from pathlib import Path

from vae_utils.cli.options import add_command, add_debug
from vae_utils.cli.output import log, print_result
from vae_utils.cli.values import location


def add_parser(commands):
    """Adds the parser of `compare`."""
    parser = add_command(
        commands,
        "compare",
        "Compare runs: the settings that differ, and their numbers.",
    )
    parser.add_argument(
        "runs",
        nargs="+",
        type=location,
        metavar="RUNS",
        help="folders of runs, or names of recorded runs",
    )
    parser.add_argument(
        "--csv",
        type=location,
        metavar="FILE",
        help="also write the table as CSV, in full precision",
    )
    parser.add_argument(
        "--picture",
        type=location,
        metavar="FILE",
        help="draw the losses of all runs over epochs, as a PNG",
    )
    parser.add_argument(
        "--tensorboard",
        type=location,
        metavar="DIR",
        help="write settings and metrics for TensorBoard's HParams there",
    )
    add_debug(parser)


def run(options):
    """Compares runs, and writes what is asked for."""
    from vae_utils.cli import engine

    engine.start("cpu", debug=options.debug)
    compare(options.runs, options.csv, options.picture, options.tensorboard)


def compare(paths, csv=None, picture=None, tensorboard=None):
    """Prints a table of runs, and writes files.

    Args:
        paths: of the runs' folders, or names of recorded runs.
        csv: path of the table; None for none.
        picture: path of the picture; None for none.
        tensorboard: folder of logs; None for none.
    """
    from tabulate import tabulate

    from vae_utils.runs import comparability, compared, comparing, hparams
    from vae_utils.runs.pictures import render

    if tensorboard:
        hparams.check_folder(tensorboard)
    runs = compared.read_runs(list(map(str, paths)))
    verdict = comparability.check(runs)
    rows = comparing.make_rows(runs, verdict)
    if verdict.sentence:
        log(f"warning: {verdict.sentence}")
    print_result(tabulate([_shorten(row) for row in rows], "keys", floatfmt=".4g"))
    if csv:
        _write(csv, comparing.write_csv(rows))
    if picture:
        _write(picture, render(comparing.draw_losses, runs, verdict))
    if tensorboard:
        hparams.write_hparams(runs, verdict, tensorboard)
        print_result(tensorboard)


def _shorten(row):
    """Breaks the names of columns, so that more of them fit a terminal."""
    return {name.replace("_", "\n"): value for name, value in row.items()}


def _write(path, contents):
    from vae_utils import files

    path = Path(path).expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, contents)
    print_result(path)
