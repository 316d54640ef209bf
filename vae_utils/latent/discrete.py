"""Codes that are indices into a codebook, batch by batch, as NumPy arrays."""

import numpy as np

from vae_utils.latent.codes import POSTERIOR
from vae_utils.lazy_images import to_unit_interval
from vae_utils.models.abilities import need
from vae_utils.networks import call_in_batches


def find_codes(model, images, *, batch_size: int = 1000) -> np.ndarray:
    """Finds the indices that images are encoded to.

    Args:
        model: `models.VQVAE`, or another model with `find_codes`.
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels); or `lazy_images.LazyImages`.
        batch_size: images encoded at a time.

    Returns:
        Indices into the codebook, int32, shape (n, height, width).

    Raises:
        ValueError: if the model has no codebook, or `images` is not a batch of images
            of its shape.
    """
    need(model, "find_codes")
    x = to_unit_interval(images, model.image_shape)
    return call_in_batches(model.find_codes, x, batch_size)


def draw_codes_of(model, images, seed: int, *, batch_size: int = 1000):
    """Draws one grid of indices from q(k|x) of each image.

    Args:
        model: `models.DiscreteVAE`, or another model with `weigh_codes`.
        images: as for `find_codes`.
        seed: int, of the draw.
        batch_size: images encoded at a time.

    Returns:
        Indices into the codebook, int32, shape (n, height, width), and log q(k|x) of
        each grid, in nats, shape (n,).

    Raises:
        ValueError: if the model is certain of its codes, or has none; or as there.
    """
    need(model, "weigh_codes")
    x = to_unit_interval(images, model.image_shape)
    log_q = call_in_batches(model.weigh_codes, x, batch_size)
    noise = np.random.default_rng([seed, POSTERIOR]).gumbel(size=log_q.shape)
    codes = (log_q + noise).argmax(axis=-1).astype(np.int32)
    drawn = np.take_along_axis(log_q, codes[..., np.newaxis], axis=-1)
    return codes, drawn.sum(axis=(1, 2, 3))
