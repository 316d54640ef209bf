"""From images, labels and shares to a `Dataset`."""

import itertools
from typing import NamedTuple

import numpy as np

from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.pictures import grouping, splitting
from vae_utils.datasets.pictures.arranging import arrange
from vae_utils.datasets.pictures.fingerprint import fingerprint
from vae_utils.datasets.pictures.likeness import find_equal
from vae_utils.datasets.pictures.splitting import SPLITS
from vae_utils.datasets.pictures.wording import count


class Source(NamedTuple):
    """Images with their labels, before they are split.

    Args:
        images: uint8, shape (n, height, width) or (n, height, width, channels).
        digests: SHA-256 of each image.
        labels: ints, shape (n,).
        class_names: name of each class.
        files: name of each image's file; None if there are none.
        given: the split of each image where it is known, else None.
    """

    images: np.ndarray
    digests: list[str]
    labels: np.ndarray
    class_names: tuple[str, ...]
    files: list[str] | None = None
    given: np.ndarray | None = None


def assemble(source: Source, *, name, origin, recipe, validation, test, seed):
    """Splits images and makes a data set of them.

    Images of a split are in an order at random that depends only on their contents and
    the seed, so that the first few of them have all classes.

    Args:
        source: images and labels.
        name: of the data set.
        origin: where the images come from, which ends the line of provenance.
        recipe: how to load them again.
        validation: share of the images for validation.
        test: share of the images for the test.
        seed: int, of split and order.

    Returns:
        The `Dataset`.
    """
    groups = grouping.find(source.images, source.digests)
    ranks = splitting.rank(source.digests, seed)
    shares = {"validation": validation, "test": test}
    about = ranks, source.labels, groups
    which = splitting.split(*about, **shares, given=source.given)
    orders = _order(source, ranks, which)
    labels = [source.labels[order] for order in orders]
    digests = [[source.digests[i] for i in order] for order in orders]
    images = arrange(source.images, source.digests, orders)
    pairs = list(zip(digests, labels, strict=True))
    return Dataset(
        name,
        *itertools.chain(*zip(images, labels, strict=True)),
        class_names=source.class_names,
        complete=True,
        provenance=f"{_describe(name, source, which, groups)}; {origin}",
        recipe=recipe,
        content=fingerprint(source.images.shape[1:], source.class_names, pairs),
        files=_name_files(source, orders),
    )


def _order(source, ranks, which):
    """Lists the images of each split, in their order at random."""
    files = source.files or [""] * len(ranks)
    key = list(zip(ranks, source.labels.tolist(), files, strict=True))
    order = np.array(sorted(range(len(ranks)), key=key.__getitem__), int)
    return [order[which[order] == split] for split in range(len(SPLITS))]


def _name_files(source, orders):
    """Maps each split to the names of its images' files."""
    if source.files is None:
        return None
    names = (tuple(source.files[i] for i in order) for order in orders)
    return dict(zip(SPLITS, names, strict=True))


def _describe(name, source, which, groups):
    """Says how many images there are, of which kind."""
    height, width, *channels = source.images.shape[1:]
    train, val, test = np.bincount(which, minlength=len(SPLITS))
    kind = "in colour" if channels and channels[0] > 1 else "grey"
    parts = [
        f"{name}: {train:,} train + {val:,} validation + {test:,} test images of "
        f"{height} × {width}, {kind}"
    ]
    if len(source.class_names) > 1:
        parts.append(count(len(source.class_names), "class", "classes"))
    copies = len(groups) - len(np.unique(find_equal(source.digests)))
    if copies:
        parts.append(count(copies, "copy", "copies"))
    alike = len(groups) - len(np.unique(groups)) - copies
    if alike:
        parts.append(f"{alike:,} that look like others")
    held_out = which != splitting.TRAIN
    if leaks := np.isin(groups[held_out], groups[~held_out]).sum():
        what = count(leaks, "held-out image that looks", "held-out images that look")
        parts.append(f"{what} like a training image")
    return ", ".join(parts)
