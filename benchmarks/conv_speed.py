"""Compares the book's convolutional pair with the one that most tutorials train.

    python -m benchmarks.conv_speed [EPOCHS] [LATENT_DIM]

Both train on the same batches, an epoch each in turns, in one process, so that a
machine that slows down slows both; only ratios inside one run mean anything. The first
epoch compiles and is left out of the speed. The usual pair: 3 × 3 convolutions 32 and
64 of stride 2, dense 16; dense 7 · 7 · 64, transposed convolutions 64 and 32 of stride
2, and 1.
"""

import os
import sys

import keras
import numpy as np
from keras import layers
from tabulate import tabulate

from benchmarks.interleaved import train_one_epoch
from vae_utils import datasets, likelihoods, models, networks

BATCH = 128


def build_usual_pair(latent_dim, image_shape):
    """Builds the encoder and the decoder of the usual pair."""
    options = {"strides": 2, "padding": "same", "activation": "relu"}
    x = keras.Input(image_shape)
    features = layers.Conv2D(32, 3, **options)(x)
    features = layers.Conv2D(64, 3, **options)(features)
    features = layers.Dense(16, activation="relu")(layers.Flatten()(features))
    encoder = keras.Model(x, networks.gaussian_head(features, latent_dim))
    z = keras.Input((latent_dim,))
    features = layers.Dense(7 * 7 * 64, activation="relu")(z)
    features = layers.Reshape((7, 7, 64))(features)
    features = layers.Conv2DTranspose(64, 3, **options)(features)
    features = layers.Conv2DTranspose(32, 3, **options)(features)
    logits = layers.Conv2DTranspose(1, 3, padding="same")(features)
    return encoder, keras.Model(z, logits)


def build_book_pair(latent_dim, image_shape):
    """Builds the encoder and the decoder that the book recommends."""
    return (
        networks.build_conv_encoder(latent_dim, image_shape=image_shape),
        networks.build_conv_decoder(latent_dim, image_shape=image_shape),
    )


def main(epochs, latent_dim):
    """Prints images per second of each pair, their ratio and validation losses."""
    data = datasets.load("mnist")
    pairs = {"usual pair": build_usual_pair, "the book's pair": build_book_pair}
    steps = len(data.x_train) // BATCH
    vaes = {}
    for name, build in pairs.items():
        keras.utils.set_random_seed(1)
        parts = build(latent_dim, data.image_shape)
        vaes[name] = models.VAE(*parts, likelihoods.Bernoulli(), seed=1)
        vaes[name].compile(keras.optimizers.Adam(1e-3))
    seconds, losses = {name: [] for name in vaes}, {}
    for epoch in range(epochs):
        for name, vae in vaes.items():
            spent, _, losses[name] = train_one_epoch(vae, data, epoch, BATCH)
            seconds[name].append(spent)
        print(f"epoch {epoch + 1} of {epochs}", losses, file=sys.stderr, flush=True)
    base = np.array(seconds["usual pair"][1:])
    rows = [
        [
            name,
            models.count_parameters(vae),
            steps * BATCH / np.median(seconds[name][1:]),
            *np.quantile(base / seconds[name][1:], [0.5, 0, 1]),
            losses[name],
        ]
        for name, vae in vaes.items()
    ]
    headers = ["", "weights", "images/s", "speed-up", "least", "most", "val −ELBO"]
    print(data.provenance)
    print(f"latent_dim {latent_dim}, {epochs} epochs, batch {BATCH}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    formats = ("", ".0f", ".0f", ".2f", ".2f", ".2f", ".1f")
    print(tabulate(rows, headers, floatfmt=formats))


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*(numbers + [6, 20][len(numbers) :]))
