"""A mixture of normal distributions as the prior, trained with the model."""

from statistics import NormalDist

import keras
import numpy as np
from keras import ops

from vae_utils.objectives import gaussian_log_density
from vae_utils.precision import FLOAT32, as_float32
from vae_utils.serialization import register

COMPONENTS = 10  # where nothing else is asked for
FAR = 1e30  # beyond any number that a normal distribution gives
TINY = 1e-12  # share of a component that is never chosen
LOG_VAR_BOUND = 5.0  # keeps a standard deviation between e^-2.5 and e^2.5


@register
class GaussianMixture(keras.layers.Layer):
    """Σ w_k N(m_k, exp(v_k)) over codes, each component with a diagonal covariance.

    Weights, means and log-variances are trained with encoder and decoder; its KL term
    has no closed form and is estimated from the sample of z that is decoded.

    Args:
        latent_dim: number of latent dimensions.
        components: number of components.
        seed: int, of the first means, which are drawn from N(0, I).

    Source:
        Dilokthanakul et al. (2016), https://arxiv.org/abs/1611.02648; as a baseline in
        Tomczak and Welling (2018), https://arxiv.org/abs/1705.07120.
    """

    def __init__(
        self, latent_dim: int, components: int = COMPONENTS, seed: int = 0, **kwargs
    ):
        super().__init__(**kwargs | {"name": "gaussian_mixture", "dtype": FLOAT32})
        self.latent_dim = latent_dim
        self.seed = seed
        shape = (components, latent_dim)
        first_means = keras.initializers.RandomNormal(stddev=1.0, seed=seed)
        self.logits = self.add_weight(
            name="logits", shape=(components,), initializer="zeros"
        )
        self.means = self.add_weight(name="means", shape=shape, initializer=first_means)
        self.raw_log_vars = self.add_weight(
            name="raw_log_vars", shape=shape, initializer="zeros"
        )
        self.built = True

    def get_config(self):
        size = {"latent_dim": self.latent_dim, "components": self.means.shape[0]}
        return super().get_config() | size | {"seed": self.seed}

    @classmethod
    def from_configuration(cls, configuration, *, seed: int) -> "GaussianMixture":
        """Makes the prior that a configuration asks for, untrained."""
        components = configuration.prior_size or COMPONENTS
        return cls(configuration.latent_dim, components, seed)

    @property
    def log_vars(self):
        """Log-variances of the components, shape (components, latent_dim), bounded."""
        return LOG_VAR_BOUND * ops.tanh(self.raw_log_vars / LOG_VAR_BOUND)

    def log_prob(self, z):
        """Computes log p(z), in nats.

        Args:
            z: codes, shape (..., latent_dim).

        Returns:
            Log densities, shape (...,).
        """
        z = ops.expand_dims(as_float32(z), -2)  # (..., 1, latent_dim)
        means = ops.convert_to_tensor(self.means)
        each = gaussian_log_density(z, means, self.log_vars)  # (..., components)
        return ops.logsumexp(each + ops.log_softmax(self.logits), axis=-1)

    @property
    def noise_shape(self) -> tuple[int]:
        """Shape of the noise that `from_noise` takes for one code."""
        return (self.latent_dim + 1,)

    def from_noise(self, eps):
        """Turns standard normal noise into codes, without drawing anything.

        Args:
            eps: noise, shape (batch, latent_dim + 1). The last number chooses the
                component: it falls below each quantile of N(0, 1) as often as the
                weights say.

        Returns:
            Codes, shape (batch, latent_dim).
        """
        logits = ops.convert_to_numpy(self.logits).astype(float)
        weights = np.exp(logits - logits.max())
        shares = (np.cumsum(weights)[:-1] / weights.sum()).clip(TINY, 1 - TINY)
        ends = [NormalDist().inv_cdf(share) for share in shares]
        below, above = (np.array(e, "float32") for e in ([-FAR, *ends], [*ends, FAR]))
        last = eps[:, -1:]
        chosen = ops.cast(last > below, FLOAT32) - ops.cast(last > above, FLOAT32)
        means, log_vars = (
            ops.sum(ops.expand_dims(chosen, -1) * ops.convert_to_tensor(values), 1)
            for values in (self.means, self.log_vars)
        )
        return means + ops.exp(0.5 * log_vars) * eps[:, :-1]

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws `count` codes with NumPy, shape (count, latent_dim), float32."""
        weights, means, log_vars = (
            np.asarray(values)
            for values in (ops.softmax(self.logits), self.means, self.log_vars)
        )
        chances = weights.astype(float) / weights.astype(float).sum()
        chosen = rng.choice(len(weights), size=count, p=chances)
        eps = rng.standard_normal((count, self.latent_dim), dtype=np.float32)
        return means[chosen] + np.exp(0.5 * log_vars[chosen]) * eps
