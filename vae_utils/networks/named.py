"""Networks by the name of their architecture."""

import functools
from collections.abc import Callable, Sequence

import keras

from vae_utils.architectures import ARCHITECTURES, check_architecture, check_labelled
from vae_utils.checks import check_widths
from vae_utils.networks.conditional import (
    build_conditional_decoder,
    build_conditional_encoder,
    ignore_label,
)
from vae_utils.networks.conv import build_conv_decoder, build_conv_encoder
from vae_utils.networks.fc import build_fc_decoder, build_fc_encoder
from vae_utils.networks.heads import gaussian_head


def build_encoder(
    name: str,
    latent_dim: int,
    hidden: Sequence[int] = (),
    activation: str | Callable = "relu",
    *,
    head: Callable = gaussian_head,
    labelled: str = "none",
) -> keras.Model:
    """Builds the encoder of a named architecture.

    Args:
        name: key of `ARCHITECTURES`.
        latent_dim: number of latent dimensions.
        hidden: widths of the dense layers, from the image inwards.
        activation: of all layers but the last.
        head: `gaussian_head` for a VAE, `code_head` for a plain autoencoder.
        labelled: one of `LABELLED`: which of encoder and decoder are told the label.

    Returns:
        A model from images to the head's outputs; unless `labelled` is `"none"`, from
        a dict of images, `x`, and labels, `y`, ignored where `labelled` is `"decoder"`.

    Raises:
        ValueError: if a name is unknown or a size is not a positive integer.
    """
    _check(name, hidden, labelled)
    build = _bind(name, build_conv_encoder, build_fc_encoder, hidden, activation)
    build = functools.partial(build, head=head)
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


def _check(name, hidden, labelled):
    check_architecture(name, "name")
    check_widths(hidden)
    check_labelled(labelled)


def _bind(name, build_conv, build_fc, hidden, activation):
    """Makes the function of (latent_dim, ...) that builds an architecture."""
    convolutions, padding, _ = ARCHITECTURES[name]
    dense = {"hidden": hidden, "activation": activation}
    if not convolutions:
        return functools.partial(build_fc, **dense)
    return functools.partial(
        build_conv, convolutions=convolutions, padding=padding, **dense
    )
