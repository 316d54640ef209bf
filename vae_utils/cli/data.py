"""`data`: download, verify, describe and import data sets."""

from pathlib import Path

import numpy as np
from tabulate import tabulate

from vae_utils import datasets, profile
from vae_utils.cli.errors import UsageError
from vae_utils.cli.output import tell
from vae_utils.datasets import CATALOG


def run(options):
    """Describes data sets, or imports the files of a folder."""
    if options.action == "import":
        if options.data or options.data_dir or options.sample or options.no_download:
            raise UsageError("import takes a folder and nothing else. Received: more")
        import_folder(Path(options.folder).expanduser())
        return
    missing = []
    for name in [options.data] if options.data else datasets.NAMES:
        data = datasets.load(
            name,
            data_dir=options.data_dir,
            sample=options.sample,
            download=not options.no_download,
        )
        if not (data.complete or options.sample):
            missing.append(name)
        tell(data.provenance)
        tell(f"{tabulate(_statistics(data), 'keys', floatfmt='.4f')}\n")
    if missing:
        raise ValueError(
            "Not all data could be had, and samples stand in (--sample asks for them). "
            f"Received: no complete {' and '.join(missing)}"
        )


def _statistics(data):
    """Returns one row of numbers for each split."""
    for split in ("train", "val", "test"):
        x, y = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        counts = np.bincount(y, minlength=len(data.class_names))
        yield {
            "split": split,
            "images": len(x),
            "shape": "×".join(map(str, x.shape[1:])),
            "mean grey": x.mean() / 255,
            "standard deviation": x.std() / 255,
            "share black": (x == 0).mean(),
            "share above ½": (x > 127).mean(),
            "fewest in a class": counts.min(),
            "most in a class": counts.max(),
        }


def import_folder(folder: Path):
    """Verifies the IDX files of a folder and puts them into the cache.

    Args:
        folder: with the files as published, raw or .gz; with those of several data sets
            in folders `mnist` and `fashion_mnist`.

    Raises:
        ValueError: if the folder cannot be read, has none of the files, or one that is
            another.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no such folder. Received: {folder}")
    places = (folder, *(folder / name for name in datasets.NAMES))
    found = [each for place in places for each in _recognise(place)]  # all or none
    if not found:
        names = ", ".join(file.name for file in CATALOG["mnist"].files)
        raise ValueError(
            f"The folder must have IDX files, raw or .gz: {names}. Received: {folder}"
        )
    for name, file, raw in found:
        target = profile.cache_dir() / name
        datasets.install(target, file, raw)
        tell(f"{name}: {file.name}, verified, now in {target}")


def _recognise(folder):
    """Yields data set, file and bytes of each published file; its hash says which."""
    for files in zip(*(CATALOG[name].files for name in datasets.NAMES), strict=True):
        failures = []
        for name, file in zip(datasets.NAMES, files, strict=True):
            try:
                yield name, file, datasets.read(folder, file)
                break
            except FileNotFoundError:
                break
            except ValueError as error:
                failures.append(error)
        else:
            raise ValueError(str(failures[0]))
