"""How far the codes of many images, taken together, are from N(0, I)."""

import numpy as np

from vae_utils.checks import check_finite


def aggregate_kl_bound(z) -> float:
    """Bounds KL(q(z) ‖ N(0, I)) from below by the moments of codes.

    No distribution of the same mean and covariance has more entropy than the Gaussian,
    so that none is closer to N(0, I). Of n codes the bound is a little too high: by
    d(d + 3) / 4n nats where q(z) is N(0, I) itself.

    Args:
        z: one code drawn from each q(z|x), shape (n, latent_dim), n > latent_dim.

    Returns:
        KL(N(m, S) ‖ N(0, I)) in nats, of the codes' mean m and covariance S.

    Raises:
        ValueError: if the shape is another one, or a value is not finite.
    """
    z = np.asarray(z, dtype=np.float64)
    if z.ndim != 2 or z.shape[1] == 0 or len(z) <= z.shape[1]:
        raise ValueError(
            "z must have shape (n, latent_dim), n > latent_dim. "
            f"Received: z.shape={z.shape}"
        )
    check_finite(z, "z")
    mean, covariance = z.mean(axis=0), np.cov(z, rowvar=False, bias=True)
    covariance = np.atleast_2d(covariance)
    log_det = np.linalg.slogdet(covariance).logabsdet
    return float(mean @ mean + np.trace(covariance) - z.shape[1] - log_det) / 2
