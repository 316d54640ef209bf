"""Fully connected encoders and decoders."""

import math
from collections.abc import Callable, Sequence

import keras
from keras import layers

from vae_utils.checks import check_positive_integer, check_widths
from vae_utils.networks.heads import gaussian_head
from vae_utils.networks.inputs import flatten, input_layer


def build_fc_encoder(
    latent_dim: int,
    hidden: Sequence[int] = (500, 500),
    activation: str | Callable = "relu",
    *,
    head: Callable = gaussian_head,
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds a fully connected encoder.

    Args:
        latent_dim: number of latent dimensions.
        hidden: widths of the hidden layers, from the image inwards.
        activation: of the hidden layers, anything Keras accepts.
        head: `gaussian_head` for a VAE, `code_head` for a plain autoencoder.
        image_shape: (height, width, channels).

    Returns:
        A model from images, (batch, height, width, channels), to the head's outputs.

    Raises:
        ValueError: if a width or `latent_dim` is not a positive integer.
    """
    check_sizes(latent_dim, hidden)
    x = input_layer(image_shape, "x")
    features = dense_stack(flatten(x), hidden, activation)
    return keras.Model(x, head(features, latent_dim), name="fc_encoder")


def build_fc_decoder(
    latent_dim: int,
    hidden: Sequence[int] = (500, 500),
    activation: str | Callable = "relu",
    *,
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds a fully connected decoder.

    Args:
        latent_dim: number of latent dimensions.
        hidden: widths of the hidden layers, from z outwards.
        activation: of the hidden layers, anything Keras accepts.
        image_shape: (height, width, channels).

    Returns:
        A model from z, (batch, latent_dim), to logits, (batch, height, width,
        channels).

    Raises:
        ValueError: if a width or `latent_dim` is not a positive integer.
    """
    check_sizes(latent_dim, hidden)
    z = input_layer((latent_dim,), "z")
    features = dense_stack(z, hidden, activation)
    logits = layers.Dense(math.prod(image_shape), name="logits")(features)
    return keras.Model(z, layers.Reshape(image_shape)(logits), name="fc_decoder")


def dense_stack(x, widths, activation):
    """Adds dense layers one after another."""
    for width in widths:
        x = layers.Dense(width, activation=activation)(x)
    return x


def check_sizes(latent_dim, hidden):
    """Raises ValueError, naming the argument, unless all are positive integers."""
    check_positive_integer(latent_dim, "latent_dim", "the number of latent dimensions")
    check_widths(hidden)
