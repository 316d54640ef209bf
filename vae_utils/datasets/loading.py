"""`load`: asks each source in order, and says which one answered."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from os import PathLike
from pathlib import Path

import numpy as np

from vae_utils import profile
from vae_utils.datasets import folders, idx
from vae_utils.datasets.catalog import CATALOG, NAMES, Entry, Unavailable
from vae_utils.datasets.mirrors import from_mirrors
from vae_utils.datasets.package_clients import from_package

SAMPLE_DIR = Path(__file__).parent / "sample"
N_VAL = 5_000
OWN, CACHE, WEB, PACKAGE = "the folder given", "the cache", "the web", "a package"


class SampleWarning(UserWarning):
    """Tells that the bundled sample stands in for the complete data, and why."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images (n, 28, 28) and labels (n,), read-only uint8 arrays.

    `x_val` and `y_val` are the last 5,000 of the training images in published order
    (of the sample the last 500, a tenth); `x_train` and `y_train` are all before these.
    `x_test` and `y_test` are the published test images. `class_names[label]` is the
    name of a class; `complete` is False for the sample; `provenance` is one line to
    print.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_val: np.ndarray = field(repr=False)
    y_val: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    class_names: tuple[str, ...] = field(repr=False)
    complete: bool
    provenance: str


def load(
    name: str,
    *,
    data_dir: str | PathLike | None = None,
    sample: bool | None = None,
    download: bool = True,
    mirrors: Iterable[str] | None = None,
) -> Dataset:
    """Loads a data set, verified by SHA-256, from the first source that has it.

    These are a folder of the reader's, the cache, the web, a package client, and at
    last, with a warning, the sample that comes with this package.

    Args:
        name: `"mnist"` or `"fashion_mnist"`.
        data_dir: folder with the IDX files as published, raw or .gz, or with one
            such folder for each `name`; default `VAE_UTILS_DATA_DIR`. Files that are
            missing there are put there.
        sample: True for the sample; False for the complete data; by default the sample
            in the quick profile, unless `data_dir` is given.
        download: whether the web and package clients may be asked; False also leaves
            `data_dir` as it is.
        mirrors: addresses of folders to download from instead of the known ones.

    Returns:
        The data, split into train, validation and test.

    Raises:
        ValueError: if `name` is unknown, or `data_dir` or a file in it is wrong.
    """
    data, failures = _find(name, data_dir, sample, download, mirrors)
    if failures:
        warnings.warn(_explanation(data, failures), SampleWarning, stacklevel=2)
    return data


def _find(name, data_dir=None, sample=None, download=True, mirrors=None):
    """Returns the data, and why it is only the sample though that was not asked for."""
    if name not in NAMES:
        choices = " or ".join(map(repr, NAMES))
        raise ValueError(f"The data set must be {choices}. Received: name={name!r}")
    entry = CATALOG[name]
    if sample is None:
        sample = data_dir is None and profile.name() == "quick"
    found, failures = {}, []
    if not sample:
        found, failures = _gather(name, entry, data_dir, download, mirrors)
    if len(found) == len(entry.files):
        kinds = dict.fromkeys(kind for kind, _ in found.values())
        raws = [found[file][1] for file in entry.files]
        return _dataset(name, entry, raws, " and ".join(kinds)), []
    raws = [folders.read(SAMPLE_DIR, file) for file in entry.sample]
    return _dataset(name, entry, raws), failures


def _gather(name, entry, data_dir, download, mirrors):
    """Returns `{file: (kind of source, bytes)}`, and why some sources failed."""
    refused = "VAE_UTILS_OFFLINE=1" if profile.offline() else "download=False"
    download = download and not profile.offline()
    own = profile.data_dir() if data_dir is None else Path(data_dir).expanduser()
    if own is not None:
        own = folders.locate(own, name, entry.files, must_exist=not download)
    cache = profile.cache_dir() / name
    found, failures = {}, []
    for kind, source in _sources(name, own, cache, mirrors or entry.mirrors):
        missing = [file for file in entry.files if file not in found]
        if not missing:
            break
        if kind in (WEB, PACKAGE) and not download:
            failures.append(f"{kind}: not asked, because of {refused}")
            continue
        try:
            for file, raw in source(missing):
                found[file] = kind, raw
        except Unavailable as error:
            failures.append(f"{kind}: {error}")
    if download:
        _keep(own or cache, found, OWN if own else CACHE)
    return found, failures


def _sources(name, own, cache, mirrors) -> Iterator[tuple]:
    """Yields the kind of each source, and what gives the files asked of it."""
    absent, damaged = FileNotFoundError, ValueError
    if own is not None:  # never replaced, so a wrong file there is an error
        yield OWN, partial(folders.read_all, own, forgive=(absent,))
    yield CACHE, partial(folders.read_all, cache, forgive=(absent, damaged))
    yield WEB, partial(from_mirrors, mirrors=mirrors)
    yield PACKAGE, partial(from_package, name)


def _keep(folder, found, kind):
    """Installs in `folder` all files but those that come from there."""
    try:
        for file, (source, raw) in found.items():
            if source != kind:
                folders.install(folder, file, raw)
    except OSError as error:
        warnings.warn(
            f"The data cannot be kept in {kind} and has to be fetched again next time: "
            "make it writable, or name another one (VAE_UTILS_CACHE_DIR, "
            f"VAE_UTILS_DATA_DIR). Received: {error.strerror}",
            stacklevel=2,
        )


def _dataset(name, entry: Entry, raws: list[bytes], source: str = "") -> Dataset:
    x, y, x_test, y_test = map(idx.parse, raws)
    n = len(x) - min(N_VAL, len(x) // 10)
    what = "complete" if source else "bundled sample"
    return Dataset(
        name=name,
        x_train=x[:n],
        y_train=y[:n],
        x_val=x[n:],
        y_val=y[n:],
        x_test=x_test,
        y_test=y_test,
        class_names=entry.class_names,
        complete=bool(source),
        provenance=(
            f"{entry.title}, {what}: {n:,} train + {len(x) - n:,} validation + "
            f"{len(x_test):,} test images{source and ', from '}{source} "
            "(SHA-256 verified)."
        ),
    )


def _explanation(data, failures):
    return "\n- ".join(
        [
            f"{data.provenance} It stands in for the complete data, which no source "
            "gave. To have that, put the four files as published into a folder and "
            "name it in VAE_UTILS_DATA_DIR. Sources tried:",
            *failures,
        ]
    )
