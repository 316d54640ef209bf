"""Likelihoods of pixels that are on or off, and of pixels between the two."""

import dataclasses
import math

from keras import ops, random

from vae_utils.checks import is_finite_number
from vae_utils.likelihoods.pairs import pairwise_nll
from vae_utils.likelihoods.shapes import check_same_shape, flatten
from vae_utils.serialization import Fields, register

FLAT = 0.01  # logits smaller than this: the constant is its series around zero
CLOSE = 0.3  # the same for the mean, where 1 / l would cancel most of a number


@register
@dataclasses.dataclass(frozen=True)
class Bernoulli(Fields):
    """Each pixel is on with probability sigmoid(logit).

    On binarised images the negative log-likelihood is that of a probability. The same
    formula on grey images (binary cross-entropy) is its mean over their dynamic
    binarisations, since it is linear in x. The least that it can be is the entropy of
    the grey values, not zero.
    """

    is_probability = True  # on binarised images
    levels = 2

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
        check_same_shape(x, logits)
        x, logits = flatten(x, logits)
        # −x log σ(l) − (1 − x) log(1 − σ(l)), in the form that never takes log 0.
        return ops.sum(softplus(logits) - x * logits, axis=1)

    def pairwise_nll(self, x, logits):
        """Computes what `pairs.pairwise_nll` does, much faster."""
        # It is Σ log(1 + exp l) − x · l: all images share the logits l and their sum.
        flat, logits = x.reshape(len(x), -1), logits.reshape(len(logits), -1)
        summed = ops.convert_to_numpy(ops.sum(ops.softplus(logits), axis=1))
        return summed - (flat @ logits.T).astype(float)

    def box_bound(self, x, lowest, highest):
        """Bounds log p(x|z) from above over boxes of codes, in nats.

        A pixel that is on is likeliest at its highest logit in the box, one that is off
        at its lowest; the formula is linear in grey values between.

        Args:
            x: images, NumPy array of shape (n, height, width, channels).
            lowest: smallest logits in each box, shape (boxes, height, width, channels).
            highest: largest ones, of the same shape.

        Returns:
            Bounds, shape (n, boxes), float64.
        """
        shape = len(lowest), -1
        on, off = (
            -ops.convert_to_numpy(softplus(ops.convert_to_tensor(each.reshape(shape))))
            for each in (-highest, lowest)
        )
        return (x.reshape(len(x), -1) @ (on - off).T).astype(float) + off.sum(axis=1)

    def mean(self, logits):
        """Computes the mean image, the probability of each pixel being on."""
        return ops.sigmoid(logits)

    def sample(self, logits, seed):
        """Draws an image of zeros and ones, shape of `logits`."""
        u = random.uniform(ops.shape(logits), dtype=logits.dtype, seed=seed)
        return ops.cast(u < ops.sigmoid(logits), logits.dtype)


@register
@dataclasses.dataclass(frozen=True)
class ContinuousBernoulli(Fields):
    """Each pixel is between 0 and 1, with density ∝ λ^x (1 − λ)^(1 − x), λ = σ(logit).

    Binary cross-entropy on grey pixels leaves out the constant that makes this a
    density. With it, the mean is no longer λ.

    At exact black or white, the density grows without limit as λ goes to 0 or 1. On
    images with many such pixels, training then makes logits ever larger. Two things
    help: dequantised images (`dequantisation.dequantise`), or λ clipped as in the
    authors' code, to [1e-4, 1 − 1e-4]. Clipped, λ has no gradient beyond the limits,
    and the mean stays between 0.11 and 0.89.

    Args:
        clip_lambda: λ is clipped to [clip_lambda, 1 − clip_lambda]; None for no limit.

    Raises:
        ValueError: if `clip_lambda` is not a number between 0 and ½.

    Source:
        Loaiza-Ganem and Cunningham (2019), https://arxiv.org/abs/1907.06845, and their
        code, https://github.com/cunningham-lab/cb_and_cc, `cb/cb_vae_mnist.ipynb`.
    """

    is_probability = False  # but a density

    clip_lambda: float | None = None

    def __post_init__(self):
        c = self.clip_lambda
        if c is not None and not (is_finite_number(c) and 0 < c < 0.5):
            raise ValueError(
                "clip_lambda must be a number between 0 and 0.5, or None. "
                f"Received: clip_lambda={c!r}"
            )

    @classmethod
    def from_configuration(cls, configuration, image_shape):
        """Makes the likelihood of a configuration, for images of any shape."""
        return cls(configuration.clip_lambda)

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
        check_same_shape(x, logits)
        x, logits = flatten(x, self.clip(logits))
        cross_entropy = softplus(logits) - x * logits
        return ops.sum(cross_entropy - self._log_constant(logits), axis=1)

    def pairwise_nll(self, x, logits):
        """Computes what `pairs.pairwise_nll` does."""
        return pairwise_nll(self, x, logits)

    def mean(self, logits):
        """Computes the mean image, ½ + 1 / (2 tanh(l/2)) − 1 / l at logit l."""
        logits = self.clip(logits)
        near_zero = ops.abs(logits) < CLOSE
        safe = ops.where(near_zero, 1.0, logits)
        exact = 0.5 + 0.5 / ops.tanh(safe / 2) - 1 / safe
        square = ops.square(logits)
        series = 0.5 + logits / 12 * (1 - square / 60 * (1 - square / 42))
        return ops.where(near_zero, series, exact)

    def sample(self, logits, seed):
        """Draws an image with pixels in [0, 1], by inverting the distribution."""
        logits = self.clip(logits)
        u = random.uniform(ops.shape(logits), dtype=logits.dtype, seed=seed)
        size = ops.maximum(ops.abs(logits), 1e-6)
        rising = 1 + ops.log(u + (1 - u) * ops.exp(-size)) / size
        rising = ops.clip(rising, 0.0, 1.0)  # u = 0 and a large logit give log 0
        rising = ops.where(ops.abs(logits) < 1e-3, u, rising)
        return ops.where(logits < 0, 1 - rising, rising)

    def clip(self, logits):
        """Limits the logits of λ to those that `clip_lambda` allows."""
        if self.clip_lambda is None:
            return logits
        largest = math.log(1 / self.clip_lambda - 1)
        return ops.clip(logits, -largest, largest)

    def _log_constant(self, logits):
        """Computes log of l / tanh(l/2), which is 2 at zero and grows like |l|."""
        near_zero = ops.abs(logits) < FLAT
        safe = ops.where(near_zero, 1.0, logits)
        exact = ops.log(safe / ops.tanh(safe / 2))
        return ops.where(near_zero, math.log(2) + ops.square(logits) / 12, exact)


def softplus(logits):
    """Computes log(1 + exp l) without overflow, faster than Keras's on both backends.

    The first term is max(l, 0), in a form whose slope at zero is ½, as it should be.
    """
    size = ops.abs(logits)
    return 0.5 * (logits + size) + ops.log1p(ops.exp(-size))
