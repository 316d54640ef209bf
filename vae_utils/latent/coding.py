"""From images to codes, and from codes to images, batch by batch, as NumPy arrays."""

import numpy as np
from keras import ops

from vae_utils.checks import check_finite, check_labels
from vae_utils.lazy_images import to_unit_interval
from vae_utils.models.abilities import need
from vae_utils.networks import call_in_batches


def encode(model, images, labels=None, *, batch_size: int = 1000):
    """Encodes images.

    Args:
        model: `models.VAE`, or another model that encodes.
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels); or `lazy_images.LazyImages`.
        labels: ints, shape (n,), of a conditional model.
        batch_size: images encoded at a time.

    Returns:
        What `model.encode` returns, in NumPy arrays: z_mean and z_log_var of a VAE,
        each of shape (n, latent_dim); the codes alone of an autoencoder.

    Raises:
        ValueError: if the model does not encode, `images` is not a batch of images of
            its shape, or the labels do not fit.
    """
    need(model, "encode")
    x = to_unit_interval(images, model.image_shape)
    labels = check_model_labels(model, labels, len(x))
    return _in_batches(model.encode, x, labels, batch_size)


def encode_mean(model, images, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Encodes each image to one code: z_mean of a VAE, the code of an autoencoder.

    Args:
        model: `models.VAE`, or another model that encodes.
        images: as for `encode`.
        labels: ints, shape (n,), of a conditional model.
        batch_size: images encoded at a time.

    Returns:
        Codes, shape (n, latent_dim).
    """
    return encode(model, images, labels, batch_size=batch_size).mean


def reconstruct(model, images, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Decodes the codes of `encode_mean` to mean images.

    Args:
        model: `models.VAE`, or another model that encodes and decodes.
        images: as for `encode`.
        labels: ints, shape (n,), of a conditional model.
        batch_size: images handled at a time.

    Returns:
        Means of p(x|z), shape (n, height, width, channels).
    """
    z = encode_mean(model, images, labels, batch_size=batch_size)
    return decode(model, z, labels, batch_size=batch_size)


def decode(model, z, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Decodes latent points to mean images.

    Args:
        model: `models.VAE`, or another model that decodes.
        z: points, shape (n, latent_dim).
        labels: ints, shape (n,), of a conditional model.
        batch_size: points decoded at a time.

    Returns:
        Means of p(x|z), shape (n, height, width, channels).

    Raises:
        ValueError: if the model does not decode, `z` does not have its `latent_dim`, or
            the labels do not fit.
    """
    logits = decode_logits(model, z, labels, batch_size=batch_size)
    return ops.convert_to_numpy(model.likelihood.mean(logits))


def decode_sample(
    model, z, seed: int, labels=None, *, batch_size: int = 1000
) -> np.ndarray:
    """Decodes latent points to images drawn from p(x|z).

    Args:
        model: `models.VAE`, or another model that decodes.
        z: points, shape (n, latent_dim).
        seed: int, of the draw.
        labels: ints, shape (n,), of a conditional model.
        batch_size: points decoded at a time.

    Returns:
        One draw per point, shape (n, height, width, channels).

    Raises:
        ValueError: as for `decode`.
    """
    logits = decode_logits(model, z, labels, batch_size=batch_size)
    return ops.convert_to_numpy(model.likelihood.sample(logits, seed=seed))


def check_model_labels(model, labels, count: int):
    """Returns labels as int32, or None for a model that takes none.

    Args:
        model: conditional or not.
        labels: one per example, or None.
        count: number of examples.

    Raises:
        ValueError: if labels are missing, not wanted, or not labels.
    """
    if model.conditional != (labels is not None):
        raise ValueError(
            f"A {type(model).__name__} takes {'' if model.conditional else 'no '}"
            f"labels. Received: {'no ' if labels is None else ''}labels"
        )
    return None if labels is None else check_labels(labels, count, model.classes)


def decode_logits(model, z, labels=None, *, batch_size: int = 1000) -> np.ndarray:
    """Decodes latent points to logits, (n, height, width, channels), as `decode`."""
    need(model, "decode")
    z = np.asarray(z, dtype=np.float32)
    if z.ndim < 2 or z.shape[1:] != model.latent_shape or len(z) == 0:
        shape = ", ".join(map(str, ("n", *model.latent_shape)))
        raise ValueError(
            f"z must have shape ({shape}), n > 0, to fit the decoder. "
            f"Received: z.shape={z.shape}"
        )
    check_finite(z, "z")
    labels = check_model_labels(model, labels, len(z))
    return _in_batches(model.logits, z, labels, batch_size)


def _in_batches(function, values, labels, batch_size):
    """Calls a function of values and labels batch by batch."""
    batch = {"values": values} if labels is None else {"values": values, "y": labels}
    return call_in_batches(
        lambda batch: function(batch["values"], batch.get("y")), batch, batch_size
    )
