import numpy as np
import pytest
from keras import ops
from keras.random import SeedGenerator
from scipy import integrate, stats

from vae_utils import objectives

pytestmark = pytest.mark.core

MEAN = np.array([[0.5, -1.5, 0.0], [2.0, 0.1, -0.3]], np.float32)
LOG_VAR = np.array([[0.0, -2.0, 1.0], [-4.0, 0.5, 0.0]], np.float32)


def test_kl_agrees_with_quadrature():
    kl = ops.convert_to_numpy(objectives.gaussian_kl_per_dimension(MEAN, LOG_VAR))
    for value, mean, log_var in zip(
        kl.ravel(), MEAN.ravel(), LOG_VAR.ravel(), strict=True
    ):
        sigma = np.exp(log_var / 2)
        q, p = stats.norm(mean, sigma), stats.norm()
        expected, _ = integrate.quad(
            lambda z, q=q, p=p: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)),
            mean - 12 * sigma,
            mean + 12 * sigma,
        )
        assert value == pytest.approx(expected, rel=1e-4)


def test_kl_agrees_with_monte_carlo():
    rng = np.random.default_rng(0)
    sigma = np.exp(LOG_VAR / 2)
    z = MEAN + sigma * rng.standard_normal((400_000, *MEAN.shape))
    log_ratio = stats.norm.logpdf(z, MEAN, sigma) - stats.norm.logpdf(z)
    estimate = log_ratio.sum(axis=-1).mean(axis=0)
    kl = ops.convert_to_numpy(objectives.gaussian_kl(MEAN, LOG_VAR))
    np.testing.assert_allclose(kl, estimate, atol=0.02)


def test_kl_sums_over_dimensions_and_is_zero_only_at_the_prior():
    per_dimension = objectives.gaussian_kl_per_dimension(MEAN, LOG_VAR)
    kl = ops.convert_to_numpy(objectives.gaussian_kl(MEAN, LOG_VAR))
    assert kl.shape == (2,)
    np.testing.assert_allclose(kl, np.sum(per_dimension, axis=-1), rtol=1e-6)
    zeros = np.zeros((1, 3), np.float32)
    assert float(objectives.gaussian_kl(zeros, zeros)[0]) == 0.0
    assert float(objectives.gaussian_kl(zeros + 0.1, zeros)[0]) > 0.0
    assert float(objectives.gaussian_kl(zeros, zeros + 0.1)[0]) > 0.0


def test_log_density_agrees_with_scipy():
    z = np.random.default_rng(1).standard_normal((5, 2, 3)).astype(np.float32)
    density = ops.convert_to_numpy(objectives.gaussian_log_density(z, MEAN, LOG_VAR))
    expected = stats.norm.logpdf(z, MEAN, np.exp(LOG_VAR / 2)).sum(axis=-1)
    np.testing.assert_allclose(density, expected, rtol=1e-5)


def test_samples_have_the_moments_asked_for():
    mean, log_var = np.tile(MEAN, (50_000, 1)), np.tile(LOG_VAR, (50_000, 1))
    z = objectives.sample_gaussian(mean, log_var, seed=SeedGenerator(0))
    z = ops.convert_to_numpy(z).reshape(-1, *MEAN.shape)
    sigma = np.exp(LOG_VAR / 2)
    np.testing.assert_allclose(z.mean(axis=0), MEAN, atol=5 * sigma.max() / 50_000**0.5)
    np.testing.assert_allclose(z.std(axis=0), sigma, rtol=0.02)


def test_noise_differs_between_calls_unless_the_seed_is_an_int():
    generator = SeedGenerator(0)
    first = ops.convert_to_numpy(objectives.sample_gaussian(MEAN, LOG_VAR, generator))
    second = ops.convert_to_numpy(objectives.sample_gaussian(MEAN, LOG_VAR, generator))
    assert not np.allclose(first, second)
    same = [objectives.sample_gaussian(MEAN, LOG_VAR, 7) for _ in range(2)]
    np.testing.assert_array_equal(*map(ops.convert_to_numpy, same))
