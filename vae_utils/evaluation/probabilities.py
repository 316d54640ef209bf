"""How probable a classifier finds each class, of an image and of its shifted copies."""

import itertools

import numpy as np

from vae_utils import lazy_images
from vae_utils.networks import call_in_batches, input_shape

SHIFTS = tuple(itertools.product((0, 1, -1), repeat=2))  # (0, 0) is the image itself


def class_probabilities(classifier, images, *, batch_size: int = 1000) -> np.ndarray:
    """Computes the probability of each class, by a softmax of the logits.

    Args:
        classifier: as built by `networks.build_classifier`.
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels).
        batch_size: images classified at a time.

    Returns:
        Shape (n, classes); each row sums to one.

    Raises:
        ValueError: if `images` is not a batch of images of the classifier's shape.
    """
    x = lazy_images.to_unit_interval(images, input_shape(classifier, "x"))
    return _softmax(call_in_batches(classifier, x, batch_size))


def confidence(classifier, images, *, batch_size: int = 1000) -> np.ndarray:
    """Computes how sure a classifier is of its answer for each image.

    Args:
        classifier: as built by `networks.build_classifier`.
        images: as for `classify`.
        batch_size: images classified at a time.

    Returns:
        The probability of the most probable class, shape (n,).

    Raises:
        ValueError: if `images` is not a batch of images of the classifier's shape.
    """
    probabilities = class_probabilities(classifier, images, batch_size=batch_size)
    return probabilities.max(axis=1)


def average_over_shifts(classifier, images, *, batch_size: int = 1000) -> np.ndarray:
    """Averages the probabilities of nine copies of each image, shifted by one pixel.

    What a shift moves in repeats the edge, as in `augmentation.augment`.

    Args:
        classifier: as for `class_probabilities`.
        images: as for `class_probabilities`.
        batch_size: images classified at a time.

    Returns:
        As for `class_probabilities`.

    Raises:
        ValueError: as `class_probabilities` does.
    """
    x = lazy_images.to_unit_interval(images, input_shape(classifier, "x"))

    def average(batch):
        copies = (_softmax(np.array(classifier(copy))) for copy in _shift(batch))
        return sum(copies) / len(SHIFTS)

    return call_in_batches(average, x, batch_size)


def _shift(images):
    """Yields the shifted copies of a batch, shape (n, height, width, channels)."""
    images = np.array(images)
    height, width = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    for down, right in SHIFTS:
        rows, columns = slice(1 - down, 1 - down + height), slice(1 - right, None)
        yield padded[:, rows, columns][:, :, :width]


def _softmax(logits):
    """Turns logits, shape (n, classes), into probabilities."""
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
