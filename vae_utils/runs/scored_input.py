"""What is to be scored: images with their names, and what is known of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_utils.datasets.pictures.wording import count, some_with_reasons


class InputError(ValueError):
    """What was given to be scored cannot be; the message says why."""


class Found(NamedTuple):
    """Images to score.

    Args:
        images: uint8, shape (n, height, width, channels).
        names: of the images, as in `scores.csv`.
        paths: of their files; None for rows of arrays.
        labels: what is known of each image's class: its name, its number, or None.
        unusable: name of each file that is left out, and why.
    """

    images: np.ndarray
    names: list[str]
    paths: list[Path | None]
    labels: list
    unusable: list[tuple[str, str]]


def check_usable(found: Found, *, skip: bool):
    """Raises InputError if files are no images, and are not to be skipped.

    Args:
        found: as `gather` returns it.
        skip: whether they are left out.
    """
    total = len(found.names) + len(found.unusable)
    if found.unusable and not (skip and found.names):
        advice = "remove them, or leave them out (--on-error skip)"
        raise InputError(
            f"{len(found.unusable):,} of {count(total, 'file')} cannot be read: "
            f"{some_with_reasons(found.unusable)}: {advice}. "
            f"Received: {count(len(found.names), 'image')} that can"
        )


def find_labels(found: Found, class_names: Sequence[str]) -> np.ndarray:
    """Finds the class of each image, for a model that is conditioned on it.

    Args:
        found: as `gather` returns it. A picture's class is the name of its folder.
        class_names: of the data that the model was trained on.

    Returns:
        ints, shape (n,).

    Raises:
        InputError: if the class of an image is not known.
    """
    known = {name: i for i, name in enumerate(class_names)}
    known |= dict(enumerate(range(len(class_names))))
    labels = [known.get(label) for label in found.labels]
    without = [n for n, y in zip(found.names, labels, strict=True) if y is None]
    if without:
        classes = ", ".join(class_names[:10])
        raise InputError(
            "The model is conditioned on labels: put each picture into a folder named "
            f"for its class ({classes}), or give an .npz file with x and y. Received: "
            f"{count(len(without), 'image')} of unknown class, such as {without[0]}"
        )
    return np.array(labels, np.int32)
