"""What `train` and `evaluate` print at the end: numbers first, then pictures."""

import warnings
from collections.abc import Callable, Iterable, Iterator

from vae_utils import interruption
from vae_utils.cli.output import print_result


def report(measure: Callable | None, drawings: Iterable[Iterator]):
    """Measures, then draws, so that a picture that fails does not cost any numbers.

    Args:
        measure: function that measures a model and prints the numbers; None for no
            numbers. An error of it is raised when everything is drawn.
        drawings: iterators of the paths of files, each written as it is asked for.

    Raises:
        NothingDrawn: if there are no numbers, and nothing could be drawn.
    """
    failed = None
    if measure:
        try:
            with interruption.recognised():
                measure()
        except ValueError as error:  # NaN numbers, say, which pictures may explain
            failed = error
    for paths in drawings:
        print_paths(paths, required=measure is None)
    if failed:
        raise failed


def print_paths(paths: Iterator, *, required: bool = True):
    """Prints the path of each file.

    Args:
        paths: iterator, as `pictures.draw` and `animations.animate` return it.
        required: False makes a warning of the error that nothing could be drawn.
    """
    from vae_utils.runs.attempts import NothingDrawn

    try:
        for path in paths:
            print_result(path)
    except NothingDrawn as error:
        if required:
            raise
        warnings.warn(str(error), stacklevel=2)


def print_metrics(metrics: dict, folder):
    """Writes the numbers to `metrics.json` of a folder, and prints them as a table."""
    from tabulate import tabulate

    folder.write_metrics(metrics)
    rows = [
        [name, f"{value:.4g}", metrics["measured"].get(name, "")]
        for name, value in metrics["metrics"].items()
    ]
    print_result(metrics["data"])
    print_result(tabulate(rows, [f"epoch {metrics['epoch']}", "value", "measured on"]))
    if "left_out" in metrics:
        print_result(metrics["left_out"])
    print_result(folder.metrics)
