"""Encoders and decoders whose code is a map: a vector at each place of a small grid.

Convolutions halve the image several times, and never become a dense layer, so each
vector describes its own part of the image. To the outside a code is one long vector,
the map's places one after another, as every other code of the book.
"""

import math

import keras
from keras import layers

from vae_utils.checks import check_positive_integer
from vae_utils.networks.conv import map_sizes, undo
from vae_utils.networks.inputs import LAYOUT, input_layer

KERNEL = 4  # of the convolutions that halve the map; their stride divides it
STRIDE = 2


def map_shape(image_shape, halvings: int) -> tuple[int, int]:
    """Returns height and width of the map.

    Args:
        image_shape: (height, width, channels).
        halvings: how often the image is halved; a half pixel is rounded up.

    Raises:
        ValueError: if the image gets too small.
    """
    return map_sizes(_list_convolutions(1, halvings), "same", image_shape)[-1]


def build_map_encoder(
    code_dim: int,
    halvings: int,
    width: int,
    blocks: int = 1,
    activation="relu",
    *,
    image_shape,
) -> keras.Model:
    """Builds an encoder whose code is a map.

    Args:
        code_dim: numbers at each place of the map.
        halvings: how often the image is halved.
        width: channels of all layers between.
        blocks: residual blocks at the map.
        activation: of these layers.
        image_shape: (height, width, channels).

    Returns:
        A model from images, (batch, height, width, channels), to codes, (batch, places
        · code_dim).

    Raises:
        ValueError: if a size is not a positive integer, or an image gets too small.
    """
    _check(code_dim, halvings, width, blocks)
    places = math.prod(map_shape(image_shape, halvings))
    x = input_layer(image_shape, "x")
    features = x
    for filters, kernel, stride in _list_convolutions(width, halvings):
        layer = layers.Conv2D(
            filters, kernel, stride, "same", LAYOUT, activation=activation
        )
        features = layer(features)
    for _ in range(blocks):
        features = _add_block(features, width, activation)
    z = layers.Conv2D(code_dim, 1, data_format=LAYOUT, name="vectors")(features)
    z = layers.Reshape((places * code_dim,), name="z")(z)
    return keras.Model(x, z, name="map_encoder")


def build_map_decoder(
    code_dim: int,
    halvings: int,
    width: int,
    blocks: int = 1,
    activation="relu",
    *,
    image_shape,
) -> keras.Model:
    """Builds the decoder that mirrors `build_map_encoder` of the same arguments.

    Returns:
        A model from codes, (batch, places · code_dim), to logits, (batch, height,
        width, channels).

    Raises:
        ValueError: as there.
    """
    _check(code_dim, halvings, width, blocks)
    convolutions = _list_convolutions(width, halvings)
    sizes = map_sizes(convolutions, "same", image_shape)
    z = input_layer((math.prod(sizes[-1]) * code_dim,), "z")
    features = layers.Reshape((*sizes[-1], code_dim))(z)
    features = layers.Conv2D(
        width, 3, padding="same", data_format=LAYOUT, activation=activation
    )(features)
    for _ in range(blocks):
        features = _add_block(features, width, activation)
    for index in reversed(range(halvings)):
        features = undo(
            features,
            width if index else image_shape[-1],
            convolutions[index],
            "same",
            sizes[index],
            activation=activation if index else None,
            name=None if index else "logits",
        )
    return keras.Model(z, features, name="map_decoder")


def _list_convolutions(width, halvings):
    return ((width, KERNEL, STRIDE),) * halvings


def _add_block(features, width, activation):
    """Adds two convolutions at each place and its neighbours, to their input."""
    options = {"padding": "same", "data_format": LAYOUT, "activation": activation}
    inner = layers.Conv2D(width, 3, **options)(features)
    inner = layers.Conv2D(width, 1, **options)(inner)
    return layers.Add()([features, inner])


def _check(code_dim, halvings, width, blocks):
    check_positive_integer(code_dim, "code_dim", "the numbers at each place")
    check_positive_integer(halvings, "halvings", "how often the image is halved")
    check_positive_integer(width, "width", "the channels of the layers")
    check_positive_integer(blocks, "blocks", "the residual blocks at the map")
