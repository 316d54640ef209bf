"""Likelihoods of pixels that are normal around a mean, with σ given or trained."""

import dataclasses
import math

import keras
from keras import ops, random

from vae_utils.checks import is_finite_number
from vae_utils.likelihoods.pairs import pairwise_nll
from vae_utils.likelihoods.shapes import check_same_shape, flatten
from vae_utils.precision import FLOAT32
from vae_utils.serialization import Fields, register


@register
@dataclasses.dataclass(frozen=True)
class Gaussian(Fields):
    """Each pixel is normal around sigmoid(logit) with one fixed standard deviation.

    With sigma² = ½ the negative log-likelihood is the sum of squared errors plus a
    constant: the "MSE loss" of many tutorials, when they sum over pixels.

    Args:
        sigma: standard deviation of a pixel, in grey levels of [0, 1].

    Raises:
        ValueError: if `sigma` is not a positive number.
    """

    is_probability = False  # but a density

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
        check_same_shape(x, logits)
        x, logits = flatten(x, logits)
        squares = ops.square(x - self.mean(logits)) / (2.0 * self.sigma**2)
        constant = 0.5 * math.log(2.0 * math.pi * self.sigma**2)
        return ops.sum(squares + constant, axis=1)

    def pairwise_nll(self, x, logits):
        """Computes what `pairs.pairwise_nll` does."""
        return pairwise_nll(self, x, logits)

    def mean(self, logits):
        """Computes the mean image."""
        return ops.sigmoid(logits)

    def sample(self, logits, seed):
        """Draws an image around the mean; its pixels can leave [0, 1]."""
        eps = random.normal(ops.shape(logits), dtype=logits.dtype, seed=seed)
        return self.mean(logits) + self.sigma * eps


@register
class LearnedGaussian(keras.layers.Layer):
    """Each pixel is normal around sigmoid(logit), with one σ that is trained.

    All pixels of all images share it. It settles where σ² is the mean squared error:
    the better the reconstructions, the more an error costs, so that there is no weight
    between the two terms to choose. Adam moves log σ by about one learning rate a step,
    so that σ lags behind reconstructions that improve faster than that;
    `OptimalGaussian` does not.

    Args:
        sigma: initial value, in grey levels of [0, 1].

    Raises:
        ValueError: if `sigma` is not a positive number.

    Source:
        Rybkin, Daniilidis and Levine (2021), https://arxiv.org/abs/2006.13202.
    """

    is_probability = False  # but a density
    has_gradient = True  # whether the optimiser trains σ

    def __init__(self, sigma: float = 0.5, **kwargs):
        super().__init__(**kwargs | {"dtype": FLOAT32})
        start = math.log(Gaussian(sigma).sigma)
        self.log_sigma = self.add_weight(
            name="log_sigma",
            shape=(),
            initializer=lambda *_, **__: start,
            trainable=self.has_gradient,
        )
        self.built = True

    def get_config(self):
        return super().get_config() | {"sigma": self.sigma}

    @property
    def sigma(self) -> float:
        """The standard deviation of a pixel, in grey levels of [0, 1]."""
        return math.exp(float(self.log_sigma))

    def negative_log_likelihood(self, x, logits):
        """Computes −log p(x|z) as `Gaussian` does, with the current σ."""
        check_same_shape(x, logits)
        x, logits = flatten(x, logits)
        squares = ops.square(x - self.mean(logits))
        log_sigma = self.choose_log_sigma(squares)
        constant = 0.5 * math.log(2 * math.pi) + log_sigma
        return ops.sum(0.5 * squares * ops.exp(-2 * log_sigma) + constant, axis=1)

    def choose_log_sigma(self, squares):
        """Returns log σ for the images that are scored: the weight, whatever they are.

        Args:
            squares: squared errors of the mean images, shape (batch, pixels).
        """
        return self.log_sigma

    def pairwise_nll(self, x, logits):
        """Computes what `pairs.pairwise_nll` does."""
        return pairwise_nll(self, x, logits)

    def mean(self, logits):
        """Computes the mean image."""
        return ops.sigmoid(logits)

    def sample(self, logits, seed):
        """Draws an image around the mean; its pixels can leave [0, 1]."""
        eps = random.normal(ops.shape(logits), dtype=logits.dtype, seed=seed)
        return self.mean(logits) + ops.exp(self.log_sigma) * eps
