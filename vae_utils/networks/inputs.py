"""What a network takes: values alone, or values and labels."""

from keras import ops

from vae_utils.checks import check_labels

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
            return layer.output.shape[-1] - input_shape(network, name)[-1]
    return 10
