"""What a network takes, values alone or values and labels, and calling it."""

import math

import numpy as np
from keras import ops, tree

from vae_utils.checks import check_labels, check_positive_integer

WITH_LABEL = "with_label"  # the layer that puts the label beside image or code


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


def join(name: str, values, labels, network):
    """Joins values and labels to what a network takes.

    Args:
        name: of the input that takes `values`.
        values: array, one row per example.
        labels: ints, one per example; None for a network that takes none.
        network: encoder or decoder, conditional or not.

    Returns:
        `values` alone, or a dict with `labels` as `"y"`.

    Raises:
        ValueError: if labels are missing, not wanted, or not labels.
    """
    wants_labels = len(network.inputs) > 1
    if wants_labels != (labels is not None):
        raise ValueError(
            f"The {network.name} takes {'' if wants_labels else 'no '}labels. "
            f"Received: {'no ' if labels is None else ''}labels"
        )
    if not wants_labels:
        return values
    labels = check_labels(labels, len(values), _count_classes(network, name))
    return {name: ops.convert_to_tensor(values), "y": ops.convert_to_tensor(labels)}


def _count_classes(network, name):
    """Counts what the label adds to image or code; 10 in a network built elsewhere."""
    for layer in network.layers:
        if layer.name == WITH_LABEL:
            *_, joined = layer.output.shape
            shape = input_shape(network, name)
            # Beside a flattened image, or a code, or as further channels.
            return joined - (math.prod(shape) if layer.output.ndim == 2 else shape[-1])
    return 10


def call_in_batches(network, values, batch_size: int):
    """Calls a network batch by batch; unlike `predict`, compiles nothing first.

    Args:
        network: model.
        values: what it takes, of all examples: an array, or a dict of arrays.
        batch_size: examples handled at a time.

    Returns:
        NumPy arrays of its outputs, one or a tuple of several.

    Raises:
        ValueError: if `batch_size` is not a positive integer, or there are no examples.
    """
    check_positive_integer(batch_size, "batch_size", "the examples handled at a time")
    count = len(tree.flatten(values)[0])
    if count == 0:
        raise ValueError(f"{network.name} needs one example at least. Received: 0")
    parts = []
    for start in range(0, count, batch_size):
        rows = slice(start, start + batch_size)
        parts.append(network(tree.map_structure(lambda v, rows=rows: v[rows], values)))
    if len(network.outputs) == 1:
        return np.concatenate([ops.convert_to_numpy(part) for part in parts])
    return tuple(
        np.concatenate([ops.convert_to_numpy(part) for part in output])
        for output in zip(*parts, strict=True)
    )
