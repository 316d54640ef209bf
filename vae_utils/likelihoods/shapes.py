"""The shapes that images and logits share."""

import math

from keras import ops


def flatten(x, logits):
    """Gives the pixels of each image one axis, on which XLA computes faster.

    It does not merge the axes by itself, and the last one of grey images has length 1.

    Args:
        x: images, shape (batch, height, width, channels).
        logits: decoder output, the shape of `x`.

    Returns:
        Two tensors, shape (batch, pixels), of the type of `logits`.
    """
    shape = (-1, math.prod(logits.shape[1:]))
    return ops.reshape(ops.cast(x, logits.dtype), shape), ops.reshape(logits, shape)


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
