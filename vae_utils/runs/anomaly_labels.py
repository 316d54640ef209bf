"""Which images are anomalies, from a CSV file."""

import csv
from os import PathLike
from pathlib import Path

import numpy as np

from vae_utils import paths
from vae_utils.datasets.pictures.csv_labels import FILE_HEADERS, SEPARATORS
from vae_utils.datasets.pictures.wording import count, some
from vae_utils.runs.scored_images import InputError

HEADERS = ("anomaly", "anomalous", "label", "class", "is_anomaly")
VALUES = {"0": 0, "1": 1}
UNKNOWN = -1  # of images without a line, where those are left out


def read_anomalies(path: str | PathLike, found, *, skip: bool = False) -> np.ndarray:
    """Reads which images are anomalies.

    Args:
        path: of a CSV file with a line of headers, `file` and `anomaly`, and a line for
            each image: its name, and 1 for an anomaly, else 0. A file is named as in
            `scores.csv`, by its whole path, from the folder of the CSV file, or by its
            own name where no other has it.
        found: the images, as `scored_images.gather` returns them.
        skip: whether images without a line, and lines without an image, are left out.

    Returns:
        1, 0 or `UNKNOWN` for each image, shape (n,).

    Raises:
        InputError: if the file cannot be read, or does not fit the images.
    """
    path = paths.absolute(path)
    lines = _read_lines(path)
    spellings = _spell(found, path.parent)
    labels, foreign = np.full(len(found.names), UNKNOWN), []
    for name, label in lines.items():
        index = spellings.get(name)
        if index is None:
            foreign.append(name)
        else:
            labels[index] = label
    without = [n for n, y in zip(found.names, labels, strict=True) if y == UNKNOWN]
    if (foreign or without) and not skip:
        raise InputError(
            f"The file of labels {_describe(without, foreign)}: correct it, or leave "
            f"those out (--on-error skip). Received: labels={str(path)!r}"
        )
    if not {0, 1} <= set(labels.tolist()):
        known = int((labels != UNKNOWN).sum())
        kind = count(int((labels == 1).sum()), "anomaly", "anomalies")
        raise InputError(
            "The file of labels must name anomalies and other images among those that "
            f"are scored. Received: labels={str(path)!r}, with {kind} among {known:,}"
        )
    return labels


def _read_lines(path):
    """Returns name → 0 or 1."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            first = stream.readline()
            stream.seek(0)
            separator = max(SEPARATORS, key=first.count)
            header, *rows = list(csv.reader(stream, delimiter=separator)) or [[]]
    except OSError as error:
        raise InputError(
            f"The file of labels cannot be read ({error.strerror}). "
            f"Received: labels={str(path)!r}"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"The file of labels must be CSV in UTF-8 ({error}). "
            f"Received: labels={str(path)!r}"
        ) from error
    file, label = _find_columns(path, header)
    rows = [row for row in rows if len(row) > max(file, label)]  # not empty lines
    for row in rows:
        if row[label].strip() not in VALUES:
            raise InputError(
                "The file of labels must say 1 for an anomaly, else 0. "
                f"Received: {row[file]},{row[label]}"
            )
    return {_clean(row[file]): VALUES[row[label].strip()] for row in rows}


def _find_columns(path, header):
    names = [name.strip().lower() for name in header]
    file = next((names.index(n) for n in FILE_HEADERS if n in names), None)
    label = next((names.index(n) for n in HEADERS if n in names), None)
    if file is None or label is None:
        raise InputError(
            "The file of labels must begin with a line of headers, 'file,anomaly'. "
            f"Received: labels={str(path)!r}, which begins with {','.join(header)!r}"
        )
    return file, label


def _clean(name):
    return name.strip().replace("\\", "/").removeprefix("./")


def _spell(found, beside: Path):
    """Maps every spelling of a name to the image it means; other names are missing."""
    spellings = {}
    for kind in (_as_shown, _whole, _below(beside), _alone):
        own = {}
        for index, (name, path) in enumerate(
            zip(found.names, found.paths, strict=True)
        ):
            spelled = kind(name, path)
            own[spelled] = None if spelled in own else index
        spellings = own | spellings
    return {name: index for name, index in spellings.items() if index is not None}


def _as_shown(name, path):
    return _clean(name)


def _whole(name, path):
    return name if path is None else path.as_posix()


def _below(folder):
    def spell(name, path):
        inside = path is not None and path.is_relative_to(folder)
        return path.relative_to(folder).as_posix() if inside else name

    return spell


def _alone(name, path):
    return name if path is None else path.name


def _describe(without, foreign):
    """Says which images have no line, and which lines no image."""
    parts = []
    if without:
        images = count(len(without), "image")
        parts.append(f"has no line for {images}, such as {some(without)}")
    if foreign:
        files = count(len(foreign), "file that is", "files that are")
        parts.append(f"names {files} not scored, such as {some(foreign)}")
    return " and ".join(parts)
