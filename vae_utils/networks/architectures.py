"""Networks by name: what records of trainings, and commands, choose from."""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import keras

from vae_utils.checks import check_widths
from vae_utils.networks.conditional import (
    build_conditional_decoder,
    build_conditional_encoder,
    ignore_label,
)
from vae_utils.networks.conv import (
    CONVOLUTIONS,
    Convolution,
    build_conv_decoder,
    build_conv_encoder,
)
from vae_utils.networks.fc import build_fc_decoder, build_fc_encoder

#: Which of encoder and decoder are told the label.
LABELLED = ("none", "both", "encoder", "decoder")


class Architecture(NamedTuple):
    """The layers of a network between the image and its dense layers.

    Args:
        convolutions: from the image inwards; none in a fully connected network.
        padding: of the convolutions.
    """

    convolutions: tuple[Convolution, ...]
    padding: str = "same"


#: Name → architecture; a decoder of the same name is the encoder's mirror image.
ARCHITECTURES = {
    "fc": Architecture(()),
    "conv": Architecture(CONVOLUTIONS),
    # variational-autoencoder's
    "conv3": Architecture(
        (Convolution(32, 5, 2), Convolution(64, 5, 2), Convolution(128, 3, 2))
    ),
    # ConditionalVariationalAutoEncoder's encoders, as its code has them
    "2cnn": Architecture((Convolution(16, 5, 2), Convolution(32, 5, 2)), "valid"),
    "3cnn": Architecture(
        (Convolution(16, 6, 3), Convolution(32, 4, 3), Convolution(64, 2, 2))
    ),
}


def build_encoder(
    name: str,
    latent_dim: int,
    hidden: Sequence[int] = (),
    activation: str | Callable = "relu",
    *,
    labelled: str = "none",
) -> keras.Model:
    """Builds the encoder of a named architecture.

    Args:
        name: key of `ARCHITECTURES`.
        latent_dim: number of latent dimensions.
        hidden: widths of the dense layers, from the image inwards.
        activation: of all layers but the last.
        labelled: one of `LABELLED`: which of encoder and decoder are told the label.

    Returns:
        A model from images to z_mean and z_log_var; unless `labelled` is `"none"`, from
        a dict of images, `x`, and labels, `y`, ignored where `labelled` is `"decoder"`.

    Raises:
        ValueError: if a name is unknown or a size is not a positive integer.
    """
    _check(name, hidden, labelled)
    build = _bind(name, build_conv_encoder, build_fc_encoder, hidden, activation)
    if labelled in ("both", "encoder"):
        planes = bool(ARCHITECTURES[name].convolutions)
        return build_conditional_encoder(build, latent_dim, planes=planes)
    encoder = build(latent_dim)
    return encoder if labelled == "none" else ignore_label(encoder)


def build_decoder(
    name: str,
    latent_dim: int,
    hidden: Sequence[int] = (),
    activation: str | Callable = "relu",
    *,
    labelled: str = "none",
) -> keras.Model:
    """Builds the decoder that mirrors `build_encoder` of the same arguments.

    Args:
        name: key of `ARCHITECTURES`.
        latent_dim: number of latent dimensions.
        hidden: widths of the encoder's dense layers, in its order.
        activation: of all layers but the last.
        labelled: one of `LABELLED`: which of encoder and decoder are told the label.

    Returns:
        A model from z to logits; unless `labelled` is `"none"`, from a dict of codes,
        `z`, and labels, `y`, ignored where `labelled` is `"encoder"`.

    Raises:
        ValueError: if a name is unknown or a size is not a positive integer.
    """
    _check(name, hidden, labelled)
    if not ARCHITECTURES[name].convolutions:
        hidden = tuple(hidden)[::-1]  # `build_fc_decoder` counts from z outwards
    build = _bind(name, build_conv_decoder, build_fc_decoder, hidden, activation)
    if labelled in ("both", "decoder"):
        return build_conditional_decoder(build, latent_dim)
    decoder = build(latent_dim)
    return decoder if labelled == "none" else ignore_label(decoder)


def check_architecture(name: str, argument: str):
    """Raises ValueError, naming the argument, unless `name` is an architecture's."""
    if not isinstance(name, str) or name not in ARCHITECTURES:
        raise ValueError(
            f"{argument} must be one of {', '.join(ARCHITECTURES)}. "
            f"Received: {argument}={name!r}"
        )


def check_labelled(labelled: str):
    """Raises ValueError unless `labelled` is one of `LABELLED`."""
    if not isinstance(labelled, str) or labelled not in LABELLED:
        raise ValueError(
            f"labelled must be one of {', '.join(LABELLED)}. "
            f"Received: labelled={labelled!r}"
        )


def _check(name, hidden, labelled):
    check_architecture(name, "name")
    check_widths(hidden)
    check_labelled(labelled)


def _bind(name, build_conv, build_fc, hidden, activation):
    """Makes the function of (latent_dim, ...) that builds an architecture."""
    convolutions, padding = ARCHITECTURES[name]
    dense = {"hidden": hidden, "activation": activation}
    if not convolutions:
        return functools.partial(build_fc, **dense)
    return functools.partial(
        build_conv, convolutions=convolutions, padding=padding, **dense
    )
