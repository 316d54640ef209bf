"""`load`: tries each source in order and reports where the data came from."""

import os
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from os import PathLike
from pathlib import Path

from vae_utils import paths, profile
from vae_utils.datasets import folders, idx
from vae_utils.datasets.catalog import Entry, Unavailable, describe
from vae_utils.datasets.dataset import Dataset, count_training
from vae_utils.datasets.mirrors import from_mirrors
from vae_utils.datasets.package_clients import from_package
from vae_utils.datasets.rendered import load_rendered
from vae_utils.datasets.variants import Variant

SAMPLE_DIR = Path(__file__).parent / "sample"
OWN, CACHE, WEB, PACKAGE = "your folder", "the cache", "the web", "a package"


class SampleWarning(UserWarning):
    """Warns that the complete data is unavailable and the sample is used instead."""


def load(
    name: str | PathLike,
    *,
    data_dir: str | PathLike | None = None,
    sample: bool | None = None,
    download: bool = True,
    mirrors: Iterable[str] | None = None,
    **choices,
) -> Dataset:
    """Loads a named data set, verified by SHA-256, or your own from a path.

    A path is recognised by its separator, as in `"./photos"`: it names a folder of
    pictures, an `.npz` or `.npy` file, or a folder of IDX files of any size. All else
    is a name.

    The sources are your own folder, the cache, the web, a package client and finally,
    with a warning, the sample bundled with this package. Cats and sprites are rendered
    by this package instead, and always complete.

    Args:
        name: name of the data set, one of `NAMES`, or of a variant; or a path.
        data_dir: folder with the published IDX files, raw or .gz, or with one such
            folder for each `name`; default `VAE_UTILS_DATA_DIR`. Missing files are
            added to it.
        sample: True for the sample; False for the complete data; by default the sample
            in the quick profile, unless `data_dir` is given.
        download: whether to use the web and package clients; if False, `data_dir` is
            not changed either.
        mirrors: addresses of folders to download from instead of the known ones.
        **choices: of a rendered data set, instead of its defaults: `size`, 32 or 64
            pixels; `labels`, the factor whose values are the classes; `colour`, whether
            sprites have a hue. With a path to a folder of pictures, those of
            `from_folder`; with others, those of `from_npz`, `from_npy` and `from_idx`.

    Returns:
        The data, split into training, validation and test.

    Raises:
        ValueError: if `name` is unknown, `data_dir` or a file in it is invalid, or
            given for data that are rendered, or the path does not hold data that can be
            used.
    """
    if paths.is_path(name):
        _check_for_path(name, data_dir=data_dir, sample=sample, mirrors=mirrors)
        from vae_utils.datasets import pictures  # takes a while

        return pictures.load_path(name, **choices)
    data, failures = _find(name, data_dir, sample, download, mirrors, **choices)
    if failures:
        warnings.warn(_explanation(data, failures), SampleWarning, stacklevel=2)
    return data


def _check_for_path(path, **given):
    """Raises ValueError if options of named data sets are given with a path."""
    given = {key: value for key, value in given.items() if value}
    if given:
        received = ", ".join(f"{key}={value!r}" for key, value in given.items())
        raise ValueError(
            f"{', '.join(given)}: only a named data set takes that, not a path. "
            f"Received: name={os.fspath(path)!r}, {received}"
        )


def load_complete(
    name: str, *, data_dir: str | PathLike | None = None, download: bool = True
) -> Dataset:
    """Loads a named data set as `load` does, but never the sample in its place.

    Raises:
        ValueError: if no source has the complete data, or as `load` does.
    """
    data, failures = _find(name, data_dir, sample=False, download=download)
    if failures:
        tried = "; ".join(" ".join(failure.split()) for failure in failures)
        raise ValueError(
            f"The complete {data.name} data is unavailable, and the sample would give "
            "other results: put the published files into a folder and set "
            f"VAE_UTILS_DATA_DIR to it, or allow downloads. Received: {tried}"
        )
    return data


def _find(name, data_dir=None, sample=None, download=True, mirrors=None, **choices):
    """Returns the data, and the failures if the sample was used unrequested."""
    entry = describe(name, **choices)
    if sample is None:
        sample = data_dir is None and profile.name() == "quick"
    if isinstance(entry, Variant):
        if data_dir is not None:
            raise ValueError(
                f"{entry.title} are not read from a folder: leave out the data folder. "
                f"Received: data_dir={str(data_dir)!r}"
            )
        return load_rendered(entry, sample=sample), []
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
    """Returns `{file: (kind of source, bytes)}`, and the failures of sources."""
    reason = "VAE_UTILS_OFFLINE=1" if profile.offline() else "download=False"
    download = download and not profile.offline()
    own = profile.data_dir() if data_dir is None else paths.absolute(data_dir)
    if own is not None:
        own = folders.locate(own, name, entry.files, must_exist=not download)
    cache = profile.cache_dir()
    cache = cache and cache / name
    found, failures = {}, []
    for kind, source in _sources(name, own, cache, mirrors or entry.mirrors):
        missing = [file for file in entry.files if file not in found]
        if not missing:
            break
        if kind in (WEB, PACKAGE) and not download:
            failures.append(f"{kind}: not tried because of {reason}")
            continue
        try:
            for file, raw in source(missing):
                found[file] = kind, raw
        except Unavailable as error:
            failures.append(f"{kind}: {error}")
    if download:
        kind = OWN if own else CACHE
        new = {file: raw for file, (source, raw) in found.items() if source != kind}
        if new:
            _keep(own or cache, new, kind)
    return found, failures


def _sources(name, own, cache, mirrors) -> Iterator[tuple]:
    """Yields the kind of each source, and the function that yields files from it."""
    absent, damaged = FileNotFoundError, ValueError
    if own is not None:  # never overwritten, so a damaged file in it is an error
        yield OWN, partial(folders.read_all, own, skip=(absent,))
    if cache is None:
        yield CACHE, _no_cache
    else:
        yield CACHE, partial(folders.read_all, cache, skip=(absent, damaged))
    yield WEB, partial(from_mirrors, mirrors=mirrors)
    yield PACKAGE, partial(from_package, name)


def _no_cache(files):
    raise Unavailable(
        "there is none, since the home folder is not known; set a folder with "
        "VAE_UTILS_CACHE_DIR"
    )


def _keep(folder, new, kind):
    """Installs files in `folder`, or warns that they will be downloaded again."""
    if folder is None:
        warnings.warn(
            "The data cannot be saved, since the home folder is not known, so it will "
            "be downloaded again next time: set a folder with VAE_UTILS_CACHE_DIR.",
            stacklevel=2,
        )
        return
    try:
        for file, raw in new.items():
            folders.install(folder, file, raw)
    except OSError as error:
        warnings.warn(
            f"The data cannot be saved in {kind} ({error.strerror}), so it will be "
            "downloaded again next time. Make the folder writable, or choose another "
            "one with VAE_UTILS_CACHE_DIR or VAE_UTILS_DATA_DIR. "
            f"Received: folder={str(folder)!r}",
            stacklevel=2,
        )


def _dataset(name, entry: Entry, raws: list[bytes], source: str = "") -> Dataset:
    """Splits the contents of the four files."""
    x, y, x_test, y_test = map(idx.parse, raws)
    n = count_training(len(x))
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
    """Explains why the sample is used, with one line for each source."""
    return "\n- ".join(
        [
            f"{data.provenance} The complete data is unavailable, so the sample is "
            "used. To use the complete data, put the published files into a folder "
            "and set VAE_UTILS_DATA_DIR to it. Sources tried:",
            *failures,
        ]
    )
