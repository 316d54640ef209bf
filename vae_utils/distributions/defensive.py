"""A normal distribution with a share of N(0, I): importance weights stay bounded."""

from typing import NamedTuple

import numpy as np
from keras import ops

from vae_utils.distributions.gaussian import DiagonalGaussian
from vae_utils.objectives import gaussian_log_density


class DefensiveGaussian(NamedTuple):
    """(1 − share) · N(mean, exp(log_var)) + share · N(0, I) for each example.

    With N(0, I) as the prior no importance weight exceeds p(x|z) / share, so that the
    variance of an estimate is finite however narrow the first part is.

    Args:
        mean: means, shape (batch, latent_dim), tensor or array.
        log_var: log-variances, of the same shape.
        share: of N(0, I), above 0 and below 1, shape (batch,).

    Source:
        Hesterberg (1995), "Weighted average importance sampling and defensive mixture
        distributions", Technometrics 37(2).
    """

    mean: object
    log_var: object
    share: object

    def draw(self, samples: int, rng: np.random.Generator) -> np.ndarray:
        """Draws codes with NumPy: the same ones on every backend.

        Args:
            samples: codes for each example.
            rng: source of the noise.

        Returns:
            Array, shape (batch, samples, latent_dim), float32.
        """
        narrow = DiagonalGaussian(self.mean, self.log_var).draw(samples, rng)
        wide = rng.standard_normal(narrow.shape, dtype=np.float32)
        chosen = rng.random(narrow.shape[:2]) < np.asarray(self.share)[:, None]
        return np.where(chosen[..., None], wide, narrow)

    def log_prob(self, z):
        """Computes log q(z), in nats.

        Args:
            z: codes, shape (batch, latent_dim), or (batch, samples, latent_dim).

        Returns:
            Log densities, shape (batch,) or (batch, samples).
        """
        several = len(z.shape) > len(self.mean.shape)
        share = self.share[:, None] if several else self.share
        narrow = DiagonalGaussian(self.mean, self.log_var).log_prob(z)
        wide = gaussian_log_density(z, 0.0, ops.zeros_like(z))
        return ops.logaddexp(ops.log1p(-share) + narrow, ops.log(share) + wide)

    def copy(self) -> "DefensiveGaussian":
        """Copies the tensors; see `divergence.kl_divergence` for why."""
        return DefensiveGaussian(*map(ops.copy, self))

    def rows(self, index) -> "DefensiveGaussian":
        """Returns the distributions of some of the examples."""
        return DefensiveGaussian(*(values[index] for values in self))
