"""Terms of the VAE's objective: pure functions, per example, in nats.

Every function sums over latent dimensions and returns one number per example.
The one mean over examples belongs to the caller, and comes last.
"""

import math

from keras import ops

from vae_utils import noise

LOG_2_PI = math.log(2.0 * math.pi)


def sample_gaussian(z_mean, z_log_var, seed):
    """Draws z = z_mean + exp(z_log_var / 2) · eps with eps ~ N(0, I).

    The noise is sampled separately, so that gradients reach both parameters: the
    reparameterisation trick.

    Args:
        z_mean: means, shape (batch, latent_dim).
        z_log_var: log-variances, shape (batch, latent_dim).
        seed: `keras.random.SeedGenerator`, or an int for one fixed draw.

    Returns:
        One sample per example, shape (batch, latent_dim).

    Source:
        Kingma and Welling (2014), https://arxiv.org/abs/1312.6114, section 2.4.
    """
    eps = noise.normal(ops.shape(z_mean), z_mean.dtype, seed)
    return z_mean + ops.exp(0.5 * z_log_var) * eps


def gaussian_kl_per_dimension(z_mean, z_log_var):
    """Computes KL(N(z_mean, exp(z_log_var)) ‖ N(0, 1)) of each dimension, in nats.

    Args:
        z_mean: means, shape (batch, latent_dim).
        z_log_var: log-variances, shape (batch, latent_dim).

    Returns:
        Divergences, shape (batch, latent_dim), in nats.

    Source:
        Kingma and Welling (2014), https://arxiv.org/abs/1312.6114, appendix B.
    """
    return 0.5 * (ops.square(z_mean) + ops.exp(z_log_var) - 1.0 - z_log_var)


def gaussian_kl(z_mean, z_log_var):
    """Computes KL(N(z_mean, exp(z_log_var)) ‖ N(0, I)), in nats.

    Args:
        z_mean: means, shape (batch, latent_dim).
        z_log_var: log-variances, shape (batch, latent_dim).

    Returns:
        Divergences, shape (batch,), in nats.

    Source:
        Kingma and Welling (2014), https://arxiv.org/abs/1312.6114, appendix B.
    """
    return ops.sum(gaussian_kl_per_dimension(z_mean, z_log_var), axis=-1)


def gaussian_log_density(z, mean, log_var):
    """Computes log N(z; mean, exp(log_var)), in nats, with a diagonal covariance.

    Args:
        z: points, shape (..., latent_dim).
        mean: means, broadcastable to the shape of `z`.
        log_var: log-variances, broadcastable to the shape of `z`.

    Returns:
        Log densities, shape (...,), in nats.
    """
    squares = ops.square(z - mean) * ops.exp(-log_var)
    return -0.5 * ops.sum(ops.add(LOG_2_PI + log_var, squares), axis=-1)
