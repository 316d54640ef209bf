"""What codes reveal about labels: I(y; z) between two bounds.

The aggregate posterior is q(z) = Σ p(y) q(z|y), with q(z|y) the mean of q(z|x, y) over
the images of a class, and I(y; z) = E[log q(z|y) − log q(z)]. Neither mixture is known
over the population of images; those of n images bound it from above, and the codes of
other images, read by a classifier, from below.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from vae_utils.evaluation.codes import CODES, draw_with_densities
from vae_utils.networks import call_in_batches
from vae_utils.precision import FLOAT32

DRAWS = 4  # codes of each image that the classifier is trained with
WIDTHS = (256, 256)
EPOCHS, BATCH_SIZE, LEARNING_RATE = 10, 500, 2e-3
READER = 5  # a stream of random numbers of its own, whatever else has the seed


class LabelInformation(NamedTuple):
    """Two bounds on I(y; z), and the largest value that it can have; all in nats.

    Args:
        lower: from a classifier of codes.
        upper: from mixtures over the images.
        entropy: H(y) of the labels, log(classes) if all are equally frequent.
        accuracy: share of codes that the classifier assigns to their label.
    """

    lower: float
    upper: float
    entropy: float
    accuracy: float


def label_information(
    posterior, labels, train_posterior, train_labels, *, seed: int = 0
) -> LabelInformation:
    """Bounds how much codes reveal about labels, from below and from above.

    The lower bound is H(y) − E[−log r(y|z)], whatever the classifier r; it is trained
    on codes of other images, so that it cannot know these by heart. The upper bound is
    exact for a population of these n images alone, where a code that tells its image
    tells its label: with narrow posteriors (a KL term well above log n) it is H(y) for
    any network, and says nothing. By convexity, both hold in expectation over images.

    Args:
        posterior: q(z|x) of n images, as `latent.encode` returns it.
        labels: their labels, ints, shape (n,).
        train_posterior: q(z|x) of other images, to train the classifier.
        train_labels: their labels.
        seed: int, of draws of codes and of the classifier's weights and order.

    Returns:
        The bounds, H(y) and the classifier's accuracy.

    Raises:
        ValueError: if there is not one label a code, a label of the first is missing in
            the second, or a value is not finite.

    Source:
        Barber and Agakov (2003), "The IM algorithm: a variational approach to
        information maximization", for the lower bound.
    """
    labels, train_labels = np.asarray(labels), np.asarray(train_labels)
    _check(posterior, labels)
    _check(train_posterior, train_labels)
    if unknown := sorted(set(labels.tolist()) - set(train_labels.tolist())):
        raise ValueError(
            "Every label must occur among the images that the classifier is trained "
            f"on. Received: labels {unknown} do not"
        )
    z, _, pairs = draw_with_densities(posterior, seed)
    frequency = np.bincount(labels) / len(labels)
    entropy = -float(np.log(frequency[labels]).mean())
    scores = _read_codes(z, train_posterior, train_labels, seed)
    right = scores[np.arange(len(labels)), labels]
    accuracy = float(np.mean(scores.argmax(axis=1) == labels))
    upper = entropy + _log_share_of_label(z, pairs, labels)
    return LabelInformation(entropy + float(right.mean()), upper, entropy, accuracy)


def _check(posterior, labels):
    count = len(posterior.mean)
    if labels.shape != (count,) or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise ValueError(
            "There must be one label a code, an int from zero. "
            f"Received: {count} codes, labels {labels.dtype} of shape {labels.shape}"
        )


def _log_share_of_label(z, pairs, labels):
    """Computes the mean log q(y|z) under the mixtures over these images."""
    rows, shares = max(1, CODES // len(z)), []
    for first in range(0, len(z), rows):
        exponents = pairs(z[first : first + rows])
        weights = np.exp(exponents - exponents.max(axis=1, keepdims=True))
        same = labels[first : first + rows, np.newaxis] == labels
        share = (weights * same).sum(axis=1) / weights.sum(axis=1)
        shares.append(np.log(share))
    return float(np.concatenate(shares).mean())


def _read_codes(z, posterior, labels, seed):
    """Trains a classifier of codes; returns log r(y|z), (n, classes), of codes z."""
    rng = np.random.default_rng([seed, READER])
    draws = posterior.draw(DRAWS, rng).astype(FLOAT32)  # (images, draws, latent_dim)
    codes, repeated = draws.reshape(-1, z.shape[1]), np.repeat(labels, DRAWS)
    scale = codes.std(axis=0) + 1e-6
    reader = _build_reader(z.shape[1], labels.max() + 1, rng)
    steps = EPOCHS * -(-len(codes) // BATCH_SIZE)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    reader.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for _ in range(EPOCHS):  # shuffled by NumPy: the same order on every backend
        order = rng.permutation(len(codes))
        options = {"batch_size": BATCH_SIZE, "shuffle": False, "verbose": 0}
        reader.fit(codes[order] / scale, repeated[order], **options)
    logits = call_in_batches(reader, (z / scale).astype(FLOAT32), 1000).astype(float)
    logits -= logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def _build_reader(latent_dim, classes, rng):
    """Builds the classifier of codes."""
    seeds = iter(rng.integers(2**31, size=len(WIDTHS) + 1).tolist())

    def dense(units, activation):
        start = keras.initializers.GlorotUniform(next(seeds))
        return layers.Dense(units, activation, kernel_initializer=start, dtype=FLOAT32)

    hidden = [dense(width, "relu") for width in WIDTHS]
    return keras.Sequential(
        [keras.Input((latent_dim,)), *hidden, dense(int(classes), None)]
    )
