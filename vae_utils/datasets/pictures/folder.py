"""`from_folder`: a data set from a folder of pictures."""

import dataclasses
import os
from os import PathLike
from pathlib import Path

import numpy as np

from vae_utils import paths
from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.options import MAX_FILES, MAX_PIXELS
from vae_utils.datasets.pictures import decoded
from vae_utils.datasets.pictures.assembling import Source, assemble
from vae_utils.datasets.pictures.labelling import label
from vae_utils.datasets.pictures.listing import list_pictures
from vae_utils.datasets.pictures.options import Options
from vae_utils.datasets.pictures.wording import count, some_with_reasons

FEWEST = 3  # pictures: one for each split


def from_folder(
    path: str | PathLike,
    size: int = 64,
    colour: str = "auto",
    labels: str | PathLike | None = "folders",
    validation: float = 0.1,
    test: float = 0.1,
    seed: int = 0,
    on_error: str = "refuse",
    fit: str = "crop",
    background: str = "white",
    max_pixels: int = MAX_PIXELS,
    max_files: int = MAX_FILES,
) -> Dataset:
    """Loads a folder of pictures, which is never written to.

    Pictures are decoded once, by several processes, and kept in the cache until a file
    changes. They are turned upright (EXIF), animations give their first frame, and what
    is transparent shows the background. The split depends on contents and `seed` only;
    copies, and pictures that look alike, are on one side of it, and classes have their
    share of each split. Folders `train`, `val` and `test` are taken as the split.

    Args:
        path: of the folder; pictures may be in folders inside it.
        size: pixels of a side of the images, which are square.
        colour: `"rgb"`, `"grey"`, or `"auto"`, which is grey if every picture is.
        labels: `"folders"` if the folder has one for each class (pictures that are in
            none have no labels); the path of a CSV file with the columns `file` and
            `label`; or None for no labels. Without labels, all are of one class.
        validation: share of the images for validation.
        test: share of the images for the test.
        seed: int; draws the split.
        on_error: what happens to files that are no pictures, pictures without a label,
            and classes of one picture: `"refuse"` or `"skip"`.
        fit: `"crop"` to the square in the middle, or `"pad"` to a square.
        background: name of a colour, such as `"white"` or `"#ffcc00"`.
        max_pixels: most pixels of a file; larger ones are not decoded.
        max_files: most pictures.

    Returns:
        The data, uint8; memory-mapped if they need more than a quarter of the memory
        that is free. `files` has the names of each split's files.

    Raises:
        ValueError: if an option is invalid, there is no such folder, or it does not
            hold what was asked for; one sentence, with the first names.
    """
    given = {name: value for name, value in locals().items() if name != "path"}
    options = Options(**given)
    root = paths.absolute(path)
    pictures, unusable = _read(root, options)
    labelled = label(root, pictures.names, options)
    kept = labelled.kept
    if len(kept) < FEWEST:
        raise ValueError(
            f"A data set needs {FEWEST} pictures at least, one for each split. "
            f"Received: {count(len(kept), 'picture')}, path={str(root)!r}"
        )
    return assemble(
        _select(pictures, labelled),
        name=f"./{root.name}",  # a path, so that it is no other data set's
        origin=_describe(root, options, len(unusable), len(pictures.names) - len(kept)),
        recipe={"kind": "folder", "path": str(root), **_as_json(options)},
        validation=validation,
        test=test,
        seed=seed,
    )


def _select(pictures, labelled):
    """Returns the pictures that have a class; all of them without copying."""
    kept, images = labelled.kept, pictures.images
    return Source(
        images=images if len(kept) == len(images) else images[kept],
        digests=[pictures.digests[i] for i in kept],
        labels=labelled.labels,
        class_names=labelled.class_names,
        files=[pictures.names[i] for i in kept],
        given=labelled.given,
    )


def _read(root: Path, options: Options):
    """Returns decoded pictures, and what is no picture, which may be refused.

    What the listing finds is refused before anything is decoded.
    """
    listing = list_pictures(root, options.max_files)
    total = len(listing.files) + len(listing.unusable)
    _check_usable(root, listing.unusable, total, options)
    pictures = decoded.read(listing, options)
    unusable = sorted([*listing.unusable, *pictures.unusable])
    _check_usable(root, unusable, total, options)
    return pictures, unusable


def _check_usable(root, unusable, total, options):
    """Raises ValueError if files are no pictures, and are not to be skipped."""
    if unusable and options.on_error == "refuse":
        raise ValueError(
            f"{len(unusable):,} of {count(total, 'picture')} cannot be used: "
            f"{some_with_reasons(unusable)}; remove them, or skip them with "
            f"on_error='skip'. Received: path={str(root)!r}"
        )


def _as_json(options):
    """Returns all options as JSON has them; a CSV file by its absolute path."""
    values = dataclasses.asdict(options)
    if values["labels"] not in (None, "folders"):
        values["labels"] = str(paths.absolute(os.fspath(values["labels"])))
    for name in ("validation", "test"):
        values[name] = float(values[name])
    return {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in values.items()
    }


def _describe(root, options, unusable, unlabelled):
    """Says where the images come from, and what was done to them."""
    fit = {"crop": "cropped", "pad": "padded"}[options.fit]
    parts = [f"{fit} from {root}", f"split by seed {options.seed}"]
    if unusable:
        parts.append(f"{count(unusable, 'file')} skipped")
    if unlabelled:
        parts.append(f"{count(unlabelled, 'picture')} without a class skipped")
    return ", ".join(parts)
