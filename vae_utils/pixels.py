"""Checks images, scales pixels to [0, 1], and binarises them.

Images may be grey or colour, of any height and width.
"""

import numpy as np

from vae_utils.checks import as_array

BINARISATIONS = ("dynamic", "static", "none")


def as_images(images) -> np.ndarray:
    """Checks images and adds the channel axis, without copying or converting.

    Args:
        images: uint8 in 0 … 255 or float in [0, 1], shape (n, height, width) if grey
            or (n, height, width, channels).

    Returns:
        The same values, shape (n, height, width, channels).

    Raises:
        ValueError: if the shape, the type or a value is invalid.
    """
    images = as_array(images, "Images")
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.ndim != 4 or 0 in images.shape:
        raise ValueError(
            "Images must have shape (n, height, width) or (n, height, width, "
            f"channels), with n > 0. Received: shape={images.shape}"
        )
    _check_channels(images)
    if images.dtype == np.uint8:
        _check_bytes(images)
        return images
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(
            "Images must be uint8 in 0 … 255 or float in [0, 1]. "
            f"Received: dtype={images.dtype}"
        )
    _check_range(images)
    return images


def _check_channels(images):
    """Raises ValueError if the axes look like (n, channels, height, width)."""
    if images.shape[1] in (1, 3) and images.shape[3] > 4:
        raise ValueError(
            "The channels of images are their last axis: use np.moveaxis(images, 1, "
            f"-1). Received: shape={images.shape}"
        )


def _check_bytes(images):
    """Raises ValueError if uint8 images are 0 and 1: white would become 1/255."""
    if images[0].max() <= 1 and images.max() == 1:  # mostly, one image is enough
        raise ValueError(
            "Images of uint8 are in 0 … 255, and these hold only 0 and 1: multiply "
            "them by 255, or divide by 255 if they are that dark. Received: "
            f"dtype={images.dtype}, values from {images.min()} to 1"
        )


def _check_range(images):
    """Raises ValueError unless all pixels of float images are in [0, 1]."""
    low, high = images.min(), images.max()  # NaN if any value is NaN
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(
            "Float images must be finite. Received: "
            f"{np.count_nonzero(~np.isfinite(images))} values that are NaN or infinite"
        )
    if low < 0 or high > 1:
        raise ValueError(
            "Float images must lie in [0, 1]; divide by 255 if they are in 0 … 255. "
            f"Received: values from {low:g} to {high:g}"
        )


def to_unit_interval(images, image_shape=None) -> np.ndarray:
    """Converts images to float32 in [0, 1], shape (n, height, width, channels).

    Args:
        images: as for `as_images`.
        image_shape: (height, width, channels) that a network takes; None allows any.

    Returns:
        float32 array, shape (n, height, width, channels).

    Raises:
        ValueError: as `as_images`, or if the shape is not `image_shape`.
    """
    images = as_images(images)
    check_shape(images, image_shape)
    return convert(images)


def check_shape(images, image_shape):
    """Raises ValueError unless images have the shape that a network takes.

    Args:
        images: shape (n, height, width, channels).
        image_shape: (height, width, channels); None allows any.
    """
    if image_shape is not None and images.shape[1:] != tuple(image_shape):
        raise ValueError(
            f"The network takes images of shape {tuple(image_shape)}. "
            f"Received: images of shape {images.shape[1:]}"
        )


def convert(images) -> np.ndarray:
    """Converts checked images to float32 in [0, 1]; bytes are divided by 255."""
    if images.dtype == np.uint8:
        return images.astype(np.float32) / np.float32(255)
    return images.astype(np.float32)


def to_bytes(images) -> np.ndarray:
    """Rounds images in [0, 1] to uint8; grey images lose their channel axis.

    Args:
        images: as for `as_images`.

    Returns:
        uint8 array, shape (n, height, width) for one channel, otherwise
        (n, height, width, channels).

    Raises:
        ValueError: as `as_images`.
    """
    x = to_unit_interval(images)
    x = x[..., 0] if x.shape[-1] == 1 else x
    return np.rint(255 * x).astype(np.uint8)


def binarise(images, kind: str = "dynamic", seed: int = 0) -> np.ndarray:
    """Turns every value of images into 0 or 1, once.

    Args:
        images: as for `as_images`; channels of colour images are binarised separately.
        kind: `"dynamic"` draws 1 with the value in [0, 1] as probability, `"static"`
            thresholds at one half, `"none"` keeps the values.
        seed: int; the same seed gives the same draw.

    Returns:
        float32 array, shape (n, height, width, channels).

    Raises:
        ValueError: if `kind` is unknown, or as `as_images`.
    """
    check_binarisation(kind)
    x = to_unit_interval(images)
    if kind == "dynamic":
        rng = np.random.default_rng(seed)
        return (rng.random(x.shape, dtype=np.float32) < x).astype(np.float32)
    return (x >= 0.5).astype(np.float32) if kind == "static" else x


def is_binary(images) -> bool:
    """Returns whether every value is 0 or 1 (0 or 255 in uint8 images)."""
    x = to_unit_interval(images)
    return bool(((x == 0) | (x == 1)).all())


def check_binarisation(kind: str):
    """Raises ValueError unless `kind` is `"dynamic"`, `"static"` or `"none"`."""
    if kind not in BINARISATIONS:
        raise ValueError(
            f"binarisation must be one of {BINARISATIONS}. Received: {kind!r}"
        )
