"""The usual prior, N(0, I)."""

import dataclasses

import numpy as np
from keras import ops

from vae_utils.objectives import gaussian_log_density
from vae_utils.serialization import Fields, register


@register
@dataclasses.dataclass(frozen=True)
class StandardNormal(Fields):
    """N(0, I) over codes.

    Args:
        latent_dim: number of latent dimensions.
    """

    latent_dim: int

    @classmethod
    def from_configuration(cls, configuration, *, seed: int) -> "StandardNormal":
        """Makes the prior that a configuration asks for."""
        return cls(configuration.latent_dim)

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws `count` codes with NumPy, shape (count, latent_dim), float32."""
        return rng.standard_normal((count, self.latent_dim), dtype=np.float32)

    @property
    def noise_shape(self) -> tuple[int]:
        """Shape of the noise that `from_noise` takes for one code."""
        return (self.latent_dim,)

    def from_noise(self, eps):
        """Turns standard normal noise into codes: here they are the noise itself."""
        return eps

    def log_prob(self, z):
        """Computes log p(z), in nats.

        Args:
            z: codes, shape (..., latent_dim).

        Returns:
            Log densities, shape (...,).
        """
        return gaussian_log_density(z, 0.0, ops.zeros_like(z))
