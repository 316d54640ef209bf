"""Grey images under a Bernoulli likelihood, against all binarisations of them."""

import numpy as np
import pytest
from tiny_vae import ALL, exact_nll, gaussian_kl, make_vae, posterior

from vae_utils import evaluation

pytestmark = [
    pytest.mark.core,
    pytest.mark.filterwarnings("ignore:The images are grey:UserWarning"),
]

GREY = np.random.default_rng(0).random((30, 2, 2, 1), dtype=np.float32)


def weigh(x):
    """Computes the probability of each binary image as a binarisation of each x."""
    x = x.reshape(len(x), 1, 4).astype(float)
    return np.where(ALL.reshape(1, 16, 4) == 1, x, 1 - x).prod(axis=2)


@pytest.fixture(scope="module", params=[1, 2], ids="latent_dim={}".format)
def vae(request):
    return make_vae(request.param)


def test_a_grey_image_bounds_its_dynamic_binarisations(vae):
    mean = weigh(GREY) @ exact_nll(vae, ALL)
    side = 161 if vae.latent_shape == (1,) else 121
    grey = evaluation.integrate_grid(vae, GREY, side=side, limit=6.0).nll
    assert (grey > mean + 1e-4).all() and (grey < mean + 1).all()
    sampled = evaluation.importance_sampled_nll(vae, GREY, samples=5000)
    assert (sampled > mean).all()
    terms = evaluation.elbo_terms(vae, GREY, samples=2000)
    assert (terms["nll"] + terms["kl"] > grey).all()


def test_the_bound_is_exact_for_binary_images(vae):
    np.testing.assert_allclose(weigh(ALL), np.eye(16))
    grid = evaluation.integrate_grid(vae, ALL, side=161, limit=6.0)
    np.testing.assert_allclose(grid.nll, exact_nll(vae, ALL), rtol=1e-4)


def test_the_grey_loss_is_the_mean_of_binary_ones_with_its_codes(vae):
    """The formula is linear in x, if q(z|x) of the grey image draws all codes."""
    x, q = GREY[:1], posterior(vae, GREY[:1])
    terms = evaluation.elbo_terms(vae, x, samples=20_000)
    assert terms["kl"] == pytest.approx(gaussian_kl(q), rel=1e-4)
    q = [np.repeat(part, 16, axis=0) for part in q]
    binary = evaluation.elbo_terms(vae, ALL, samples=20_000, proposals=q)
    mean = weigh(x) @ (binary["nll"] + binary["kl"])
    assert terms["nll"] + terms["kl"] == pytest.approx(mean, abs=0.02)


def test_no_number_is_below_the_entropy_of_the_binarisation(vae):
    weights = weigh(GREY)
    entropy = -(weights * np.log(weights)).sum(axis=1)
    assert (weights @ exact_nll(vae, ALL) > entropy).all()
