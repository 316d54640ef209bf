"""`from_arrays`: a data set from images and labels in memory."""

import numpy as np

from vae_utils.checks import as_array, check_labels
from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.pictures.assembling import Source, assemble
from vae_utils.datasets.pictures.fingerprint import digest_images
from vae_utils.datasets.pictures.labelling import ONE_CLASS
from vae_utils.datasets.pictures.options import check_seed, check_shares
from vae_utils.datasets.pictures.splitting import FREE, SPLITS, TRAIN
from vae_utils.pixels import as_images, to_bytes

FEWEST = 3  # images: one for each split


def from_arrays(
    x,
    y=None,
    class_names=None,
    *,
    x_val=None,
    y_val=None,
    x_test=None,
    y_test=None,
    validation: float = 0.1,
    test: float = 0.1,
    seed: int = 0,
    name: str = "arrays",
) -> Dataset:
    """Makes a data set of arrays, split as `from_folder` splits pictures.

    Args:
        x: images, uint8 in 0 … 255 or float in [0, 1], which are rounded to uint8;
            shape (n, height, width) if grey or (n, height, width, channels).
        y: a label for each, integers or texts, shape (n,) or (n, 1); None for no
            labels, so that all images are of one class.
        class_names: name of each class, if labels are integers that count them from 0;
            by default the labels that occur are the names.
        x_val: validation images, if they are not to be taken from `x`.
        y_val: their labels.
        x_test: test images, if they are not to be taken from `x`.
        y_test: their labels.
        validation: share of `x` for validation.
        test: share of `x` for the test.
        seed: int; draws the split.
        name: of the data set.

    Returns:
        The data; `load_again` cannot load them, but checks their content.

    Raises:
        ValueError: if images, labels or shares are invalid, or images are too few.
    """
    parts = {"train": (x, y), "val": (x_val, y_val), "test": (x_test, y_test)}
    return from_parts(
        parts,
        class_names,
        name=name,
        origin="from arrays",
        recipe={"kind": "arrays"},
        validation=validation,
        test=test,
        seed=seed,
    )


def from_parts(parts: dict, class_names, **options) -> Dataset:
    """Makes a data set of arrays for training and, if given, validation and test.

    Args:
        parts: for each of `SPLITS`, images and labels; None where there are none.
        class_names: as for `from_arrays`.
        **options: for `assemble`.
    """
    check_shares(options["validation"], options["test"])
    check_seed(options["seed"])
    present = {split: pair for split, pair in parts.items() if pair[0] is not None}
    arrays = [_read_images(x) for x, _ in present.values()]
    images = arrays[0] if len(arrays) == 1 else _join(present, arrays)
    labels, names = _read_labels(present, arrays, class_names)
    if len(images) < FEWEST:
        raise ValueError(
            f"A data set needs {FEWEST} images at least, one for each split. "
            f"Received: {len(images)}"
        )
    source = Source(
        images=images,
        digests=digest_images(images),
        labels=labels,
        class_names=names,
        given=np.repeat(_name_splits(present), list(map(len, arrays))),
    )
    return assemble(source, **options)


def _read_images(x):
    """Checks images and makes them uint8, without a channel axis if they are grey."""
    images = as_images(x)
    if images.dtype != np.uint8:
        return to_bytes(images)
    return images[..., 0] if images.shape[-1] == 1 else images


def _join(present, arrays):
    shapes = {
        f"x_{split}": x.shape[1:] for split, x in zip(present, arrays, strict=True)
    }
    if len(set(shapes.values())) > 1:
        raise ValueError(
            f"The images of all splits must have one shape. Received: {shapes}"
        )
    return np.concatenate(arrays)


def _name_splits(present):
    """Returns the split of each part; training images are free if one lacks."""
    complete = len(present) == len(SPLITS)
    numbers = {split: i for i, split in enumerate(SPLITS)}
    numbers["train"] = TRAIN if complete else FREE
    return [numbers[split] for split in present]


def _read_labels(present, arrays, class_names):
    """Returns labels as int32, and the names of the classes."""
    given = [split for split, (_, y) in present.items() if y is not None]
    if not given:
        if class_names is not None and len(class_names) != 1:
            raise ValueError(
                "class_names are for labels, and there are none: give y. "
                f"Received: class_names={class_names!r}"
            )
        return np.zeros(sum(map(len, arrays)), np.int32), tuple(
            class_names or ONE_CLASS
        )
    if len(given) < len(present):
        raise ValueError(
            "All splits must have labels, or none. Received: labels for "
            f"{' and '.join(given)}, images for {' and '.join(present)}"
        )
    labels = [
        _flatten(y, len(x)) for (_, y), x in zip(present.values(), arrays, strict=True)
    ]
    labels = np.concatenate(labels)
    if class_names is not None:
        names = tuple(map(str, class_names))
        return check_labels(labels, len(labels), len(names)), names
    values, indices = np.unique(labels, return_inverse=True)
    return indices.astype(np.int32), tuple(map(str, values.tolist()))


def _flatten(y, count):
    """Checks that there is one label for each image, an integer or a text."""
    labels = as_array(y, "Labels")
    if labels.shape == (count, 1):
        labels = labels[:, 0]
    if labels.dtype.kind == "U" and labels.shape == (count,):
        return labels
    check_labels(labels, count, None)
    return labels
