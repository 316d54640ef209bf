import numpy as np
import pytest
from scipy import stats

from vae_utils.evaluation import aggregate_kl_bound

COVARIANCE = np.array([[2.0, 0.6], [0.6, 0.5]])
MEAN = np.array([0.7, -0.2])


def draw(count):
    """Draws codes whose mean and covariance are exactly those above."""
    z = np.random.default_rng(0).normal(size=(count, 2))
    z -= z.mean(axis=0)
    z = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, bias=True))).T
    return MEAN + z @ np.linalg.cholesky(COVARIANCE).T


def test_agrees_with_an_integral():
    """KL = −entropy − E[log N(z; 0, I)], by SciPy and by Gauss and Hermite."""
    points, weights = np.polynomial.hermite_e.hermegauss(10)
    eps = np.stack(np.meshgrid(points, points), axis=-1).reshape(-1, 2)
    weights = np.outer(weights, weights).ravel() / (2 * np.pi)
    z = MEAN + eps @ np.linalg.cholesky(COVARIANCE).T
    cross = weights @ stats.multivariate_normal(np.zeros(2)).logpdf(z)
    expected = -stats.multivariate_normal(MEAN, COVARIANCE).entropy() - cross
    assert aggregate_kl_bound(draw(50)) == pytest.approx(expected, rel=1e-9)


def test_is_a_lower_bound_for_a_mixture():
    """Half the codes at −2 and half at 2: the KL is known by quadrature."""
    z = np.linspace(-9, 9, 20001)
    q = (stats.norm.pdf(z, -2) + stats.norm.pdf(z, 2)) / 2
    exact = np.trapezoid(q * np.log(q / stats.norm.pdf(z)), z)
    rng = np.random.default_rng(0)
    codes = rng.normal(rng.choice([-2, 2], 200_000))[:, np.newaxis]
    bound = aggregate_kl_bound(codes)
    assert 0 < bound < exact
    assert bound == pytest.approx((5 - 1 - np.log(5)) / 2, rel=0.01)


def test_finitely_many_codes_of_the_prior_give_what_is_stated():
    rng, dim, count = np.random.default_rng(0), 5, 500
    bounds = [aggregate_kl_bound(rng.normal(size=(count, dim))) for _ in range(200)]
    assert np.mean(bounds) == pytest.approx(dim * (dim + 3) / (4 * count), rel=0.1)


@pytest.mark.parametrize("shape", [(5,), (3, 3), (4, 0)])
def test_rejects_other_shapes(shape):
    with pytest.raises(ValueError, match=r"n > latent_dim. Received: z.shape="):
        aggregate_kl_bound(np.zeros(shape))


def test_rejects_nan():
    with pytest.raises(ValueError, match="z must be finite. Received: 1 values"):
        aggregate_kl_bound(np.array([[0.0], [1.0], [np.nan]]))
