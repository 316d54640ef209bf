"""Copies: how near generated images are to training images."""

import numpy as np

BLOCK = 500  # images compared at a time


def nearest_distances(images, others) -> np.ndarray:
    """Computes how far each image is from the nearest of many others.

    Copies of training images would lie nearer to them than test images do.

    Args:
        images: shape (n, …), of one unit with the others.
        others: shape (m, …), at least one image.

    Returns:
        The smallest root mean squared difference of pixels, shape (n,).

    Raises:
        ValueError: if the images differ in shape, or there are no others.
    """
    if len(others) == 0 or images.shape[1:] != others.shape[1:]:
        raise ValueError(
            "Images can be compared with at least one other, of the same shape. "
            f"Received: {images.shape} and {others.shape}"
        )
    others = np.asarray(others, dtype="float32").reshape(len(others), -1)
    images = np.asarray(images, dtype="float32").reshape(len(images), -1)
    squares, nearest = (others**2).sum(axis=1), []
    for start in range(0, len(images), BLOCK):
        block = images[start : start + BLOCK]
        apart = (block**2).sum(axis=1)[:, None] + squares - 2 * block @ others.T
        # Rounding may leave a little less than nothing.
        nearest.append(np.maximum(apart.min(axis=1), 0))
    return np.sqrt(np.concatenate(nearest) / images.shape[1])
