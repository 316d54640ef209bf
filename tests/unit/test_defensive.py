import numpy as np
import pytest
from scipy import stats
from tiny_vae import ALL, exact_nll, make_vae, posterior

from vae_utils import evaluation
from vae_utils.distributions import DefensiveGaussian

pytestmark = pytest.mark.core

MEAN = np.array([[0.5, -1.5], [2.0, 0.1]], np.float32)
LOG_VAR = np.array([[0.0, -2.0], [-4.0, 0.5]], np.float32)
SHARE = np.array([0.1, 0.5], np.float32)


def test_density_agrees_with_scipy():
    q = DefensiveGaussian(MEAN, LOG_VAR, SHARE)
    z = np.random.default_rng(0).normal(size=(2, 5, 2)).astype(np.float32)
    narrow = stats.norm.pdf(z, MEAN[:, None], np.exp(LOG_VAR / 2)[:, None]).prod(-1)
    wide, share = stats.norm.pdf(z).prod(-1), SHARE[:, None]
    expected = np.log((1 - share) * narrow + share * wide)
    np.testing.assert_allclose(q.log_prob(z), expected, rtol=1e-4)
    np.testing.assert_allclose(q.copy().log_prob(z[:, 3]), expected[:, 3], rtol=1e-4)


def test_draws_have_the_share_asked_for():
    q = DefensiveGaussian(MEAN + 9, LOG_VAR * 0 - 4, SHARE)
    z = q.rows([1, 0]).draw(4000, np.random.default_rng(0))
    assert z.shape == (2, 4000, 2) and z.dtype == np.float32
    np.testing.assert_allclose((z[..., 0] < 5).mean(axis=1), [0.5, 0.1], atol=0.03)


def test_weights_of_narrow_proposals_are_bounded_and_agree_with_quadrature():
    vae = make_vae(2)
    z_mean, z_log_var = posterior(vae, ALL)
    q = DefensiveGaussian(z_mean, z_log_var - 4, 0.2)
    options = {"samples": 20_000, "proposals": q}
    weights = evaluation.log_weights(vae, ALL, **options)
    assert (weights < -np.log(0.2) + 1e-4).all()  # p(x|z) is a probability here
    nll = evaluation.importance_sampled_nll(vae, ALL, **options)
    np.testing.assert_allclose(nll, exact_nll(vae, ALL), atol=0.05)


@pytest.mark.parametrize("share", [0.0, 1.0, np.nan, [[0.5]]])
def test_rejects_invalid_shares(share):
    q = DefensiveGaussian(np.zeros((16, 2)), np.zeros((16, 2)), share)
    with pytest.raises(ValueError, match="share must be above 0 and below 1"):
        evaluation.log_weights(make_vae(2), ALL, proposals=q)
