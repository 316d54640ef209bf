"""`check_folder`: what a folder of pictures holds, before anything is trained."""

import dataclasses
from collections import Counter
from os import PathLike
from pathlib import Path

import numpy as np

from vae_utils import paths
from vae_utils.datasets.pictures import decoded, grouping
from vae_utils.datasets.pictures.contact_sheet import make_sheet
from vae_utils.datasets.pictures.labelling import label
from vae_utils.datasets.pictures.likeness import find_equal
from vae_utils.datasets.pictures.listing import list_pictures
from vae_utils.datasets.pictures.options import Options
from vae_utils.datasets.pictures.report import Report


def check_folder(
    path: str | PathLike,
    *,
    labels: str | PathLike | None = "folders",
    size: int | None = None,
    colour: str | None = None,
    **options,
) -> Report:
    """Looks at all pictures of a folder, which is never written to.

    They are decoded into the cache, so that `from_folder` need not do so again if it
    gets the same size.

    Args:
        path: of the folder.
        labels: as for `from_folder`; labels that do not fit are reported.
        size: pixels of a side, at which pictures are compared and shown, and which the
            command to train has; None for 64, and a command with the size that suits.
        colour: that the command has, as for `from_folder`; None for what suits.
        **options: other options of `from_folder`, which the command has too.

    Returns:
        The report; `table()` is its text, `sheet` a picture.

    Raises:
        ValueError: if there is no such folder, or no picture in it can be read.
    """
    given = {"size": size, "colour": colour, **options}
    given = {name: value for name, value in given.items() if value is not None}
    asked = dataclasses.replace(Options(labels=labels, **given), colour="rgb")
    root = paths.absolute(path)
    listing = list_pictures(root, asked.max_files)
    pictures = decoded.read(listing, asked)
    classes, complaint = _count_classes(root, pictures.names, asked)
    return Report(
        path=root,
        labels=labels,
        options=given,
        names=tuple(pictures.names),
        others=tuple(listing.others),
        unusable=tuple(sorted([*listing.unusable, *pictures.unusable])),
        facts=pictures.facts,
        classes=classes,
        complaint=complaint,
        **_find_groups(pictures),
        sheet=make_sheet(pictures.images),
    )


def _count_classes(root: Path, names, asked):
    """Counts the pictures of each class; says what is wrong."""
    complaint = None
    try:
        label(root, names, dataclasses.replace(asked, on_error="refuse"))
    except ValueError as error:
        complaint = str(error)
    try:
        skipping = dataclasses.replace(asked, on_error="skip")
        labelled = label(root, names, skipping)
    except ValueError:  # a CSV file that cannot be read
        return {}, complaint
    counts = np.bincount(labelled.labels, minlength=len(labelled.class_names))
    return dict(zip(labelled.class_names, counts.tolist(), strict=True)), complaint


def _find_groups(pictures):
    """Lists the names of pictures that are equal, and of pictures that look alike."""
    equal = find_equal(pictures.digests)
    alike = grouping.find(pictures.images, pictures.digests)
    first = np.unique(equal)  # of equal pictures, one may look like others
    return {
        "copies": _list_groups(equal, np.arange(len(equal)), pictures.names),
        "alike": _list_groups(alike, first, pictures.names),
    }


def _list_groups(groups, members, names):
    """Lists groups of two or more, the largest first."""
    sizes = Counter(groups[members].tolist())
    found = {group: [] for group, size in sizes.items() if size > 1}
    for i in members:
        if groups[i] in found:
            found[groups[i]].append(names[i])
    return tuple(sorted((tuple(group) for group in found.values()), key=len)[::-1])
