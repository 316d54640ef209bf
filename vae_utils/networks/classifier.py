"""A classifier of images: it scores samples, and supplies features for distances."""

import math
from collections.abc import Sequence

import keras
from keras import layers

from vae_utils.checks import check_positive_integer, check_widths
from vae_utils.networks.inputs import LAYOUT, flatten, input_layer

FEATURES = "features"  # the layer that the logits are computed from


def build_classifier(
    filters: Sequence[int] = (8, 16, 32, 64),
    kernel: int = 4,
    dropout: float = 0.1,
    *,
    classes: int,
    image_shape: tuple[int, int, int],
) -> keras.Model:
    """Builds a convolutional classifier: convolution, pooling and dropout, repeated.

    Args:
        filters: channels of the convolutions, from the image inwards; each is followed
            by 2 × 2 max pooling.
        kernel: side of the square kernels, in pixels.
        dropout: share of values that each dropout layer sets to zero while training.
        classes: number of classes.
        image_shape: (height, width, channels).

    Returns:
        A model from images, (batch, height, width, channels), to logits, (batch,
        classes). Its layer `features` holds what the logits are computed from.

    Raises:
        ValueError: if a size is not a positive integer, or an image is too small to be
            halved so often.
    """
    check_widths(filters, "filters")
    poolings = int(math.log2(min(image_shape[:2])))
    if len(filters) > poolings:
        raise ValueError(
            f"filters must be at most {poolings}, as each halves an image of "
            f"{image_shape[0]} × {image_shape[1]} pixels. "
            f"Received: filters={filters!r}"
        )
    check_positive_integer(kernel, "kernel", "the side of the kernels")
    check_positive_integer(classes, "classes", "the number of classes")
    x = input_layer(image_shape, "x")
    features = x
    for count in filters:
        convolve = layers.Conv2D(count, kernel, 1, "same", LAYOUT, activation="relu")
        pool = layers.MaxPooling2D(data_format=LAYOUT)
        features = pool(convolve(features))
        features = layers.Dropout(dropout)(features)
    features = flatten(features, name=FEATURES)
    logits = layers.Dense(classes, name="logits")(features)
    return keras.Model(x, logits, name="classifier")
