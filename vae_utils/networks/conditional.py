"""Networks conditioned on the label: conditional forms of any encoder and decoder."""

from collections.abc import Callable

import keras
from keras import layers, ops

from vae_utils.checks import check_positive_integer
from vae_utils.networks.inputs import WITH_LABEL, flatten, input_layer, one_hot


def build_conditional_encoder(
    build: Callable,
    latent_dim: int,
    *args,
    classes: int,
    image_shape: tuple[int, int, int],
    planes: bool = True,
    **options,
) -> keras.Model:
    """Builds an encoder of image and label.

    A convolution needs the label at every pixel, as further channels: one *label
    plane* per class, all ones for the image's own class, zeros for the others. To a
    dense layer a plane of equal numbers says no more than one number, and costs as many
    weights as there are pixels: without planes, the label follows the pixels of the
    flattened image, one-hot.

    Args:
        build: `build_fc_encoder`, `build_conv_encoder`, or another function of
            (latent_dim, ..., image_shape=...).
        latent_dim: number of latent dimensions.
        *args: for `build`.
        classes: number of classes.
        image_shape: (height, width, channels), without the label.
        planes: False for a `build` that flattens the image anyway.
        **options: for `build`.

    Returns:
        A model from a dict of images, `x`, and labels, `y`, of shapes (batch, height,
        width, channels) and (batch,), to the outputs of the network built.

    Raises:
        ValueError: if a size is not a positive integer.
    """
    check_positive_integer(classes, "classes", "the number of classes")
    x = input_layer(image_shape, "x")
    y = keras.Input((), name="y", dtype="int32")
    label = one_hot(y, classes)
    if planes:
        values = x
        label = ops.ones_like(x[..., :1]) * ops.reshape(label, (-1, 1, 1, classes))
    else:
        values = flatten(x)
    shape = (*values.shape[1:-1], values.shape[-1] + classes)
    encoder = build(latent_dim, *args, image_shape=shape, **options)
    outputs = encoder(layers.Concatenate(name=WITH_LABEL)([values, label]))
    return keras.Model({"x": x, "y": y}, outputs, name=f"conditional_{encoder.name}")


def build_conditional_decoder(
    build: Callable, latent_dim: int, *args, classes: int, **options
) -> keras.Model:
    """Builds a decoder of code and label, which is one-hot.

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
    z = input_layer((latent_dim,), "z")
    y = keras.Input((), name="y", dtype="int32")
    logits = decoder(layers.Concatenate(name=WITH_LABEL)([z, one_hot(y, classes)]))
    return keras.Model({"z": z, "y": y}, logits, name=f"conditional_{decoder.name}")


def ignore_label(network: keras.Model) -> keras.Model:
    """Gives a network of images or codes a second input, the label, and ignores it.

    This makes a `models.ConditionalVAE` of which one network only is conditioned.

    Args:
        network: encoder or decoder that takes no labels.

    Returns:
        A model of the same outputs from a dict of images, `x`, or codes, `z`, and
        labels, `y`.

    Raises:
        ValueError: if the network has other inputs than one named `x` or `z`.
    """
    if len(network.inputs) != 1 or network.inputs[0].name not in ("x", "z"):
        names = [tensor.name for tensor in network.inputs]
        raise ValueError(
            "A network that is to ignore the label has one input, named x or z. "
            f"Received: {network.name} with inputs {names}"
        )
    (values,) = network.inputs
    values = input_layer(values.shape[1:], values.name)
    y = keras.Input((), name="y", dtype="int32")
    # Keras 3.13 refuses a model with an input that no layer takes: this one takes both.
    passed, _ = layers.Identity(name="without_label")([values, y])
    return keras.Model(
        {values.name: values, "y": y}, network(passed), name=network.name
    )
