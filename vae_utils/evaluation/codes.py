"""What codes carry: nats per dimension, active units, information about images."""

import numpy as np
from keras import ops

from vae_utils.checks import check_finite
from vae_utils.distributions import DiagonalGaussian

ACTIVE_VARIANCE = 0.01  # the field's usual threshold
CODES = 2_000_000  # pairs of code and proposal scored at once
MUTUAL = 4  # a stream of random numbers of its own, whatever else has the seed


def active_units(z_mean, threshold: float = ACTIVE_VARIANCE) -> int:
    """Counts the latent dimensions whose codes differ between images.

    Args:
        z_mean: posterior means of many images, shape (n, latent_dim).
        threshold: a dimension is active if its mean varies by more than this.

    Returns:
        The number of active dimensions.

    Raises:
        ValueError: if `z_mean` has another shape, fewer than two images, or values
            that are not finite.

    Source:
        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519,
        section 5.2.
    """
    z_mean = np.asarray(z_mean)
    if z_mean.ndim != 2 or len(z_mean) < 2 or z_mean.shape[1] == 0:
        raise ValueError(
            "z_mean must have shape (n, latent_dim), n > 1. "
            f"Received: z_mean.shape={z_mean.shape}"
        )
    check_finite(z_mean, "z_mean")
    return int((z_mean.var(axis=0) > threshold).sum())


def kl_per_dimension(z_mean, z_log_var) -> np.ndarray:
    """Splits the KL term among the latent dimensions.

    Args:
        z_mean: posterior means of many images, shape (n, latent_dim).
        z_log_var: their log-variances, of the same shape.

    Returns:
        Means over images of each dimension's KL from N(0, 1), shape (latent_dim,), in
        nats; their sum is the KL term.

    Raises:
        ValueError: if the shapes do not fit, or a value is not finite.
    """
    z_mean, z_log_var = _check_codes(z_mean, z_log_var)
    kl = 0.5 * (np.square(z_mean) + np.exp(z_log_var) - 1 - z_log_var)
    return kl.mean(axis=0)


def mutual_information(posterior, *, seed: int = 0) -> float:
    """Estimates how much a code reveals about which image it came from.

    One code is drawn from each q(z|x); the aggregate posterior q(z) is the mixture of
    all of them. The rest of the KL term is how far q(z) is from the prior. The
    estimate cannot exceed log n, whatever the network: take as many images as you can.

    Args:
        posterior: q(z|x) of n images, as `latent.encode` returns it: a distribution
            that can draw and score.
        seed: int, of the draw.

    Returns:
        The mean of log q(z|x) − log q(z), in nats.

    Raises:
        ValueError: if the shapes do not fit, or a value is not finite.

    Source:
        Hoffman and Johnson (2016), "ELBO surgery: yet another way to carve up the
        variational evidence lower bound".
    """
    z, own, pairs = draw_with_densities(posterior, seed)
    rows = max(1, CODES // len(z))
    log_aggregate = [
        _log_mean_exp(pairs(z[first : first + rows]))
        for first in range(0, len(z), rows)
    ]
    return float(np.mean(own(z) - np.concatenate(log_aggregate)))


def draw_with_densities(posterior, seed: int):
    """Draws one code from each q(z|x), and makes functions that score codes.

    Args:
        posterior: q(z|x) of n images, a distribution that can draw and score.
        seed: int, of the draw.

    Returns:
        The codes, shape (n, latent_dim); a function of them that returns the log
        density of each in its own q(z|x), shape (n,); and a function of m codes that
        returns their log densities in every q(z|x), shape (m, n). Both may lack the
        same constant.

    Raises:
        ValueError: if the shapes do not fit, or a value is not finite.
    """
    rng = np.random.default_rng([seed, MUTUAL])
    if isinstance(posterior, DiagonalGaussian):
        z_mean, z_log_var = _check_codes(*posterior)
        z = z_mean + np.exp(z_log_var / 2) * rng.standard_normal(z_mean.shape)
        return z, *_gaussian_log_densities(z_mean, z_log_var)
    return posterior.draw(1, rng)[:, 0], *_log_densities(posterior)


def _gaussian_log_densities(z_mean, z_log_var):
    """Makes log densities in float64: of each code in its own q, and in every q.

    The constant −d/2 log 2π, the same in both, is left out.
    """
    precision = np.exp(-z_log_var)
    constant = (np.square(z_mean) * precision + z_log_var).sum(axis=1)

    def own(z):
        return -0.5 * (np.square(z - z_mean) * precision + z_log_var).sum(axis=1)

    def pairs(z):
        # Σ (z − μ)² / σ² as products of matrices: nothing of (m, n, d) is made.
        squares = np.square(z) @ precision.T - 2 * z @ (z_mean * precision).T
        return -0.5 * (squares + constant)

    return own, pairs


def _log_densities(posterior):
    """Makes the same functions for any posterior that scores."""

    def own(z):
        return ops.convert_to_numpy(posterior.log_prob(z)).astype(float)

    def pairs(z):
        count = len(posterior.mean)
        return np.stack([own(np.repeat(code[None], count, axis=0)) for code in z])

    return own, pairs


def _log_mean_exp(exponents):
    largest = exponents.max(axis=1)
    summed = np.exp(exponents - largest[:, np.newaxis]).sum(axis=1)
    return largest + np.log(summed / exponents.shape[1])


def _check_codes(z_mean, z_log_var):
    z_mean, z_log_var = (np.asarray(v, dtype=np.float64) for v in (z_mean, z_log_var))
    if z_mean.ndim != 2 or z_mean.shape != z_log_var.shape or 0 in z_mean.shape:
        raise ValueError(
            "z_mean and z_log_var must both have shape (n, latent_dim). "
            f"Received: {z_mean.shape} and {z_log_var.shape}"
        )
    check_finite(z_mean, "z_mean")
    check_finite(z_log_var, "z_log_var")
    return z_mean, z_log_var
