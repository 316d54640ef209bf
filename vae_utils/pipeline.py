"""Batches: order and what is done to images are functions of (seed, epoch).

All images stay in memory, in their own type (such as uint8); those that do not fit are
refused, unless they are mapped from a file, which the system reads as needed. Batches
are float32 in [0, 1], shape (batch, height, width, channels). Since no batch depends on
earlier draws, training can stop after any epoch and resume with the batches it would
have had.

Batches are made by TensorFlow whichever backend Keras trains with: `fit` accepts a
`tf.data.Dataset` on all of them. Where TensorFlow is not installed, NumPy makes them
(`numpy_batches`).
"""

from __future__ import annotations  # tf.data.Dataset, also where there is none

import numpy as np

from vae_utils import numpy_batches
from vae_utils.augmentation import augment, check_augmentation
from vae_utils.checks import check_labels, check_positive_integer
from vae_utils.dequantisation import (
    LARGEST,
    LEVELS,
    check_dequantisation,
    dequantise,
)
from vae_utils.memory import check_fits, is_mapped
from vae_utils.pixels import as_images, binarise, check_binarisation

try:
    import tensorflow as tf
except ModuleNotFoundError:
    tf = None

_ORDER, _DRAW = 0, 1  # two streams of random numbers from one seed
ALIGNED = 64  # bytes at which TensorFlow wants memory to begin
DRAWN = 8  # bytes a pixel while all images are binarised, or dequantised, at once


def training_batches(
    images,
    labels=None,
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    binarisation: str = "dynamic",
    dequantisation: str = "none",
    augmentation: str = "none",
    first_epoch: int = 0,
    classes: int | None = None,
) -> tuple[tf.data.Dataset, int]:
    """Makes shuffled batches for all epochs, and counts the batches of one epoch.

    The last, incomplete batch of an epoch is dropped; different images are dropped in
    every epoch.

    Args:
        images: as for `pixels.as_images`.
        labels: ints, shape (n,); if given, a batch is `{"x": images, "y": labels}`.
        batch_size: images in a batch.
        epochs: total number of epochs, as for `fit`.
        seed: int; all that is drawn depends only on it and the epoch.
        binarisation: as for `pixels.binarise`; `"dynamic"` draws again in every epoch.
        dequantisation: `"uniform"` spreads bytes over their cells, as
            `dequantisation.dequantise` does, with new noise in every epoch.
        augmentation: as for `augmentation.augment`, drawn again in every epoch.
        first_epoch: epoch to start with, as `initial_epoch` of `fit`.
        classes: number of classes that labels must be below; None allows any.

    Returns:
        The dataset, and its `steps_per_epoch` for `fit(..., shuffle=False)`.

    Raises:
        ValueError: if a size or shape does not fit, the images do not fit into the
            memory that is free, or as `pixels.binarise` or `checks.check_labels`.
    """
    check_binarisation(binarisation)
    check_augmentation(augmentation)
    images = as_images(images)
    check_dequantisation(dequantisation, images, binarisation)
    check_batch_size(batch_size, len(images))
    steps = len(images) // batch_size
    _check_first_epoch(first_epoch, epochs)
    if tf is None:
        batches = numpy_batches.make_training_batches(
            images,
            _check(labels, images, classes),
            batch_size=batch_size,
            epochs=epochs,
            seed=seed,
            binarisation=binarisation,
            dequantisation=dequantisation,
            augmentation=augmentation,
            first_epoch=first_epoch,
        )
        return batches, steps
    resident = _resident(images, labels, classes)

    def one_epoch(epoch):
        order = tf.random.experimental.stateless_shuffle(
            tf.range(len(images)), seed=[seed, 2 * epoch + _ORDER]
        )
        indices = tf.reshape(order[: steps * batch_size], (steps, batch_size))

        def one_batch(step, rows):
            number = epoch * steps + step
            batch = {name: tf.gather(values, rows) for name, values in resident.items()}
            # Negative numbers are a third stream, next to _ORDER and _DRAW.
            x = augment(batch["x"], augmentation, [seed, -1 - number])
            draw = [seed, 2 * number + _DRAW]
            batch["x"] = _prepare(x, binarisation, draw, dequantisation)
            return batch if labels is not None else batch["x"]

        return tf.data.Dataset.from_tensor_slices(indices).enumerate().map(one_batch)

    batches = tf.data.Dataset.range(first_epoch, epochs).flat_map(one_epoch)
    cardinality = tf.data.experimental.assert_cardinality(
        (epochs - first_epoch) * steps
    )
    return _without_autotuning(batches.apply(cardinality).prefetch(4)), steps


