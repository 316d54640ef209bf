"""Batches made by NumPy, where TensorFlow is not installed and Keras runs on JAX.

As in `pipeline`, a batch is a pure function of seed and number, so that a run can stop
and resume; its random numbers are others than TensorFlow's.
"""

import functools
import math
from collections.abc import Callable

import keras
import numpy as np

from vae_utils.augmentation import augment_arrays
from vae_utils.dequantisation import fill_cells

_ORDER, _CHANGE, _DRAW = 0, 1, 2  # streams of random numbers from one seed


class Batches(keras.utils.PyDataset):
    """Batches by number; Keras's `fit` takes them in their order.

    Args:
        make: function from number to batch.
        count: number of batches.
        first: number of the first one.
    """

    def __init__(self, make: Callable[[int], object], count: int, first: int = 0):
        super().__init__()
        self._make, self._count, self._first = make, count, first

    def __len__(self):
        return self._count - self._first

    def __getitem__(self, index):
        return self._make(self._first + index)

    def skip(self, count: int) -> "Batches":
        """Returns the batches after the first `count` ones."""
        return Batches(self._make, self._count, self._first + count)


def make_training_batches(
    images,
    labels,
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    binarisation: str,
    dequantisation: str,
    augmentation: str,
    first_epoch: int,
) -> Batches:
    """Makes the batches that `pipeline.training_batches` describes.

    Args:
        images: array, shape (n, height, width, channels).
        labels: ints, shape (n,), or None.
        batch_size: as there.
        epochs: as there.
        seed: as there.
        binarisation: as there.
        dequantisation: as there.
        augmentation: as there.
        first_epoch: as there.
    """
    steps = len(images) // batch_size

    @functools.lru_cache(maxsize=1)
    def shuffle(epoch):
        return np.random.default_rng([seed, _ORDER, epoch]).permutation(len(images))

    def make(number):
        epoch, step = divmod(number, steps)
        rows = shuffle(epoch)[step * batch_size : (step + 1) * batch_size]
        change = np.random.default_rng([seed, _CHANGE, number])
        x = augment_arrays(images[rows], augmentation, change)
        draw = np.random.default_rng([seed, _DRAW, number])
        x = _prepare(x, binarisation, dequantisation, draw)
        return x if labels is None else {"x": x, "y": labels[rows]}

    return Batches(make, epochs * steps, first_epoch * steps)


def make_evaluation_batches(images, labels, *, batch_size: int) -> Batches:
    """Makes batches of every image once, in order.

    Args:
        images: array, shape (n, height, width, channels), binarised if they shall be.
        labels: ints, shape (n,), or None.
        batch_size: images in a batch; the last may be smaller.
    """

    def make(number):
        rows = slice(number * batch_size, (number + 1) * batch_size)
        x = _scale(images[rows])
        return x if labels is None else {"x": x, "y": labels[rows]}

    return Batches(make, math.ceil(len(images) / batch_size))


def _prepare(x, binarisation, dequantisation, draw):
    """Scales a batch to float32 in [0, 1], and draws with a generator."""
    if dequantisation == "uniform":
        return fill_cells(x, draw.random(x.shape, np.float32))
    x = _scale(x)
    if binarisation == "dynamic":
        return (draw.random(x.shape, np.float32) < x).astype(np.float32)
    return (x >= 0.5).astype(np.float32) if binarisation == "static" else x


def _scale(x):
    """Scales a batch to float32 in [0, 1]."""
    scale = np.float32(255 if x.dtype == np.uint8 else 1)
    return x.astype(np.float32) / scale
