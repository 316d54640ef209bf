"""What an encoder ends in, and what networks share."""

from keras import layers, ops

from vae_utils.checks import check_labels

IMAGE_SHAPE = (28, 28, 1)
WITH_LABEL = "with_label"  # the layer that puts the label beside image or code
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
