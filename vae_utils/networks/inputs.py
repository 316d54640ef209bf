"""What a network takes, values alone or values and labels, and how it is called."""

import math

import keras
import numpy as np
from keras import layers, ops, tree

from vae_utils.checks import check_positive_integer
from vae_utils.precision import FLOAT32

WITH_LABEL = "with_label"  # the layer that joins the label to image or code
#: Images are (batch, height, width, channels), whatever Keras's settings say.
LAYOUT = "channels_last"


def input_layer(shape, name: str):
    """Makes an input of a network: float32, which layers cast if they need to."""
    return keras.Input(shape, name=name, dtype=FLOAT32)


def flatten(values, name: str | None = None):
    """Flattens images, (batch, height, width, channels), to vectors."""
    return layers.Flatten(data_format=LAYOUT, name=name)(values)


def one_hot(y, classes: int):
    """Makes vectors of zeros and a one of labels, shape (batch, classes)."""
    return ops.one_hot(y, classes, dtype=FLOAT32)


def input_shape(network, name: str) -> tuple[int, ...]:
    """Finds the shape of one example of a network's input.

    Args:
        network: model of one input, or of several inputs with names.
        name: of the input, if there are several.

    Returns:
        The shape, without the batch.
    """
    if len(network.inputs) == 1:
        return network.inputs[0].shape[1:]
    return next(tensor.shape[1:] for tensor in network.inputs if tensor.name == name)


def count_classes(network, name: str) -> int | None:
    """Counts the classes that a conditional network of this module takes.

    Args:
        network: encoder or decoder.
        name: of the input that the label is joined to.

    Returns:
        The number of classes; None where the network ignores labels or takes none.
    """
    for layer in network.layers:
        if layer.name == WITH_LABEL:
            *_, joined = layer.output.shape
            shape = input_shape(network, name)
            # The label follows a flattened image or a code, or is further channels.
            return joined - (math.prod(shape) if layer.output.ndim == 2 else shape[-1])
    return None


def call_in_batches(function, values, batch_size: int):
    """Calls a network, or another function, batch by batch.

    Unlike `predict`, this compiles nothing first.

    Args:
        function: of one batch, such as a model.
        values: what it takes, of all examples: an array, or a dict of arrays.
        batch_size: examples handled at a time.

    Returns:
        What the function returns, all batches joined, in NumPy arrays.

    Raises:
        ValueError: if `batch_size` is not a positive integer, or there are no examples.
    """
    check_positive_integer(batch_size, "batch_size", "the examples handled at a time")
    count = len(tree.flatten(values)[0])
    if count == 0:
        raise ValueError("There must be at least one example. Received: 0")
    parts = []
    for start in range(0, count, batch_size):
        rows = slice(start, start + batch_size)
        batch = tree.map_structure(
            lambda v, rows=rows: ops.convert_to_tensor(v[rows]), values
        )
        parts.append(tree.map_structure(ops.convert_to_numpy, function(batch)))
    return tree.map_structure(lambda *arrays: np.concatenate(arrays), *parts)
