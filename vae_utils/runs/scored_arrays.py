"""Files of arrays whose images are to be scored."""

import numpy as np

from vae_utils.datasets.pictures.array_files import DAMAGED
from vae_utils.pixels import as_images, to_bytes
from vae_utils.runs.scored_input import Found, InputError

NAMES = ("x_test", "x", "images")  # of the array of an .npz file, the first there is
LABELS = ("y_test", "y", "labels")


def read_arrays(name, path, image_shape):
    """Reads an `.npz` or `.npy` file.

    Args:
        name: as it was given.
        path: of the file.
        image_shape: (height, width, channels) that the model takes.

    Returns:
        Its images; of a file that is damaged none, and why.

    Raises:
        ValueError: if the arrays are not images of that shape, or labels do not fit.
    """
    try:
        loaded = np.load(path, allow_pickle=False)
        x, y = loaded, None
        if hasattr(loaded, "files"):
            with loaded:
                x, y = _choose(loaded, NAMES), _choose(loaded, LABELS)
    except DAMAGED as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return Found(
            np.zeros((0, *image_shape), np.uint8), [], [], [], [(name, reason)]
        )
    images = None if x is None else as_images(x)
    if images is None or images.shape[1:] != tuple(image_shape):
        shape = "no array named " + ", ".join(NAMES) if x is None else images.shape[1:]
        raise InputError(
            f"An array must hold images of shape {tuple(image_shape)}, as the model "
            f"takes them. Received: {name}, with {shape}"
        )
    if images.dtype != np.uint8:
        images = to_bytes(images).reshape(images.shape)
    if y is not None and np.shape(y) != (len(images),):
        raise InputError(
            "An array of labels must have one for each image. "
            f"Received: {name}, with {len(images)} images and labels of {np.shape(y)}"
        )
    labels = [None] * len(images) if y is None else y.tolist()
    names = number(name, len(images))
    return Found(images, names, [None] * len(images), labels, [])


def _choose(archive, names):
    """Returns the first array of several names; if there is only one, that one."""
    if names is NAMES and len(archive.files) == 1:
        return archive[archive.files[0]]
    return next((archive[name] for name in names if name in archive.files), None)


def number(name: str, total: int) -> list[str]:
    """Names the rows of an array."""
    return [f"{name}[{i}]" for i in range(total)]
