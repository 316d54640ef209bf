"""From images to codes, and from codes to images."""

import numpy as np
from keras import ops

from vae_utils.checks import check_finite
from vae_utils.networks import call_in_batches, input_shape, join
from vae_utils.pixels import to_unit_interval


def encode(model, images, labels=None, *, batch_size: int = 1000):
    """Encodes images.

    Args:
        model: `models.VAE`, or another model with an `encoder`.
        images: uint8 or float in [0, 1], shape (n, 28, 28) or (n, 28, 28, 1).
        labels: ints, shape (n,), where the encoder takes them.
        batch_size: images encoded at a time.

    Returns:
        The encoder's outputs, that is z_mean and z_log_var of a VAE, each of shape
        (n, latent_dim), or the codes of an autoencoder, shape (n, latent_dim).

    Raises:
        ValueError: if `images` is not a batch of images of the encoder's shape, or the
            labels do not fit.
    """
    x = to_unit_interval(images, input_shape(model.encoder, "x"))
    return call_in_batches(
        model.encoder, join("x", x, labels, model.encoder), batch_size
    )


def encode_mean(model, images, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Encodes each image to one code: z_mean of a VAE, the code of an autoencoder.

    Args:
        model: `models.VAE`, or another model with an `encoder`.
        images: as for `encode`.
        labels: ints, shape (n,), where the encoder takes them.
        batch_size: images encoded at a time.

    Returns:
        Codes, shape (n, latent_dim).
    """
    outputs = encode(model, images, labels, batch_size=batch_size)
    return outputs[0] if isinstance(outputs, tuple) else outputs


def reconstruct(model, images, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Decodes the codes of `encode_mean` to mean images.

    Args:
        model: `models.VAE`, or another model with encoder, decoder and likelihood.
        images: as for `encode`.
        labels: ints, shape (n,), where the networks take them.
        batch_size: images handled at a time.

    Returns:
        Means of p(x|z), shape (n, height, width, channels).
    """
    z = encode_mean(model, images, labels, batch_size=batch_size)
    return decode(model, z, labels, batch_size=batch_size)


def takes_labels(model) -> bool:
    """Tells whether a model is to be given the labels of images."""
    return len(model.decoder.inputs) > 1  # a decoder alone will do


def decode(model, z, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Decodes latent points to mean images.

    Args:
        model: `models.VAE`, or another model with `decoder` and `likelihood`.
        z: points, shape (n, latent_dim).
        labels: ints, shape (n,), where the decoder takes them.
        batch_size: points decoded at a time.

    Returns:
        Means of p(x|z), shape (n, height, width, channels).

    Raises:
        ValueError: if `z` does not have the decoder's `latent_dim`, or the labels do
            not fit.
    """
    return ops.convert_to_numpy(
        model.likelihood.mean(_logits(model, z, labels, batch_size))
    )


def decode_sample(
    model, z, seed: int, labels=None, *, batch_size: int = 1000
) -> np.ndarray:
    """Decodes latent points to images drawn from p(x|z).

    Args:
        model: `models.VAE`, or another model with `decoder` and `likelihood`.
        z: points, shape (n, latent_dim).
        seed: int, of the draw.
        labels: ints, shape (n,), where the decoder takes them.
        batch_size: points decoded at a time.

    Returns:
        One draw per point, shape (n, height, width, channels).

    Raises:
        ValueError: if `z` does not have the decoder's `latent_dim`, or the labels do
            not fit.
    """
    logits = _logits(model, z, labels, batch_size)
    return ops.convert_to_numpy(model.likelihood.sample(logits, seed=seed))


def _logits(model, z, labels, batch_size):
    z = np.asarray(z, dtype=np.float32)
    (latent_dim,) = input_shape(model.decoder, "z")
    if z.ndim != 2 or z.shape[1] != latent_dim or len(z) == 0:
        raise ValueError(
            f"z must have shape (n, {latent_dim}), n > 0, to fit the decoder. "
            f"Received: z.shape={z.shape}"
        )
    check_finite(z, "z")
    return call_in_batches(
        model.decoder, join("z", z, labels, model.decoder), batch_size
    )
