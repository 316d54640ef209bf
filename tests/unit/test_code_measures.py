import numpy as np
import pytest
from scipy import stats
from tiny_vae import ALL, make_vae, posterior

from vae_utils import evaluation
from vae_utils.distributions import DiagonalGaussian


def test_active_units_vary_over_images():
    rng = np.random.default_rng(0)
    deviations = np.array([1.0, 0.11, 0.09, 0.0])  # variances 1, 0.0121, 0.0081, 0
    z_mean = 5 + deviations * stats.zscore(rng.normal(size=(1000, 4)))
    assert evaluation.active_units(z_mean) == 2
    assert evaluation.active_units(z_mean, threshold=0.005) == 3
    assert evaluation.active_units(z_mean, threshold=2) == 0


def test_active_units_reject_nan():
    z_mean = np.ones((5, 2))
    z_mean[3, 1] = np.nan
    with pytest.raises(ValueError, match="must be finite. Received: 1 values"):
        evaluation.active_units(z_mean)


@pytest.mark.parametrize("shape", [(1, 3), (10,), (0, 2), (10, 0)])
def test_active_units_need_several_images(shape):
    with pytest.raises(ValueError, match=r"\(n, latent_dim\), n > 1. Received: "):
        evaluation.active_units(np.zeros(shape))


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_kl_per_dimension_sums_to_the_kl_term(latent_dim):
    vae = make_vae(latent_dim)
    z_mean, z_log_var = posterior(vae, ALL)
    parts = evaluation.kl_per_dimension(z_mean, z_log_var)
    assert parts.shape == (latent_dim,)
    split = evaluation.elbo_split(vae, ALL)
    assert parts.sum() == pytest.approx(split["kl"], rel=1e-5)


def test_information_of_distinct_codes_is_log_n_and_of_equal_codes_zero():
    far = np.arange(50.0)[:, np.newaxis] * [100.0, 0.0]
    narrow = np.full((50, 2), -2.0)
    information = evaluation.mutual_information(DiagonalGaussian(far, narrow))
    assert information == pytest.approx(np.log(50), abs=1e-6)
    equal = DiagonalGaussian(np.zeros((50, 2)), narrow)
    assert evaluation.mutual_information(equal) == pytest.approx(0)


def test_information_agrees_with_a_gaussian_channel():
    """Means from N(0, 3) and noise of variance 1: ½ log(1 + 3) per dimension."""
    rng = np.random.default_rng(0)
    z_mean = rng.normal(0, np.sqrt(3), (4000, 2))
    channel = DiagonalGaussian(z_mean, np.zeros((4000, 2)))
    information = evaluation.mutual_information(channel, seed=1)
    assert information == pytest.approx(np.log(4), abs=0.05)


def test_information_is_the_same_in_blocks(monkeypatch):
    rng = np.random.default_rng(0)
    q = DiagonalGaussian(rng.normal(size=(40, 2)), rng.normal(-2, 1, (40, 2)))
    whole = evaluation.mutual_information(q)
    monkeypatch.setattr(evaluation.codes, "CODES", 7 * 40)
    assert evaluation.mutual_information(q) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize(
    "measure",
    [
        evaluation.kl_per_dimension,
        lambda *q: evaluation.mutual_information(DiagonalGaussian(*q)),
    ],
    ids=["kl_per_dimension", "mutual_information"],
)
def test_rejects_codes_that_do_not_fit(measure):
    with pytest.raises(ValueError, match=r"shape \(n, latent_dim\). Received: .*3, 2"):
        measure(np.zeros((3, 2)), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="z_log_var must be finite. Received: 1 "):
        measure(np.zeros((1, 1)), np.full((1, 1), np.nan))
