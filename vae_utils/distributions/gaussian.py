"""Normal distributions over codes with a diagonal covariance: the usual q(z|x)."""

from typing import NamedTuple

import numpy as np
from keras import ops

from vae_utils.objectives import gaussian_log_density, sample_gaussian


class DiagonalGaussian(NamedTuple):
    """N(mean, exp(log_var)) for each example, each dimension on its own.

    Args:
        mean: means, shape (batch, latent_dim), tensor or array.
        log_var: log-variances, of the same shape.
    """

    mean: object
    log_var: object

    def sample(self, seed, samples: int | None = None):
        """Draws codes to which gradients can flow back.

        Args:
            seed: `keras.random.SeedGenerator`, or an int for one fixed draw.
            samples: codes for each example; None for one.

        Returns:
            Tensor, shape (batch, latent_dim), or (batch, samples, latent_dim).
        """
        if samples is None:
            return sample_gaussian(self.mean, self.log_var, seed)
        repeated = (ops.repeat(v[:, None], samples, axis=1) for v in self)
        return sample_gaussian(*repeated, seed)

    def draw(self, samples: int, rng: np.random.Generator) -> np.ndarray:
        """Draws codes with NumPy: the same ones on every backend.

        Args:
            samples: codes for each example.
            rng: source of the noise.

        Returns:
            Array, shape (batch, samples, latent_dim), float32.
        """
        mean, log_var = (np.asarray(values)[:, None] for values in self)
        size = len(mean), samples, mean.shape[-1]
        eps = rng.standard_normal(size, dtype=np.float32)
        return mean + np.exp(0.5 * log_var) * eps

    def log_prob(self, z):
        """Computes log q(z), in nats.

        Args:
            z: codes, shape (batch, latent_dim), or (batch, samples, latent_dim).

        Returns:
            Log densities, shape (batch,) or (batch, samples).
        """
        mean, log_var = self.mean, self.log_var
        if len(z.shape) > len(mean.shape):
            mean, log_var = mean[:, None], log_var[:, None]
        return gaussian_log_density(z, mean, log_var)

    def copy(self) -> "DiagonalGaussian":
        """Copies the tensors; see `divergence.kl_divergence` for why."""
        return DiagonalGaussian(*map(ops.copy, self))

    def rows(self, index) -> "DiagonalGaussian":
        """Returns the distributions of some of the examples."""
        return DiagonalGaussian(self.mean[index], self.log_var[index])
