"""Codes that are indices into a codebook, batch by batch, as NumPy arrays."""

import numpy as np

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
