"""Networks that are told the label: conditional forms of any encoder and decoder."""

from collections.abc import Callable

import keras
from keras import layers, ops

from vae_utils.checks import check_positive_integer
from vae_utils.networks.heads import IMAGE_SHAPE
from vae_utils.networks.inputs import WITH_LABEL


def build_conditional_encoder(
    build: Callable,
    latent_dim: int,
    *args,
    classes: int = 10,
    image_shape: tuple[int, int, int] = IMAGE_SHAPE,
    **options,
) -> keras.Model:
    """Builds an encoder that sees the label as further channels of the image.

    There is one *label plane* per class: all ones for the image's own class, zeros for
    the others.

    Args:
        build: `build_fc_encoder`, `build_conv_encoder`, or another function of
            (latent_dim, ..., image_shape=...).
        latent_dim: number of latent dimensions.
        *args: for `build`.
        classes: number of classes.
        image_shape: (height, width, channels), without the label planes.
        **options: for `build`.

    Returns:
        A model from a dict of images, `x`, and labels, `y`, of shapes (batch, height,
        width, channels) and (batch,), to the outputs of the network built.

    Raises:
        ValueError: if a size is not a positive integer.
    """
    check_positive_integer(classes, "classes", "the number of classes")
    *size, channels = image_shape
    encoder = build(
        latent_dim, *args, image_shape=(*size, channels + classes), **options
    )
    x = keras.Input(image_shape, name="x")
    y = keras.Input((), name="y", dtype="int32")
    planes = ops.reshape(ops.one_hot(y, classes), (-1, 1, 1, classes))
    planes = ops.ones_like(x[..., :1]) * planes  # (batch, height, width, classes)
    outputs = encoder(layers.Concatenate(name=WITH_LABEL)([x, planes]))
    return keras.Model({"x": x, "y": y}, outputs, name=f"conditional_{encoder.name}")


def build_conditional_decoder(
    build: Callable, latent_dim: int, *args, classes: int = 10, **options
) -> keras.Model:
    """Builds a decoder that sees the label, one-hot, beside the code.

    Args:
        build: `build_fc_decoder`, `build_conv_decoder`, or another function of
            (latent_dim, ...).
        latent_dim: number of latent dimensions.
        *args: for `build`.
        classes: number of classes.
        **options: for `build`.

    Returns:
        A model from a dict of codes, `z`, and labels, `y`, of shapes (batch,
        latent_dim) and (batch,), to logits, (batch, height, width, channels).

    Raises:
        ValueError: if a size is not a positive integer.
    """
    check_positive_integer(latent_dim, "latent_dim", "the number of latent dimensions")
    check_positive_integer(classes, "classes", "the number of classes")
    decoder = build(latent_dim + classes, *args, **options)
    z = keras.Input((latent_dim,), name="z")
    y = keras.Input((), name="y", dtype="int32")
    logits = decoder(layers.Concatenate(name=WITH_LABEL)([z, ops.one_hot(y, classes)]))
    return keras.Model({"z": z, "y": y}, logits, name=f"conditional_{decoder.name}")
