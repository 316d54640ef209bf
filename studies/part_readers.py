"""How well the parts of cats can be read: from images, and from codes."""

import functools

import keras
import numpy as np
from keras import layers

from vae_utils.datasets.cats.parts import FACTORS, NAMES, SCARVES
from vae_utils.networks.inputs import call_in_batches
from vae_utils.pixels import to_unit_interval

SEED = 1  # of the readers
EPOCHS, BATCH, RATE = 5, 100, 2e-3
FILTERS = (16, 32, 64)  # of the reader of images, each with stride 2
WIDTH = 256  # of its dense layer
ALL = "all"  # five parts of a cat
MEASURED = (
    "share of test images whose part is read as it is; mouths under a scarf, which "
    f"nobody can see, are left out, and do not count in {ALL}"
)


def find_visible(parts) -> dict[str, np.ndarray]:
    """Returns for each part whether it can be seen, shape (n,): a scarf hides a mouth.

    Args:
        parts: name → index of its value in each image, as `Dataset.factors` has them.
    """
    seen = {name: np.ones(len(parts[name]), bool) for name in NAMES}
    seen["mouth"] = ~np.isin(parts["accessory"], SCARVES)
    return seen


def score(predictions, parts) -> dict[str, float]:
    """Computes the share of images whose part is read as it is, and of all five.

    Args:
        predictions: name → index read in each image.
        parts: name → index that is right.
    """
    seen = find_visible(parts)
    right = {name: (predictions[name] == parts[name]) | ~seen[name] for name in NAMES}
    shares = {name: float(right[name][seen[name]].mean()) for name in NAMES}
    return shares | {ALL: float(np.all(list(right.values()), axis=0).mean())}


def train_image_reader(images, parts) -> keras.Model:
    """Trains a small convolutional network to read all five parts of images.

    Args:
        images: original training images, uint8, shape (n, size, size, 3).
        parts: name → index of its value in each image.
    """
    keras.utils.set_random_seed(SEED)
    inputs = features = keras.Input(images.shape[1:])
    for filters in FILTERS:
        convolve = layers.Conv2D(filters, 4, 2, "same", activation="relu")
        features = convolve(features)
    features = layers.Dense(WIDTH, activation="relu")(layers.Flatten()(features))
    return _fit(inputs, features, to_unit_interval(images), parts)


def train_code_reader(codes, parts) -> keras.Model:
    """Trains a linear classifier of each part on codes.

    Args:
        codes: z_mean of training images, shape (n, latent_dim).
        parts: name → index of its value in each image.
    """
    keras.utils.set_random_seed(SEED)
    inputs = keras.Input(codes.shape[1:])
    scale = layers.Normalization()
    scale.adapt(codes)
    return _fit(inputs, scale(inputs), codes, parts, epochs=2 * EPOCHS)


def read(reader, values) -> dict[str, np.ndarray]:
    """Reads the parts of images in [0, 1], or of codes: name → index in each."""
    logits = call_in_batches(reader, values, 500)
    return {name: logits[name].argmax(axis=1) for name in NAMES}


def _fit(inputs, features, values, parts, epochs=EPOCHS):
    """Trains a model that ends in the logits of each part."""
    heads = {
        f.name: layers.Dense(len(f.values), name=f.name)(features) for f in FACTORS
    }
    reader = keras.Model(inputs, heads)
    steps = epochs * (len(values) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(RATE, max(1, steps))
    loss = functools.partial(
        keras.losses.SparseCategoricalCrossentropy, from_logits=True
    )
    reader.compile(keras.optimizers.Adam(rate), {name: loss() for name in NAMES})
    labels = {name: parts[name] for name in NAMES}
    weights = {
        name: seen.astype(np.float32) for name, seen in find_visible(parts).items()
    }
    options = {"epochs": epochs, "batch_size": BATCH, "verbose": 0}
    reader.fit(values, labels, sample_weight=weights, **options)
    return reader
