"""The shapes that images and logits share."""

import math

from keras import ops


def sum_pixels(values):
    """Sums over the pixels of each image.

    Args:
        values: tensor, shape (batch, height, width, channels).

    Returns:
        Sums, shape (batch,).
    """
    # XLA sums over one axis faster than over three, of which the last is short.
    return ops.sum(ops.reshape(values, (-1, math.prod(values.shape[1:]))), axis=1)


def check_same_shape(x, logits):
    """Raises ValueError unless images and logits have the same shape."""
    # A size of None is unknown, inside a compiled step.
    sizes = zip(x.shape, logits.shape, strict=False)
    differ = any(None not in pair and pair[0] != pair[1] for pair in sizes)
    if differ or len(x.shape) != len(logits.shape):
        raise ValueError(
            "Images and logits must have the same shape (batch, height, width, "
            "channels). "
            f"Received: x.shape={tuple(x.shape)}, logits.shape={tuple(logits.shape)}"
        )