def check_batch_size(batch_size: int, count: int):
    """Raises ValueError unless `count` images fill at least one batch."""
    check_positive_integer(batch_size, "batch_size", "the images in a batch")
    if batch_size > count:
        raise ValueError(
            f"batch_size must be at most the number of images, {count}. "
            f"Received: batch_size={batch_size}"
        )


def _check_first_epoch(first_epoch, epochs):
    """Raises ValueError unless there are epochs, and `first_epoch` is one of them."""
    if not 0 <= first_epoch < epochs:
        raise ValueError(
            "first_epoch must be one of the epochs 0 … epochs - 1. "
            f"Received: first_epoch={first_epoch}, epochs={epochs}"
        )


def evaluation_batches(
    images,
    labels=None,
    *,
    batch_size: int = 500,
    seed: int = 0,
    binarisation: str = "dynamic",
    dequantisation: str = "none",
    classes: int | None = None,
) -> tf.data.Dataset:
    """Makes batches of every image once, in order, with fixed draws.

    Args:
        images: as for `pixels.as_images`.
        labels: ints, shape (n,); if given, a batch is `{"x": images, "y": labels}`.
        batch_size: images in a batch; the last may be smaller.
        seed: int; seed of the binarisation or dequantisation.
        binarisation: as for `pixels.binarise`.
        dequantisation: as for `training_batches`.
        classes: number of classes that labels must be below; None allows any.

    Returns:
        The dataset, for `fit(validation_data=...)` and `evaluate`.

    Raises:
        ValueError: if the images do not fit into the memory that is free, or as
            `pixels.binarise` or `checks.check_labels`.
    """
    check_positive_integer(batch_size, "batch_size", "the images in a batch")
    images = as_images(images)
    check_dequantisation(dequantisation, images, binarisation)
    images = _draw_once(images, binarisation, dequantisation, seed)
    if tf is None:
        labels = _check(labels, images, classes)
        return numpy_batches.make_evaluation_batches(
            images, labels, batch_size=batch_size
        )
    resident = _resident(images, labels, classes)
    batches = tf.data.Dataset.from_tensor_slices(resident).batch(batch_size)

    def one_batch(batch):
        x = _prepare(batch["x"], "none", None)
        return {**batch, "x": x} if labels is not None else x

    return _without_autotuning(batches.map(one_batch).prefetch(2))


def _draw_once(images, binarisation, dequantisation, seed):
    """Binarises or dequantises all images, if they shall be."""
    if binarisation == dequantisation == "none":
        return images
    _check_memory(images, DRAWN * images.size)
    if dequantisation != "none":
        return dequantise(images, seed)
    # As uint8, a quarter of the memory of float32.
    return binarise(images, binarisation, seed).astype(np.uint8) * 255


def _without_autotuning(batches):
    """Switches off TensorFlow's autotuning, which has nothing to tune here.

    Its thread sleeps for up to a minute at a time, and dropping the iterator, as `fit`
    does at its end, may wait until the thread wakes up.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options)


def _prepare(x, binarisation, draw, dequantisation="none"):
    """Scales a batch to float32 in [0, 1], and draws with the seed `draw`."""
    if dequantisation == "uniform":
        u = tf.random.stateless_uniform(tf.shape(x), draw)
        return (tf.cast(x, tf.float32) + tf.minimum(u, LARGEST)) / LEVELS
    x = tf.cast(x, tf.float32) / (255.0 if x.dtype == tf.uint8 else 1.0)
    if binarisation == "dynamic":
        # Drawn here, not in the training step, because drawing a number inside XLA on
        # a CPU is far slower.
        return tf.cast(tf.random.stateless_uniform(tf.shape(x), draw) < x, tf.float32)
    return tf.cast(x >= 0.5, tf.float32) if binarisation == "static" else x


def _check_memory(images, more=0):
    """Raises ValueError unless a copy of the images fits, and more bytes besides."""
    check_fits(
        images.nbytes + more,
        f"{len(images):,} images",
        "train on fewer or smaller ones, since all of them stay in memory",
    )


def _resident(images, labels, classes):
    """Makes tensors of images, and of labels if there are any."""
    if _can_share(images):
        x = tf.experimental.dlpack.from_dlpack(images.__dlpack__())
    else:
        _check_memory(images)
        x = tf.constant(images)
    if labels is None:
        return {"x": x}
    return {"x": x, "y": tf.constant(_check(labels, images, classes))}


def _check(labels, images, classes):
    """Returns labels, checked; None where there are none."""
    return None if labels is None else check_labels(labels, len(images), classes)


def _can_share(images):
    """Tells whether TensorFlow can read images where they are, mapped from a file.

    NumPy shares no memory that must not be written to: np.load(..., mmap_mode="c").
    """
    flags = images.flags
    aligned = images.ctypes.data % ALIGNED == 0
    return is_mapped(images) and flags.c_contiguous and flags.writeable and aligned
