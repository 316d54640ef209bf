import numpy as np
import pytest
from keras import ops
from keras.random import SeedGenerator
from scipy import stats

from vae_utils import configurations, distributions, models
from vae_utils.distributions import DiagonalGaussian, StandardNormal, kl_divergence

pytestmark = pytest.mark.core

MEAN = np.array([[0.5, -1.5, 0.0], [2.0, 0.1, -0.3]], np.float32)
LOG_VAR = np.array([[0.0, -2.0, 1.0], [-4.0, 0.5, 0.0]], np.float32)
SIGMA = np.exp(LOG_VAR / 2)
q = DiagonalGaussian(MEAN, LOG_VAR)


def numpy(values):
    return ops.convert_to_numpy(values)


class ShiftedNormal:
    """N(1, 4 I): a prior that has no KL in closed form here."""

    def log_prob(self, z):
        return ops.sum(
            -0.125 * ops.square(z - 1.0) - np.log(2 * (2 * np.pi) ** 0.5), -1
        )


def test_gaussian_is_a_pair_of_mean_and_log_variance():
    z_mean, z_log_var = q
    assert z_mean is MEAN and z_log_var is LOG_VAR


def test_gaussian_log_prob_agrees_with_scipy():
    z = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
    expected = stats.norm.logpdf(z, MEAN[:, None], SIGMA[:, None]).sum(axis=-1)
    several = numpy(q.log_prob(z))  # five codes of each example
    np.testing.assert_allclose(several, expected, rtol=1e-5)
    np.testing.assert_allclose(numpy(q.log_prob(z[:, 3])), expected[:, 3], rtol=1e-5)


def test_gaussian_draws_have_the_moments_asked_for():
    count = 20_000
    drawn = q.draw(count, np.random.default_rng(0))
    sampled = numpy(q.sample(SeedGenerator(0), count))
    for z in (drawn, sampled):
        assert z.shape == (2, count, 3) and z.dtype == np.float32
        assert (np.abs(z.mean(axis=1) - MEAN) < 5 * SIGMA / count**0.5).all()
        np.testing.assert_allclose(z.std(axis=1), SIGMA, rtol=0.03)
        noise = (z[0] - MEAN[0]) / SIGMA[0]
        assert stats.kstest(noise.ravel(), "norm").pvalue > 0.001
        np.testing.assert_allclose(np.corrcoef(noise.T), np.eye(3), atol=0.05)


def test_one_sample_has_no_axis_of_samples():
    one = numpy(q.sample(7))
    assert one.shape == (2, 3)
    np.testing.assert_array_equal(one, numpy(q.sample(7)))
    assert not np.array_equal(one, numpy(q.sample(8)))


def test_draws_are_those_of_numpy_on_every_backend():
    z = q.draw(2, np.random.default_rng(3))
    eps = np.random.default_rng(3).standard_normal((2, 2, 3), dtype=np.float32)
    np.testing.assert_array_equal(z, MEAN[:, None] + SIGMA[:, None] * eps)
    normal = StandardNormal(3).draw(2, np.random.default_rng(3))
    np.testing.assert_array_equal(normal, eps[0])


def test_draws_of_tensors_equal_those_of_arrays():
    tensors = DiagonalGaussian(*map(ops.convert_to_tensor, q))
    rngs = np.random.default_rng(0), np.random.default_rng(0)
    np.testing.assert_array_equal(tensors.draw(4, rngs[0]), q.draw(4, rngs[1]))


def test_rows_are_those_of_the_examples_chosen():
    chosen = q.rows(slice(1, 2))
    np.testing.assert_array_equal(chosen.mean, MEAN[1:])
    np.testing.assert_array_equal(chosen.log_var, LOG_VAR[1:])
    assert isinstance(chosen, DiagonalGaussian)


def test_a_point_has_only_a_mean():
    point = distributions.Point(MEAN)
    assert point.mean is MEAN and len(point) == 1
    assert not hasattr(point, "sample")


