"""Every image scored with every decoder output, for sums over a grid of codes."""

import numpy as np
from keras import ops


def pairwise_nll(likelihood, x, logits) -> np.ndarray:
    """Computes −log p(x|z) of all images at all codes, in nats.

    Args:
        likelihood: with `negative_log_likelihood`.
        x: images, NumPy array of shape (n, height, width, channels).
        logits: decoder outputs of the codes, NumPy array of shape (codes, height,
            width, channels).

    Returns:
        Negative log-likelihoods, shape (n, codes), float64.
    """
    rows = [
        likelihood.negative_log_likelihood(np.broadcast_to(image, logits.shape), logits)
        for image in x
    ]
    return np.stack([ops.convert_to_numpy(row) for row in rows]).astype(float)
