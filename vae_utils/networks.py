"""Encoders and decoders, as Functional models.

An encoder maps images to the parameters of q(z|x), a decoder maps z to one logit per
pixel. Any encoder goes with any decoder of the same `latent_dim`.
"""

import math
from collections.abc import Callable, Sequence

import keras
from keras import layers, ops

from vae_utils.checks import check_positive_integer, check_widths

IMAGE_SHAPE = (28, 28, 1)
LOG_VAR_BOUND = 10.0  # keeps a standard deviation between e^-5 and e^5


def gaussian_head(features, latent_dim: int):
    """Adds the two outputs of a VAE's encoder: z_mean and z_log_var.

    The log-variance is squashed smoothly into `LOG_VAR_BOUND` either way of zero, so
    that its exponential stays finite whatever the weights are.

    Args:
        features: tensor, shape (batch, width).
        latent_dim: number of latent dimensions.

    Returns:
        z_mean and z_log_var, each of shape (batch, latent_dim).
    """
    z_mean = layers.Dense(latent_dim, name="z_mean")(features)
    raw = layers.Dense(latent_dim, name="z_log_var")(features)
    return z_mean, LOG_VAR_BOUND * ops.tanh(raw / LOG_VAR_BOUND)


def code_head(features, latent_dim: int):
    """Adds the single output of a plain autoencoder's encoder: the code z.

    Args:
        features: tensor, shape (batch, width).
        latent_dim: number of latent dimensions.

    Returns:
        The code, shape (batch, latent_dim).
    """
    return layers.Dense(latent_dim, name="z")(features)


def build_fc_encoder(
    latent_dim: int,
    hidden: Sequence[int] = (500, 500),
    activation: str | Callable = "relu",
    *,
    head: Callable = gaussian_head,
    image_shape: tuple[int, int, int] = IMAGE_SHAPE,
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
    _check_sizes(latent_dim, hidden)
    x = keras.Input(image_shape, name="x")
    features = _dense_stack(layers.Flatten()(x), hidden, activation)
    return keras.Model(x, head(features, latent_dim), name="fc_encoder")


def build_fc_decoder(
    latent_dim: int,
    hidden: Sequence[int] = (500, 500),
    activation: str | Callable = "relu",
    *,
    image_shape: tuple[int, int, int] = IMAGE_SHAPE,
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
    _check_sizes(latent_dim, hidden)
    z = keras.Input((latent_dim,), name="z")
    features = _dense_stack(z, hidden, activation)
    logits = layers.Dense(math.prod(image_shape), name="logits")(features)
    return keras.Model(z, layers.Reshape(image_shape)(logits), name="fc_decoder")


def _dense_stack(x, widths, activation):
    for width in widths:
        x = layers.Dense(width, activation=activation)(x)
    return x


def _check_sizes(latent_dim, hidden):
    check_positive_integer(latent_dim, "latent_dim", "the number of latent dimensions")
    check_widths(hidden)
