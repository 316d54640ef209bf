"""Classes of pictures: from the folders they are in, from a CSV file, or none."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_utils.datasets.pictures.csv_labels import look_up, read_csv
from vae_utils.datasets.pictures.options import Options
from vae_utils.datasets.pictures.splitting import FREE, TEST, TRAIN, VAL
from vae_utils.datasets.pictures.wording import count, some

ONE_CLASS = ("image",)  # of pictures without labels
#: Names of folders that say which split their pictures are for.
SPLIT_FOLDERS = {
    "train": TRAIN,
    "training": TRAIN,
    "val": VAL,
    "valid": VAL,
    "validation": VAL,
    "test": TEST,
    "testing": TEST,
}


class Labelled(NamedTuple):
    """Classes of pictures.

    Args:
        kept: indices of the pictures that have one.
        labels: int32, shape (kept,).
        class_names: name of each class.
        given: for each picture that is kept, `TRAIN`, `VAL`, `TEST` or `FREE`.
    """

    kept: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    given: np.ndarray


def label(root: Path, names: list[str], options: Options) -> Labelled:
    """Finds the class of each picture.

    Args:
        root: the folder.
        names: of the pictures below it.
        options: `labels` says where classes are, `on_error` what happens to pictures
            without one, and to classes of one picture.

    Raises:
        ValueError: if a picture has no class, a class has one picture only, or the CSV
            file does not fit the pictures, unless those are to be skipped.
    """
    given, parts = _read_splits([name.split("/") for name in names])
    if options.labels is None:
        found = [ONE_CLASS[0]] * len(names)
    elif options.labels == "folders":
        found = _from_folders(root, names, parts, options)
    else:
        path, lines = read_csv(options.labels, root)
        found = look_up(names, path, lines, refuse=options.on_error == "refuse")
    found = _without_lonely(root, found, options)
    kept = np.array([i for i, name in enumerate(found) if name is not None], int)
    class_names = tuple(sorted({found[i] for i in kept}, key=_natural))
    index = {name: i for i, name in enumerate(class_names)}
    labels = np.array([index[found[i]] for i in kept], np.int32)
    return Labelled(kept, labels, class_names, given[kept])


def _read_splits(parts):
    """Reads which split pictures are for, if all folders have the names of splits.

    Returns:
        An array of splits, and the parts of the names below those folders.
    """
    splits = [SPLIT_FOLDERS.get(first.lower(), FREE) for first, *_ in parts]
    nested = all(len(names) > 1 for names in parts)
    known = set(splits)
    if not nested or FREE in known or TRAIN not in known or len(known) < 2:
        return np.full(len(parts), FREE), parts
    given = np.array(splits)
    if len(known) < 3:  # the split that has no folder is taken from the training images
        given[given == TRAIN] = FREE
    return given, [names[1:] for names in parts]


def _from_folders(root, names, parts, options):
    """Names the class of each picture: the first folder that it is in."""
    outside = [i for i, names in enumerate(parts) if len(names) == 1]
    if len(outside) == len(parts):
        return [ONE_CLASS[0]] * len(parts)
    if outside and options.on_error == "refuse":
        raise ValueError(
            f"{count(len(outside), 'picture is', 'pictures are')} in no folder of a "
            f"class, such as {some([names[i] for i in outside])}: put each into one, "
            "or choose labels=None, which needs no classes, or "
            f"on_error='skip'. Received: path={str(root)!r}, labels='folders'"
        )
    return [None if len(names) == 1 else names[0] for names in parts]


def _without_lonely(root, found, options):
    """Removes classes of one picture, or refuses them."""
    sizes = Counter(name for name in found if name is not None)
    lonely = sorted(name for name, size in sizes.items() if size == 1)
    if not lonely or len(found) == 1:
        return found
    if options.on_error == "refuse":
        what = count(len(lonely), "class has", "classes have")
        raise ValueError(
            f"{what} one picture only, which cannot be both in training and in test: "
            f"{some(lonely)}; add pictures, join classes, or choose labels=None or "
            f"on_error='skip'. Received: path={str(root)!r}, "
            f"labels={str(options.labels)!r}"
        )
    return [None if sizes.get(name) == 1 else name for name in found]


def _natural(name):
    """Orders classes by number where all of the name is one, else by name."""
    is_number = name.isascii() and name.isdigit()
    return (0, int(name), name) if is_number else (1, 0, name)
