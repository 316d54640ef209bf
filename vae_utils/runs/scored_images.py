"""The images to score: picture files, folders, arrays, and a run's own test images."""

from collections.abc import Sequence

import numpy as np

from vae_utils import datasets, paths
from vae_utils.datasets.pictures.listing import list_pictures
from vae_utils.datasets.pictures.loose import decode_files
from vae_utils.datasets.pictures.options import MAX_FILES, Options
from vae_utils.pixels import as_images
from vae_utils.runs.scored_arrays import number, read_arrays
from vae_utils.runs.scored_input import Found, InputError

TEST = "test"  # the word for a run's own test images
DECODED = ("fit", "background", "max_pixels")  # of a recipe, besides size and colour


def gather(files: Sequence[str], settings: dict, image_shape, data) -> Found:
    """Reads everything that is to be scored.

    Args:
        files: paths of pictures, of folders of pictures, of `.npz` and `.npy` files;
            or `"test"` for the run's own test images.
        settings: of the run, as `configurations.describe` lists them. Pictures are
            decoded as its `recipe` says.
        image_shape: (height, width, channels) that the model takes.
        data: `datasets.Dataset` of the run; None if "test" is not among the files.

    Returns:
        The images, in the order of the files, and what was no image.

    Raises:
        ValueError: if a folder holds no pictures, or arrays are not images of the
            model's shape.
    """
    listed, parts = [], []  # pictures wait, to be decoded together
    for name in files:
        path = paths.absolute(name)
        if name == TEST:
            parts.append(_read_test(data))
        elif path.is_dir():
            listed.append((name, path, list_pictures(path, MAX_FILES)))
            parts.append(len(listed) - 1)
        elif path.suffix.lower() in (".npz", ".npy") and path.is_file():
            parts.append(read_arrays(name, path, image_shape))
        else:
            listed.append((name, path, None))
            parts.append(len(listed) - 1)
    decoded = _decode(listed, settings, image_shape)
    parts = [decoded[part] if isinstance(part, int) else part for part in parts]
    return _join(parts)


def decoding_options(settings: dict, image_shape) -> Options:
    """Says how pictures become images of a run: as its own data did.

    Args:
        settings: of the run. Its `recipe`, if it is of a folder, has fit, background
            and limit; published data are taken to be on black.
        image_shape: (height, width, channels).

    Raises:
        InputError: if images are not square, or have other channels than a picture.
    """
    height, width, channels = image_shape
    if height != width or channels not in (1, 3):
        raise InputError(
            "Pictures become square images, grey or in red, green and blue: give "
            f"arrays (.npz) to this model. Received: image_shape={tuple(image_shape)}"
        )
    recipe = settings.get("recipe") or {}
    own = {name: recipe[name] for name in DECODED if name in recipe}
    if not recipe and settings["data"] in datasets.CATALOG:
        own = {"background": "black"}
    return Options(size=height, colour="grey" if channels == 1 else "rgb", **own)


def _read_test(data):
    """Returns the test images of a run."""
    names = data.files["test"] if data.files else number(TEST, len(data.x_test))
    nowhere = [None] * len(names)
    return Found(as_images(data.x_test), list(names), nowhere, list(data.y_test), [])


def _decode(listed, settings, image_shape):
    """Decodes all pictures together; returns one `Found` for each argument."""
    wanted, unusable = [], [[] for _ in listed]
    for i, (name, path, listing) in enumerate(listed):
        if listing is None:
            wanted.append((i, name, path))
            continue
        base = name.rstrip("/")
        unusable[i] += [(f"{base}/{u.name}", u.reason) for u in listing.unusable]
        wanted += [(i, f"{base}/{f.name}", path / f.name) for f in listing.files]
    if not wanted:
        return [_select([], [], [], image_shape, bad) for bad in unusable]
    options = decoding_options(settings, image_shape)
    images, reasons = decode_files([path for *_, path in wanted], options)
    for row, reason in sorted(reasons.items()):
        unusable[wanted[row][0]].append((wanted[row][1], reason))
    good = [row for row in range(len(wanted)) if row not in reasons]
    rows = [[row for row in good if wanted[row][0] == i] for i in range(len(listed))]
    return [
        _select(images, own, wanted, image_shape, bad)
        for own, bad in zip(rows, unusable, strict=True)
    ]


def _select(images, rows, wanted, image_shape, unusable):
    if not rows:
        return Found(np.zeros((0, *image_shape), np.uint8), [], [], [], unusable)
    where = [wanted[row][2] for row in rows]
    names = [wanted[row][1] for row in rows]
    return Found(images[rows], names, where, [p.parent.name for p in where], unusable)


def _join(parts):
    images, names, where, labels, unusable = zip(*parts, strict=True)
    return Found(
        np.concatenate(images),
        *(sum(lists, []) for lists in (names, where, labels, unusable)),
    )
