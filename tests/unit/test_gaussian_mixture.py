import numpy as np
import pytest
from keras import ops
from scipy import special, stats

from vae_utils.configurations import VAEConfiguration
from vae_utils.distributions import DiagonalGaussian, has_closed_form
from vae_utils.distributions.gaussian_mixture import LOG_VAR_BOUND, GaussianMixture

pytestmark = pytest.mark.core

LOGITS = np.log([0.2, 0.5, 0.3])
MEANS = np.array([[-2.0, 0.0], [1.0, 1.0], [3.0, -1.0]])
LOG_VARS = np.array([[0.0, 1.0], [-1.0, -2.0], [0.5, 0.0]])


@pytest.fixture
def mixture():
    mixture = GaussianMixture(2, 3)
    raw = LOG_VAR_BOUND * np.arctanh(LOG_VARS / LOG_VAR_BOUND)
    mixture.set_weights([LOGITS + 7, MEANS, raw])  # logits up to a constant
    return mixture


def log_density(z):
    each = stats.norm.logpdf(z[..., None, :], MEANS, np.exp(LOG_VARS / 2)).sum(-1)
    return special.logsumexp(each + LOGITS, axis=-1)


def test_log_prob_agrees_with_scipy(mixture):
    for shape in ((5, 2), (5, 4, 2)):
        z = np.random.default_rng(0).normal(0, 2, shape).astype(np.float32)
        computed = ops.convert_to_numpy(mixture.log_prob(z))
        np.testing.assert_allclose(computed, log_density(z), rtol=1e-4)


def test_draws_follow_weights_means_and_variances(mixture):
    z = mixture.draw(50_000, np.random.default_rng(0))
    shares = np.exp(LOGITS)
    mean = shares @ MEANS
    variance = shares @ (np.exp(LOG_VARS) + MEANS**2) - mean**2
    np.testing.assert_allclose(z.mean(axis=0), mean, atol=0.05)
    np.testing.assert_allclose(z.var(axis=0), variance, rtol=0.03)
    far_left = (z[:, 0] < -2).mean()  # half of the first component
    expected = shares @ stats.norm.cdf(-2, MEANS[:, 0], np.exp(LOG_VARS[:, 0] / 2))
    assert far_left == pytest.approx(expected, abs=0.01)


def test_log_variances_are_bounded(mixture):
    logits, means, _ = mixture.get_weights()
    mixture.set_weights([logits, means, np.full((3, 2), 1e6)])
    np.testing.assert_allclose(ops.convert_to_numpy(mixture.log_vars), LOG_VAR_BOUND)


def test_size_and_seed_are_those_of_the_configuration():
    configuration = VAEConfiguration(
        latent_dim=4, prior="gaussian-mixture", prior_size=3
    )
    first, same, other = (
        GaussianMixture.from_configuration(configuration, seed=seed)
        for seed in (1, 1, 2)
    )
    assert [w.shape for w in first.weights] == [(3,), (3, 4), (3, 4)]
    means = [ops.convert_to_numpy(prior.means) for prior in (first, same, other)]
    np.testing.assert_array_equal(means[0], means[1])
    assert not np.allclose(means[0], means[2])
    default = VAEConfiguration(prior="gaussian-mixture")
    prior = GaussianMixture.from_configuration(default, seed=0)
    assert prior.means.shape == (10, 2)


def test_its_kl_has_no_closed_form(mixture):
    assert not has_closed_form(DiagonalGaussian(MEANS, LOG_VARS), mixture)
