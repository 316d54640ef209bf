"""`data`: download, verify, describe and import data sets; check your own pictures."""

import argparse
from pathlib import Path

import numpy as np
from tabulate import tabulate

from vae_utils import datasets, profile
from vae_utils.cli import checking, loading_data, own_data
from vae_utils.cli.errors import UsageError
from vae_utils.cli.options import add_command, add_data_options, add_debug
from vae_utils.cli.output import print_result
from vae_utils.cli.values import location
from vae_utils.datasets import CATALOG

BLOCK = 500  # images whose values are counted at a time
LEVELS = np.arange(256) / 255


def add_parser(commands):
    """Adds the parser of `data`, and of `data import` and `data check` under it."""
    parser = add_command(
        commands,
        "data",
        "Download data sets, verify them, and print statistics of their images.",
    )
    add_data_options(parser, several=True)
    add_debug(parser)
    parser.usage = (
        f"{parser.prog} [-h] [--data NAME|PATH] [options]\n"
        f"       {parser.prog} import DIR\n"
        f"       {parser.prog} check DIR [options]"
    )
    actions = parser.add_subparsers(
        dest="action", metavar="import DIR, check DIR", prog=parser.prog
    )
    checking.add_parser(actions)
    importing = add_command(
        actions, "import", "Verify IDX files, raw or .gz, and put them into the cache."
    )
    importing.add_argument(
        "folder", type=location, metavar="DIR", help="where they are"
    )
    importing.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="as above"
    )


def run(options):
    """Describes data sets, imports the files of a folder, or checks its pictures."""
    if options.action == "check":
        checking.run(options)
        return
    if options.action == "import":
        given = options.data, options.data_dir, options.sample, options.no_download
        if any(given) or own_data.read_choices(options):
            raise UsageError("import takes a folder and no other option.")
        import_folder(Path(options.folder))
        return
    missing = []
    for name in _choose_names(options):
        data = loading_data.load(argparse.Namespace(**vars(options) | {"data": name}))
        if not (data.complete or options.sample):
            missing.append(name)
        print_result(data.provenance)
        print_result(f"{tabulate(_statistics(data), 'keys', floatfmt='.4f')}\n")
    if missing:
        raise ValueError(
            "Some data sets are unavailable; bundled samples were used (--sample asks "
            f"for them). Received: no complete {' and '.join(missing)}"
        )


def _choose_names(options):
    """Lists the data sets to describe; a folder can have published ones only."""
    if options.data:
        return [options.data]
    return CATALOG if options.data_dir else datasets.NAMES


def _statistics(data):
    """Returns one row of numbers for each split."""
    for split in ("train", "val", "test"):
        x, y = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        shares = _share_levels(x)
        mean = shares @ LEVELS
        # Plain integers: to tabulate 0.9, NumPy's are floating-point numbers.
        counts = np.bincount(y, minlength=data.classes).tolist()
        yield {
            "split": split,
            "images": len(x),
            "shape": "×".join(map(str, x.shape[1:])),
            "mean": mean,
            "standard deviation": np.sqrt(shares @ np.square(LEVELS - mean)),
            "share black": shares[0],
            "share above ½": shares[128:].sum(),
            "fewest in a class": min(counts),
            "most in a class": max(counts),
        }


def _share_levels(x):
    """Returns the share of each value 0 … 255, without a larger copy of the images."""
    blocks = np.array_split(x, 1 + len(x) // BLOCK)
    counts = sum(np.bincount(block.ravel(), minlength=256) for block in blocks)
    return counts / x.size


def import_folder(folder: Path):
    """Verifies the IDX files of a folder and puts them into the cache.

    Args:
        folder: with the files as published, raw or .gz; with those of several data sets
            in folders `mnist` and `fashion_mnist`.

    Raises:
        ValueError: if the folder cannot be read, has none of the files, or one with
            other contents, or if there is no cache.
    """
    cache = profile.cache_dir()
    if cache is None:
        raise ValueError(
            "The home folder is not known, so there is no cache: set a folder for it "
            "with VAE_UTILS_CACHE_DIR."
        )
    if not folder.is_dir():
        raise ValueError(f"There is no such folder. Received: {folder}")
    places = (folder, *(folder / name for name in CATALOG))
    found = [each for place in places for each in _recognise(place)]  # all or none
    if not found:
        names = ", ".join(file.name for file in CATALOG["mnist"].files)
        raise ValueError(
            f"The folder must have IDX files, raw or .gz: {names}. Received: {folder}"
        )
    for name, file, raw in found:
        target = cache / name
        datasets.install(target, file, raw)
        print_result(f"{name}: {file.name}, verified, now in {target}")


def _recognise(folder):
    """Yields data set, file and bytes of each published file; its hash says which."""
    for files in zip(*(entry.files for entry in CATALOG.values()), strict=True):
        failures = []
        for name, file in zip(CATALOG, files, strict=True):
            try:
                yield name, file, datasets.read(folder, file)
                break
            except FileNotFoundError:
                break
            except ValueError as error:
                failures.append(error)
        else:
            raise ValueError(str(failures[0]))
