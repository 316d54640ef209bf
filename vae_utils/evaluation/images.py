"""How close images are: reconstructions to theirs, generated digits to real ones."""

import keras
import numpy as np

from vae_utils import lazy_images
from vae_utils.networks import FEATURES, call_in_batches, input_shape
from vae_utils.pixels import to_unit_interval


def rmse(images, reconstructions) -> float:
    """Computes the root-mean-square error of each image and averages over images.

    Args:
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels).
        reconstructions: mean images, float, of the same shape.

    Returns:
        The mean of `rmse_each`.

    Raises:
        ValueError: if the shapes differ.
    """
    return float(rmse_each(images, reconstructions).mean())


def rmse_each(images, reconstructions) -> np.ndarray:
    """Computes the root-mean-square error of each image.

    Args:
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels).
        reconstructions: mean images, float, of the same shape.

    Returns:
        √(mean over pixels and channels of the squared error), in levels of [0, 1],
        shape (n,).

    Raises:
        ValueError: if the shapes differ.
    """
    x, mean = to_unit_interval(images), to_unit_interval(reconstructions)
    if x.shape != mean.shape:
        raise ValueError(
            "Images and reconstructions must have the same shape. "
            f"Received: {x.shape} and {mean.shape}"
        )
    return np.sqrt(np.square(x - mean).mean(axis=(1, 2, 3)))


def classify(
    classifier, images, *, batch_size: int = 1000
) -> tuple[np.ndarray, np.ndarray]:
    """Classifies images, and returns the features that the classifier uses.

    Args:
        classifier: as built by `networks.build_classifier`.
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels); of generated ones, decoder means.
        batch_size: images classified at a time.

    Returns:
        The predicted classes, ints, shape (n,), and the features that the last layer
        reads, shape (n, d), d = 64 by default, as `frechet_digit_distance` takes them.

    Raises:
        ValueError: if `images` is not a batch of images of the classifier's shape.
    """
    x = lazy_images.to_unit_interval(images, input_shape(classifier, "x"))
    features = classifier.get_layer(FEATURES).output
    both = keras.Model(classifier.inputs[0], [classifier.outputs[0], features])
    logits, features = call_in_batches(both, x, batch_size)
    return logits.argmax(axis=1), features


def frechet_digit_distance(features, others) -> float:
    """Computes the Fréchet distance between two sets of a digit classifier's features.

    The formula is FID's; the features are not Inception's, and the numbers compare
    with nothing outside this book. Fewer examples give larger distances: compare only
    distances of equal sizes.

    Args:
        features: of one set of images, shape (n, d).
        others: of the other set, shape (m, d).

    Returns:
        ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½), in squared units of the features.

    Raises:
        ValueError: if the shapes do not fit, or a set has fewer than two examples.

    Source:
        Heusel et al. (2017), https://arxiv.org/abs/1706.08500, equation 6.
    """
    sets = [np.asarray(values, dtype=np.float64) for values in (features, others)]
    if (
        any(v.ndim != 2 or len(v) < 2 for v in sets)
        or len({v.shape[1] for v in sets}) > 1
    ):
        raise ValueError(
            "Both sets must have shape (n, d), n > 1, of the same d. Received: "
            f"{sets[0].shape} and {sets[1].shape}"
        )
    means = [values.mean(axis=0) for values in sets]
    first, second = (
        np.cov(values, rowvar=False).reshape(2 * values.shape[1:]) for values in sets
    )
    # The eigenvalues of Σ₁ Σ₂ are those of Σ₁^½ Σ₂ Σ₁^½, which is symmetric.
    values, vectors = np.linalg.eigh(first)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    distance = np.square(means[0] - means[1]).sum()
    return float(distance + np.trace(first) + np.trace(second) - 2 * shared)
