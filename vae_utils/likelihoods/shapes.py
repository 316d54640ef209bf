"""The shapes that images and logits share."""

import math

from keras import ops


def flatten(*images):
    """Gives the pixels of each image one axis, on which XLA computes faster.

    It does not merge the axes by itself, and the last one of grey images has length 1.

    Args:
        *images: tensors, shape (batch, height, width, channels).

    Returns:
        Tensors, shape (batch, pixels).
    """
    return [ops.reshape(x, (-1, math.prod(x.shape[1:]))) for x in images]


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