def test_standard_normal_log_prob_agrees_with_scipy():
    for shape in ((4, 3), (4, 5, 3)):
        z = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        expected = stats.norm.logpdf(z).sum(axis=-1)
        computed = numpy(StandardNormal(3).log_prob(z))
        np.testing.assert_allclose(computed, expected, rtol=1e-5)


def test_standard_normal_draws_are_standard_normal():
    z = StandardNormal(3).draw(20_000, np.random.default_rng(0))
    assert z.shape == (20_000, 3) and z.dtype == np.float32
    for dimension in z.T:
        assert stats.kstest(dimension, "norm").pvalue > 0.001
    np.testing.assert_allclose(np.corrcoef(z.T), np.eye(3), atol=5 / 20_000**0.5)


def test_closed_form_of_the_kl_agrees_with_monte_carlo():
    assert distributions.has_closed_form(q, StandardNormal(3))
    kl = numpy(kl_divergence(q, StandardNormal(3), MEAN))
    z = MEAN + SIGMA * np.random.default_rng(0).standard_normal((100_000, 2, 3))
    log_ratio = stats.norm.logpdf(z, MEAN, SIGMA) - stats.norm.logpdf(z)
    np.testing.assert_allclose(kl, log_ratio.sum(axis=-1).mean(axis=0), atol=0.05)


def test_kl_without_a_closed_form_is_estimated_from_the_code():
    prior = ShiftedNormal()
    assert not distributions.has_closed_form(q, prior)
    z = MEAN + 0.3
    estimate = numpy(kl_divergence(q, prior, ops.convert_to_tensor(z)))
    expected = stats.norm.logpdf(z, MEAN, SIGMA) - stats.norm.logpdf(z, 1, 2)
    np.testing.assert_allclose(estimate, expected.sum(axis=-1), rtol=1e-4)


def test_estimates_of_the_kl_average_to_the_kl():
    count = 20_000
    many = DiagonalGaussian(*(np.repeat(v[:1], count, axis=0) for v in q))
    z = many.sample(SeedGenerator(1))
    estimate = numpy(kl_divergence(many, ShiftedNormal(), z)).mean()
    # KL(N(m, s²) ‖ N(1, 4)) = log 2/s + (s² + (m − 1)²) / 8 − ½ of each dimension.
    kl = np.log(2 / SIGMA) + (SIGMA**2 + (MEAN - 1) ** 2) / 8 - 0.5
    assert estimate == pytest.approx(kl[0].sum(), abs=0.05)


def make_prior(name):
    configuration = configurations.VAEConfiguration(prior=name)
    return models.build_prior(configuration, seed=0)


@pytest.mark.parametrize("name", configurations.PRIORS)
def test_every_prior_draws_and_scores_codes(name):
    prior = make_prior(name)
    z = prior.draw(5, np.random.default_rng(0))
    assert z.shape == (5, 2) and z.dtype == np.float32
    np.testing.assert_array_equal(z, prior.draw(5, np.random.default_rng(0)))
    assert numpy(prior.log_prob(z)).shape == (5,)
    several = numpy(prior.log_prob(np.stack([z, z], axis=1)))
    np.testing.assert_allclose(several[:, 1], numpy(prior.log_prob(z)), rtol=1e-5)


@pytest.mark.parametrize("name", configurations.PRIORS)
def test_every_prior_is_a_density_that_its_draws_follow(name):
    prior = make_prior(name)
    axis = np.linspace(-10, 10, 201, dtype=np.float32)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = np.exp(numpy(prior.log_prob(grid)).astype(float)) * 0.1**2
    assert mass.sum() == pytest.approx(1, abs=1e-3)
    z = prior.draw(20_000, np.random.default_rng(1))
    mean = mass @ grid
    deviation = np.sqrt(mass @ np.square(grid - mean))
    error = 5 * deviation / 20_000**0.5
    assert (np.abs(z.mean(axis=0) - mean) < error).all()
    np.testing.assert_allclose(z.std(axis=0), deviation, rtol=0.05)
