"""Convolutional encoders and decoders.

One description serves for both: the convolutions of the encoder, from the image
inwards. The decoder undoes them in reverse.
"""

import math
from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import layers

from vae_utils.checks import check_positive_integer, check_widths, is_positive_integer
from vae_utils.configurations.architectures import CONVOLUTIONS
from vae_utils.networks.fc import dense_stack
from vae_utils.networks.heads import gaussian_head
from vae_utils.networks.inputs import LAYOUT, flatten, input_layer


def build_conv_encoder(
    latent_dim: int,
    convolutions: Sequence[tuple[int, int, int]] = CONVOLUTIONS,
    hidden: Sequence[int] = (),
    activation: str | Callable = "relu",
    *,
    padding: str = "same",
    head: Callable = gaussian_head,
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds a convolutional encoder.

    Args:
        latent_dim: number of latent dimensions.
        convolutions: (filters, kernel, stride) of each layer, from the image inwards.
        hidden: widths of the dense layers that follow.
        activation: of all these layers.
        padding: `"same"` or `"valid"`, as in Keras.
        head: `gaussian_head` for a VAE, `code_head` for a plain autoencoder.
        image_shape: (height, width, channels).

    Returns:
        A model from images, (batch, height, width, channels), to the head's outputs.

    Raises:
        ValueError: if a size is not a positive integer, or an image gets too small.
    """
    _check(latent_dim, convolutions, hidden)
    map_sizes(convolutions, padding, image_shape)
    x = input_layer(image_shape, "x")
    features = x
    for filters, kernel, stride in convolutions:
        features = layers.Conv2D(
            filters, kernel, stride, padding, LAYOUT, activation=activation
        )(features)
    features = dense_stack(flatten(features), hidden, activation)
    return keras.Model(x, head(features, latent_dim), name="conv_encoder")


def build_conv_decoder(
    latent_dim: int,
    convolutions: Sequence[tuple[int, int, int]] = CONVOLUTIONS,
    hidden: Sequence[int] = (),
    activation: str | Callable = "relu",
    *,
    padding: str = "same",
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds the decoder that mirrors `build_conv_encoder` of the same arguments.

    Args:
        latent_dim: number of latent dimensions.
        convolutions: (filters, kernel, stride) of the encoder's layers, from the image
            inwards; transposed convolutions undo them, the last one first.
        hidden: widths of the encoder's dense layers, in its order.
        activation: of all layers but the last.
        padding: `"same"` or `"valid"`, as in Keras.
        image_shape: (height, width, channels).

    Returns:
        A model from z, (batch, latent_dim), to logits, (batch, height, width,
        channels).

    Raises:
        ValueError: if a size is not a positive integer, or an image gets too small.
    """
    _check(latent_dim, convolutions, hidden)
    sizes = map_sizes(convolutions, padding, image_shape)
    channels = [image_shape[-1], *(filters for filters, _, _ in convolutions)]
    z = input_layer((latent_dim,), "z")
    features = dense_stack(z, tuple(hidden)[::-1], activation)
    smallest = (*sizes[-1], channels[-1])
    features = layers.Dense(math.prod(smallest), activation=activation)(features)
    features = layers.Reshape(smallest)(features)
    for index in reversed(range(len(convolutions))):
        features = undo(
            features,
            channels[index],
            convolutions[index],
            padding,
            sizes[index],
            activation=activation if index else None,
            name=None if index else "logits",
        )
    return keras.Model(z, features, name="conv_decoder")


def map_sizes(convolutions, padding: str, image_shape) -> list[tuple[int, int]]:
    """Computes (height, width) before the first layer and after each.

    Args:
        convolutions: (filters, kernel, stride) of each layer, from the image inwards.
        padding: `"same"` or `"valid"`, as in Keras.
        image_shape: (height, width, channels).

    Raises:
        ValueError: if an image gets too small.
    """
    sizes = [tuple(image_shape[:2])]
    for _, kernel, stride in convolutions:
        reach = kernel - 1 if padding == "valid" else 0
        size = tuple(-(-(side - reach) // stride) for side in sizes[-1])
        if min(size) < 1 or stride > min(sizes[-1]):
            raise ValueError(
                f"An image of {sizes[-1][0]} × {sizes[-1][1]} is too small for a "
                f"kernel of {kernel} with stride {stride} and padding {padding!r}. "
                f"Received: convolutions={tuple(map(tuple, convolutions))}, "
                f"image_shape={tuple(image_shape)}"
            )
        sizes.append(size)
    return sizes


def undo(features, filters: int, convolution, padding: str, size, **options):
    """Adds the transposed convolution that leads back to (height, width) `size`.

    A stride that does not divide a size rounds it, and several sizes become the same
    one. Keras leads back to one of them: what is over is cropped, what is missing
    added.

    Args:
        features: tensor, (batch, height, width, channels).
        filters: channels to lead back to.
        convolution: (filters, kernel, stride) of the layer that is undone.
        padding: of that layer.
        size: height and width before that layer.
        **options: of Keras's layer.
    """
    _, kernel, stride = convolution
    small = features.shape[1:3]
    if padding == "same":
        options["output_padding"] = None  # stride times as large, or a little too large
    else:
        reached = [(side - 1) * stride + kernel for side in small]
        options["output_padding"] = tuple(np.subtract(size, reached).tolist())
    options |= {"padding": padding, "data_format": LAYOUT}
    layer = layers.Conv2DTranspose(filters, kernel, stride, **options)
    features = layer(features)
    over = np.subtract(features.shape[1:3], size)
    if over.any():
        crop = [(0, int(side)) for side in over]
        features = layers.Cropping2D(crop, data_format=LAYOUT)(features)
    return features


def _check(latent_dim, convolutions, hidden):
    check_positive_integer(latent_dim, "latent_dim", "the number of latent dimensions")
    check_widths(hidden)
    layers_given = isinstance(convolutions, Sequence) and len(convolutions) > 0
    if not layers_given or not all(
        isinstance(layer, Sequence)
        and len(layer) == 3
        and all(map(is_positive_integer, layer))
        for layer in convolutions
    ):
        raise ValueError(
            "convolutions must be one (filters, kernel, stride) of positive integers "
            f"per layer, such as ((16, 4, 2), (32, 4, 2)). Received: {convolutions!r}"
        )
