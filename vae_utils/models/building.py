"""From a configuration to a model: networks, likelihood, prior, and all of it."""

import functools
import pkgutil

import keras

from vae_utils.configurations import LIKELIHOODS, PRIORS, model_class
from vae_utils.configurations.architectures import ARCHITECTURES
from vae_utils.networks import (
    build_conditional_decoder,
    build_conditional_encoder,
    build_conv_decoder,
    build_conv_encoder,
    build_fc_decoder,
    build_fc_encoder,
    build_residual_decoder,
    build_residual_encoder,
    gaussian_head,
    ignore_label,
)
from vae_utils.precision import pinned


def build(configuration, *, image_shape, classes: int, seed: int) -> keras.Model:
    """Builds the model of a configuration, with newly drawn weights.

    It sets the seeds of Python, NumPy and Keras.

    Args:
        configuration: of the module `configurations`.
        image_shape: (height, width, channels) of the data.
        classes: number of classes of the data.
        seed: int, of the weights and of the noise in z.

    Returns:
        The model, a `models.base.Trainable`, not yet compiled.

    Raises:
        ValueError: if the networks do not suit the images.
    """
    keras.utils.set_random_seed(seed)
    shape = {"image_shape": tuple(image_shape), "classes": classes}
    with pinned(configuration.precision):
        return model_class(configuration.model).from_configuration(
            configuration, **shape, seed=seed
        )


def build_encoder(configuration, image_shape, classes: int, head=gaussian_head):
    """Builds the encoder of a configuration.

    Args:
        configuration: of a model with encoder and decoder.
        image_shape: (height, width, channels).
        classes: number of classes, for a conditional model.
        head: `gaussian_head` for a VAE, `code_head` for a plain autoencoder.

    Returns:
        A model from images to the head's outputs; of a conditional model from a dict
        of images, `x`, and labels, `y`, ignored unless the encoder is conditioned.
    """
    c, sizes = configuration, {"image_shape": image_shape}
    make = _choose(
        c.encoder, build_fc_encoder, build_conv_encoder, build_residual_encoder
    )
    make = functools.partial(make, hidden=c.hidden, activation=c.activation, head=head)
    conditioned = getattr(c, "conditioned", None)
    if conditioned in ("both", "encoder"):
        planes = not ARCHITECTURES[c.encoder].is_dense
        sizes |= {"classes": classes, "planes": planes}
        return build_conditional_encoder(make, c.latent_dim, **sizes)
    encoder = make(c.latent_dim, **sizes)
    return encoder if conditioned is None else ignore_label(encoder)


def build_decoder(configuration, image_shape, classes: int):
    """Builds the decoder of a configuration, the mirror image of an encoder.

    Args:
        configuration: of a model with encoder and decoder.
        image_shape: (height, width, channels).
        classes: number of classes, for a conditional model.

    Returns:
        A model from z to logits; of a conditional model from a dict of codes, `z`, and
        labels, `y`, ignored unless the decoder is conditioned.
    """
    c, sizes = configuration, {"image_shape": image_shape}
    hidden = c.hidden if c.decoder_hidden is None else c.decoder_hidden
    if ARCHITECTURES[c.decoder].is_dense:
        hidden = hidden[::-1]  # `build_fc_decoder` counts from z outwards
    make = _choose(
        c.decoder, build_fc_decoder, build_conv_decoder, build_residual_decoder
    )
    activation = c.decoder_activation or c.activation
    make = functools.partial(make, hidden=hidden, activation=activation)
    conditioned = getattr(c, "conditioned", None)
    if conditioned in ("both", "decoder"):
        return build_conditional_decoder(make, c.latent_dim, classes=classes, **sizes)
    decoder = make(c.latent_dim, **sizes)
    return decoder if conditioned is None else ignore_label(decoder)


def build_likelihood(configuration, image_shape):
    """Makes the likelihood of a configuration, of the module `likelihoods`.

    Args:
        configuration: of a model with encoder and decoder.
        image_shape: (height, width, channels), which a likelihood may depend on.
    """
    likelihood = pkgutil.resolve_name(LIKELIHOODS[configuration.likelihood])
    if hasattr(likelihood, "from_configuration"):
        return likelihood.from_configuration(configuration, image_shape)
    if configuration.sigma is not None:
        return likelihood(configuration.sigma)
    return likelihood()


def build_prior(configuration, *, seed: int):
    """Makes the prior of a configuration, of the module `distributions`."""
    prior = pkgutil.resolve_name(PRIORS[configuration.prior].prior)
    return prior.from_configuration(configuration, seed=seed)


def _choose(architecture, build_fc, build_conv, build_residual):
    """Chooses the function of (latent_dim, ...) that builds an architecture."""
    chosen = ARCHITECTURES[architecture]
    if chosen.is_dense:
        return build_fc
    if chosen.residual:
        return build_residual
    layers = {"convolutions": chosen.convolutions, "padding": chosen.padding}
    return functools.partial(build_conv, **layers)
