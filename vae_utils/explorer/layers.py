"""The layers of a network as `network.js` computes them."""

import math

ACTIVATIONS = {"linear", "relu", "tanh"}  # that network.js computes


def describe_layers(
    configuration, image_shape, classes: int, dimensions: int | None = 2
) -> dict:
    """Lists the dense layers of a network, in the order of its weights.

    Args:
        configuration: of the network.
        image_shape: (height, width, channels).
        classes: number of classes, which a conditional network also takes.
        dimensions: number of latent dimensions that a page shows; None for any.

    Returns:
        `encoder`, `heads` and `decoder`: for each layer inputs, units, activation.

    Raises:
        ValueError: if the network is not fully connected, or has other dimensions.
    """
    c = configuration
    _check_computed(c, dimensions)
    labels, pixels = classes if c.model == "cvae" else 0, math.prod(image_shape)
    head = {"inputs": c.hidden[-1], "units": c.latent_dim, "activation": "linear"}
    # Keras lists layers by their distance from the output: the log-variance, which is
    # bounded after its layer, comes first.
    names = ("z",) if c.model == "ae" else ("z_log_var", "z_mean")
    hidden = c.hidden if c.decoder_hidden is None else c.decoder_hidden
    widths = (c.latent_dim + labels, *hidden[::-1], pixels)
    decoder = _stack(widths, c.decoder_activation or c.activation)
    decoder[-1]["activation"] = "linear"
    return {
        "encoder": _stack((pixels + labels, *c.hidden), c.activation),
        "heads": [{"name": name, **head} for name in names],
        "decoder": decoder,
    }


def _check_computed(c, dimensions):
    """Raises ValueError unless network.js can compute a network."""
    simple = c.encoder == c.decoder == "fc" and c.latent_dim == (
        dimensions or c.latent_dim
    )
    activations = {c.activation, c.decoder_activation or c.activation}
    computed = activations <= ACTIVATIONS and c.hidden and c.likelihood == "bernoulli"
    if not (simple and computed and getattr(c, "conditioned", "both") == "both"):
        raise ValueError(
            "The page needs a fully connected network with hidden layers, "
            f"{dimensions or 'any number of'} latent dimensions, "
            f"{' or '.join(sorted(ACTIVATIONS))} between layers, "
            "Bernoulli pixels and both networks conditioned, or neither. "
            f"Received: {c}"
        )


def _stack(widths, activation):
    return [
        {"inputs": inputs, "units": units, "activation": activation}
        for inputs, units in zip(widths, widths[1:], strict=False)
    ]
