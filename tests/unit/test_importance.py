import numpy as np
import pytest
from scipy import special, stats
from tiny_vae import (
    ALL,
    exact_nll,
    expected_nll,
    gaussian_kl,
    log_likelihood,
    make_vae,
    posterior,
)

from vae_utils import evaluation, likelihoods, models, networks
from vae_utils.evaluation import scoring

pytestmark = pytest.mark.core


@pytest.fixture(scope="module", params=[1, 2], ids="latent_dim={}".format)
def vae(request):
    return make_vae(request.param)


def test_reference_is_a_distribution(vae):
    assert np.exp(-exact_nll(vae, ALL)).sum() == pytest.approx(1, rel=1e-6)


def test_agrees_with_quadrature(vae):
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=20_000)
    assert nll.shape == (16,)
    np.testing.assert_allclose(nll, exact_nll(vae, ALL), atol=0.03)


def test_more_samples_tighten_the_bound():
    vae = make_vae(2)
    x = np.repeat(ALL, 100, axis=0)
    nll = [
        evaluation.importance_sampled_nll(vae, x, samples=samples).mean()
        for samples in (1, 8, 64)
    ]
    kl = gaussian_kl(posterior(vae, ALL))
    negative_elbo = (expected_nll(vae, ALL)[0] + kl).mean()
    assert nll[0] == pytest.approx(negative_elbo, abs=0.1)
    exact = exact_nll(vae, ALL).mean()
    assert np.all(np.diff(nll) < 0)
    assert exact - 0.01 < nll[-1] < exact + 0.05 < nll[0]


def test_one_sample_is_the_elbo_of_that_sample(vae):
    x = ALL[3:10]
    z_mean, z_log_var = posterior(vae, x)
    eps = np.random.default_rng([5, scoring.EVALUATION]).standard_normal(
        z_mean.shape, dtype=np.float32
    )
    sigma = np.exp(z_log_var / 2)
    z = z_mean + sigma * eps
    expected = [
        -log_likelihood(vae, x[i : i + 1], z[i : i + 1]).item()
        + stats.norm.logpdf(z[i], z_mean[i], sigma[i]).sum()
        - stats.norm.logpdf(z[i]).sum()
        for i in range(len(x))
    ]
    nll = evaluation.importance_sampled_nll(vae, x, samples=1, seed=5)
    np.testing.assert_allclose(nll, expected, rtol=1e-4)


def test_tiny_weights_do_not_underflow():
    """Weights of e^−4000 each: their logarithms must be added as logarithms."""
    vae = make_vae(2)
    decoder = networks.build_fc_decoder(2, (), image_shape=(2, 2, 1))
    kernel, bias = decoder.weights
    decoder.set_weights([np.zeros(kernel.shape), np.full(bias.shape, 1000.0)])
    confident = models.VAE(vae.encoder, decoder, likelihoods.Bernoulli())
    nll = evaluation.importance_sampled_nll(confident, np.zeros((3, 2, 2)), samples=500)
    np.testing.assert_allclose(nll, 4000, atol=1)


def test_log_weights_give_the_same_estimate(vae):
    weights = evaluation.log_weights(vae, ALL, samples=30, seed=2)
    assert weights.shape == (16, 30) and weights.dtype == np.float32
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=30, seed=2)
    expected = np.log(30) - special.logsumexp(weights, axis=1)
    np.testing.assert_allclose(nll, expected, rtol=1e-5)


def test_log_weights_in_blocks_stay_in_order(vae, monkeypatch):
    monkeypatch.setattr(scoring, "BLOCK", 7)
    weights = evaluation.log_weights(vae, ALL, samples=20, seed=2)
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=20, seed=2)
    expected = np.log(20) - special.logsumexp(weights, axis=1)
    np.testing.assert_allclose(nll, expected, rtol=1e-5)


def test_other_proposals_do_not_change_the_evidence(vae):
    z_mean, z_log_var = posterior(vae, ALL)
    wide = (z_mean + 0.3, z_log_var + 0.5)
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=20_000, proposals=wide)
    np.testing.assert_allclose(nll, exact_nll(vae, ALL), atol=0.03)


def test_effective_sample_size_by_hand():
    weights = np.array([[1.0, 1, 1, 1], [1, 0, 0, 0], [3, 1, 1, 1]])
    with np.errstate(divide="ignore"):
        size = evaluation.effective_sample_size(np.log(weights) - 1000)
    np.testing.assert_allclose(size, [4, 1, 36 / 12])


def test_effective_sample_size_of_draws_from_the_posterior_is_all():
    """A decoder that ignores the code: q(z|x) can be the prior, which is exact."""
    vae = make_vae(2)
    decoder = networks.build_fc_decoder(2, (), image_shape=(2, 2, 1))
    kernel, bias = decoder.weights
    decoder.set_weights([np.zeros(kernel.shape), np.ones(bias.shape)])
    flat = models.VAE(vae.encoder, decoder, likelihoods.Bernoulli())
    prior = np.zeros((2, 16, 2), np.float32)
    weights = evaluation.log_weights(flat, ALL, samples=50, proposals=prior)
    np.testing.assert_allclose(evaluation.effective_sample_size(weights), 50, rtol=1e-4)
    weights = evaluation.log_weights(vae, ALL, samples=50)
    assert (evaluation.effective_sample_size(weights) < 49).all()


@pytest.mark.parametrize("shape", [(5,), (0, 5), (5, 0), (2, 5, 1)])
def test_effective_sample_size_rejects_other_shapes(shape):
    with pytest.raises(ValueError, match=r"\(n, samples\). Received: log_weights.shap"):
        evaluation.effective_sample_size(np.zeros(shape))


@pytest.mark.parametrize(
    "score", [evaluation.log_weights, evaluation.importance_sampled_nll]
)
def test_grey_images_cause_a_warning(score):
    vae = make_vae(2)
    with pytest.warns(UserWarning, match="grey.*upper bound on .*; for .* binarise"):
        score(vae, ALL / 2, samples=2)
    score(vae, ALL, samples=2)  # black and white: a warning would be an error


def test_densities_of_grey_images_cause_no_warning():
    vae = make_vae(2, likelihood=likelihoods.Gaussian())
    nll = evaluation.importance_sampled_nll(vae, ALL / 2, samples=2)
    assert np.isfinite(nll).all()
