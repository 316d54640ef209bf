"""Random changes to training images, where there are few of them.

What a change draws is a pure function of a seed: a run that is resumed sees the images
it would have seen. Images are changed as they are, whatever the type of their pixels.
"""

import numpy as np

from vae_utils.configurations import AUGMENTATIONS

try:
    import tensorflow as tf
except ModuleNotFoundError:  # Keras runs on JAX, and NumPy makes batches
    tf = None

REACH = 16  # a shift is up to one pixel in so many, and at least one


def augment(images, kind: str, seed):
    """Mirrors half of the images of a batch, or shifts each of them.

    Args:
        images: tensor, shape (batch, height, width, channels).
        kind: of `configurations.AUGMENTATIONS`: `"flips"` mirrors left and right,
            `"shifts"` moves an image by up to a sixteenth of its height and width, and
            repeats what was at its edge, `"flips-and-shifts"` does both, `"none"`
            neither.
        seed: two ints; the same two give the same changes.

    Returns:
        Tensor of that shape and type.
    """
    if kind == "none":
        return images
    u = tf.random.stateless_uniform([3, tf.shape(images)[0]], seed)
    if "flips" in kind:
        mirrored = u[0, :, None, None, None] < 0.5
        images = tf.where(mirrored, images[:, :, ::-1], images)
    if "shifts" in kind:
        images = _shift(images, u[1], axis=1)
        images = _shift(images, u[2], axis=2)
    return images


def augment_arrays(images, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Does with an array what `augment` does with a tensor.

    Args:
        images: array, shape (batch, height, width, channels).
        kind: as for `augment`.
        rng: draws the changes.
    """
    if kind == "none":
        return images
    mirrored, down, right = rng.random((3, len(images)), np.float32)
    if "flips" in kind:
        mirrored = (mirrored < 0.5)[:, None, None, None]
        images = np.where(mirrored, images[:, :, ::-1], images)
    if "shifts" in kind:
        for axis, u in ((1, down), (2, right)):
            side = images.shape[axis]
            most = max(1, side // REACH)
            steps = np.minimum((u * (2 * most + 1)).astype(int), 2 * most) - most
            places = np.clip(np.arange(side) + steps[:, None], 0, side - 1)
            others = tuple(i for i in (1, 2, 3) if i != axis)
            images = np.take_along_axis(
                images, np.expand_dims(places, others), axis=axis
            )
    return images


def _shift(images, u, axis):
    """Moves images along an axis; u in [0, 1) chooses how far."""
    side = images.shape[axis]
    most = max(1, side // REACH)
    # A product that rounds up to 2 · most + 1 would be one pixel too far.
    steps = tf.minimum(tf.cast(u * (2 * most + 1), tf.int32), 2 * most) - most
    rows = tf.clip_by_value(tf.range(side) + steps[:, None], 0, side - 1)
    return tf.gather(images, rows, axis=axis, batch_dims=1)


def check_augmentation(kind: str):
    """Raises ValueError unless `kind` is one of `configurations.AUGMENTATIONS`."""
    if kind not in AUGMENTATIONS:
        raise ValueError(
            f"augmentation must be one of {', '.join(AUGMENTATIONS)}. "
            f"Received: augmentation={kind!r}"
        )
