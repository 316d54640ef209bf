"""Residual encoders and decoders, as deep as an image asks: for pictures in colour.

Convolutions of stride 2 alone stay grey where colours vary much: nothing keeps the
values between their layers in a range. Here the image is centred, and values are
normalised before each convolution.

On a CPU, what counts is the number of updates, and those are cheap where no convolution
works on many pixels: the first one takes patches of 4 × 4 pixels, side by side, and
most of the depth is where the map is small. The block at the end starts as the
identity, so that it delays nothing.
"""

import math
from collections.abc import Callable, Sequence

import keras
from keras import layers

from vae_utils.networks.fc import check_sizes, dense_stack
from vae_utils.networks.heads import gaussian_head
from vae_utils.networks.inputs import LAYOUT, flatten, input_layer
from vae_utils.networks.normalisation import GroupNorm

WIDTH = 64  # channels of the first level; the second has twice as many, the third three
GROUPS = 8
KERNEL = 4  # of the convolutions between levels, which their stride divides
PATCH = 4  # pixels: stride of the first of them, on all but small images
SMALLEST = 8  # pixels: a longer side is halved once more
NARROW = 4  # a block has so many times fewer channels inside


def build_residual_encoder(
    latent_dim: int,
    hidden: Sequence[int] = (),
    activation: str | Callable = "silu",
    *,
    head: Callable = gaussian_head,
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds a residual encoder: patches, convolutions that halve the map, one block.

    An image of 32 × 32 becomes 8 × 8 patches of 64 channels; each doubling of a side
    adds a level, with 64 channels more.

    Args:
        latent_dim: number of latent dimensions.
        hidden: widths of the dense layers that follow.
        activation: of all these layers.
        head: `gaussian_head` for a VAE, `code_head` for a plain autoencoder.
        image_shape: (height, width, channels).

    Returns:
        A model from images in [0, 1], (batch, height, width, channels), to the head's
        outputs.

    Raises:
        ValueError: if a size is not a positive integer.
    """
    check_sizes(latent_dim, hidden)
    x = input_layer(image_shape, "x")
    features = layers.Rescaling(2.0, -1.0, name="centred")(x)
    for level, (_, strides) in enumerate(_plan(image_shape)):
        if level:
            features = _normalise(features, activation)
        options = {"padding": "same", "data_format": LAYOUT}
        convolve = layers.Conv2D(WIDTH * (level + 1), KERNEL, strides, **options)
        features = convolve(features)
    features = _normalise(_add_block(features, activation), activation)
    features = dense_stack(flatten(features), hidden, activation)
    return keras.Model(x, head(features, latent_dim), name="residual_encoder")


def build_residual_decoder(
    latent_dim: int,
    hidden: Sequence[int] = (),
    activation: str | Callable = "silu",
    *,
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds the decoder that mirrors `build_residual_encoder` of the same arguments.

    Args:
        latent_dim: number of latent dimensions.
        hidden: widths of the encoder's dense layers, in its order.
        activation: of all layers but the last.
        image_shape: (height, width, channels).

    Returns:
        A model from z, (batch, latent_dim), to logits, (batch, height, width,
        channels).

    Raises:
        ValueError: if a size is not a positive integer.
    """
    check_sizes(latent_dim, hidden)
    levels = _plan(image_shape)
    sizes = [tuple(image_shape[:2]), *(size for size, _ in levels)]
    channels = [image_shape[-1], *(WIDTH * (i + 1) for i in range(len(levels)))]
    z = input_layer((latent_dim,), "z")
    features = dense_stack(z, tuple(hidden)[::-1], activation)
    smallest = (*sizes[-1], channels[-1])
    features = layers.Dense(math.prod(smallest))(features)
    features = _add_block(layers.Reshape(smallest)(features), activation)
    for level in reversed(range(len(levels))):
        features = _normalise(features, activation)
        _, strides = levels[level]
        features = _enlarge(features, channels[level], strides, sizes[level])
    return keras.Model(z, features, name="residual_decoder")


def _plan(image_shape):
    """Lists (height, width) after each level, and the strides that lead there."""
    levels, size = [], tuple(image_shape[:2])
    while max(size) > SMALLEST or not levels:
        strides = tuple(_choose_stride(side, first=not levels) for side in size)
        size = tuple(-(-side // step) for side, step in zip(size, strides, strict=True))
        levels.append((size, strides))
    return levels


def _choose_stride(side, *, first):
    """Chooses how much shorter a level makes a side."""
    if first and side > 2 * SMALLEST:
        return PATCH
    return 2 if side > SMALLEST else 1


def _normalise(features, activation):
    """Adds what comes before a convolution: normalisation and activation."""
    return layers.Activation(activation)(GroupNorm(GROUPS)(features))


def _add_block(features, activation):
    """Adds two convolutions whose result, at first zero, is added to their input."""
    inner = layers.Identity()(features)  # see `GroupNorm`: no tensor more than twice
    channels = features.shape[-1]
    inner = _convolve(_normalise(inner, activation), channels // NARROW)
    inner = _convolve(_normalise(inner, activation), channels, "zeros")
    return layers.Add()([features, inner])


def _convolve(features, filters, initializer="glorot_uniform"):
    """Adds a convolution of 3 × 3 that keeps the size of the map."""
    options = {"padding": "same", "data_format": LAYOUT}
    layer = layers.Conv2D(filters, 3, kernel_initializer=initializer, **options)
    return layer(features)


def _enlarge(features, filters, strides, size):
    """Adds the transposed convolution that leads to (height, width) `size`."""
    options = {"padding": "same", "data_format": LAYOUT}
    features = layers.Conv2DTranspose(filters, KERNEL, strides, **options)(features)
    over = [have - want for have, want in zip(features.shape[1:3], size, strict=True)]
    if any(over):
        crop = [(0, side) for side in over]
        features = layers.Cropping2D(crop, data_format=LAYOUT)(features)
    return features
