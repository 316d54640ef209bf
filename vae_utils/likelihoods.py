"""Likelihoods p(x|z): what the decoder's output means.

A decoder returns one logit per pixel; a likelihood turns logits into a negative
log-likelihood in nats, a mean image and a sampled image. Nats of different
likelihoods are not comparable: one is a probability, another a density.
"""

import dataclasses
import math

from keras import ops, random

from vae_utils.checks import is_finite_number

PIXEL_AXES = (1, 2, 3)


def _check_same_shape(x, logits):
    # A size of None is not known yet, inside a compiled step.
    sizes = zip(x.shape, logits.shape, strict=False)
    differ = any(None not in pair and pair[0] != pair[1] for pair in sizes)
    if differ or len(x.shape) != len(logits.shape):
        raise ValueError(
            "Images and logits must have the same shape (batch, height, width, "
            "channels). "
            f"Received: x.shape={tuple(x.shape)}, logits.shape={tuple(logits.shape)}"
        )


@dataclasses.dataclass(frozen=True)
class Bernoulli:
    """Each pixel is on with probability sigmoid(logit).

    On binarised images the negative log-likelihood is that of a probability. On grey
    images the same formula (binary cross-entropy) is no probability's logarithm: it
    is a loss whose minimum is the entropy of the grey values, not zero.
    """

    def negative_log_likelihood(self, x, logits):
        """Computes −log p(x|z), in nats, summed over pixels.

        Args:
            x: images in [0, 1], shape (batch, height, width, channels).
            logits: decoder output, the shape of `x`.

        Returns:
            Negative log-likelihoods, shape (batch,), in nats.

        Raises:
            ValueError: if the shapes differ.
        """
        _check_same_shape(x, logits)
        # −x log σ(l) − (1 − x) log(1 − σ(l)), in the form that never takes log 0.
        return ops.sum(ops.softplus(logits) - x * logits, axis=PIXEL_AXES)

    def mean(self, logits):
        """Computes the mean image, the probability of each pixel being on."""
        return ops.sigmoid(logits)

    def sample(self, logits, seed):
        """Draws an image of zeros and ones, shape of `logits`."""
        u = random.uniform(ops.shape(logits), dtype=logits.dtype, seed=seed)
        return ops.cast(u < ops.sigmoid(logits), logits.dtype)


@dataclasses.dataclass(frozen=True)
class Gaussian:
    """Each pixel is normal around sigmoid(logit) with one fixed standard deviation.

    With sigma² = ½ the negative log-likelihood is the sum of squared errors plus a
    constant: the "MSE loss" of many tutorials, when they sum over pixels.

    Args:
        sigma: standard deviation of a pixel, in grey levels of [0, 1].

    Raises:
        ValueError: if `sigma` is not a positive number.
    """

    sigma: float = math.sqrt(0.5)

    def __post_init__(self):
        if not (is_finite_number(self.sigma) and self.sigma > 0):
            raise ValueError(
                "sigma must be a positive number, the standard deviation of a pixel "
                f"in [0, 1]. Received: sigma={self.sigma!r}"
            )

    def negative_log_likelihood(self, x, logits):
        """Computes −log p(x|z), in nats (of a density), summed over pixels.

        Args:
            x: images in [0, 1], shape (batch, height, width, channels).
            logits: decoder output, the shape of `x`.

        Returns:
            Negative log densities, shape (batch,), in nats; they can be negative.

        Raises:
            ValueError: if the shapes differ.
        """
        _check_same_shape(x, logits)
        squares = ops.square(x - self.mean(logits)) / (2.0 * self.sigma**2)
        constant = 0.5 * math.log(2.0 * math.pi * self.sigma**2)
        return ops.sum(squares + constant, axis=PIXEL_AXES)

    def mean(self, logits):
        """Computes the mean image."""
        return ops.sigmoid(logits)

    def sample(self, logits, seed):
        """Draws an image around the mean; its pixels can leave [0, 1]."""
        eps = random.normal(ops.shape(logits), dtype=logits.dtype, seed=seed)
        return self.mean(logits) + self.sigma * eps
