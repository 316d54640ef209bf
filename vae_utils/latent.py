"""Between images and latent space: encode, decode, embed, and places worth decoding.

Everything is decoded in one call, as one batch; the functions take and return NumPy
arrays, ready to be plotted.
"""

from statistics import NormalDist

import numpy as np
from keras import ops

from vae_utils.checks import check_finite
from vae_utils.networks import call_in_batches, input_shape, join
from vae_utils.pixels import to_unit_interval

# Streams of random numbers of their own: one seed may serve for both.
POSTERIOR, PRIOR = 1, 2
PERPLEXITY = 30  # effective number of neighbours of a point, in t-SNE


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


def sample_posterior(z_mean, z_log_var, seed: int) -> np.ndarray:
    """Draws one z per example from q(z|x), as float32 of the shape of `z_mean`."""
    rng = np.random.default_rng([seed, POSTERIOR])
    eps = rng.standard_normal(z_mean.shape, dtype=np.float32)
    return z_mean + np.exp(0.5 * z_log_var) * eps


def sample_prior(count: int, latent_dim: int, seed: int) -> np.ndarray:
    """Draws z from the prior N(0, I), shape (count, latent_dim), float32."""
    rng = np.random.default_rng([seed, PRIOR])
    return rng.standard_normal((count, latent_dim), dtype=np.float32)


def prior_quantile_grid(side: int) -> np.ndarray:
    """Makes a grid that cuts the 2-D prior into cells of equal probability.

    Args:
        side: points along each axis.

    Returns:
        Points in reading order (top left first), shape (side · side, 2), float32.
    """
    quantiles = (np.arange(side) + 0.5) / side
    return _grid(np.array([NormalDist().inv_cdf(q) for q in quantiles]))


def square_grid(side: int, limit: float) -> np.ndarray:
    """Makes an evenly spaced grid on [−limit, limit]².

    Args:
        side: points along each axis.
        limit: largest coordinate.

    Returns:
        Points in reading order (top left first), shape (side · side, 2), float32.
    """
    return _grid(np.linspace(-limit, limit, side))


def embed_tsne(z, seed: int) -> np.ndarray:
    """Arranges points of many dimensions in the plane, neighbours beside each other.

    Only who is near whom survives, roughly. Sizes of clusters, and distances between
    them, mean nothing.

    Args:
        z: points, shape (n, latent_dim).
        seed: int.

    Returns:
        Places in the plane, shape (n, 2), float32.

    Raises:
        ValueError: if `z` has another shape or no more than 30 points (a point has
            about as many neighbours), or is not finite, or all points are one.

    Source:
        van der Maaten and Hinton (2008),
        https://www.jmlr.org/papers/v9/vandermaaten08a.html.
    """
    z = np.asarray(z, dtype=np.float32)
    if z.ndim != 2 or len(z) <= PERPLEXITY or z.shape[1] < 2:
        raise ValueError(
            f"z must have shape (n, latent_dim), n > {PERPLEXITY}, latent_dim > 1. "
            f"Received: z.shape={z.shape}"
        )
    check_finite(z, "z")
    if not np.ptp(z, axis=0).any():
        raise ValueError(
            f"t-SNE needs points that differ. Received: one point, {len(z)} times"
        )
    from sklearn.manifold import TSNE  # takes a second to import
    from threadpoolctl import threadpool_limits

    embedding = TSNE(perplexity=PERPLEXITY, init="pca", random_state=seed)
    # Beside TensorFlow's threads, waiting ones of OpenMP can slow it down many times.
    with threadpool_limits(limits=1):
        return embedding.fit_transform(z)


def _grid(ticks):
    across, up = np.meshgrid(ticks, ticks[::-1])  # a picture's first row is its top
    return np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)


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
