import numpy as np
import pytest
from keras import ops
from tiny_vae import ALL, LABELS, OtherNormal, exact_nll, make_conditional_vae, make_vae

from vae_utils import evaluation, likelihoods
from vae_utils.evaluation import exact

pytestmark = pytest.mark.core

SIDES = {1: 161, 2: 61, 3: 31}  # points along each axis, by dimension


@pytest.mark.parametrize("latent_dim", SIDES)
def test_agrees_with_quadrature_in_numpy(latent_dim):
    vae = make_vae(latent_dim)
    nll = evaluation.exact_nll(vae, ALL, side=SIDES[latent_dim], limit=6.0)
    np.testing.assert_allclose(nll, exact_nll(vae, ALL), rtol=1e-5)


def test_labels_and_another_prior():
    vae = make_conditional_vae(2, OtherNormal(2))
    nll = evaluation.exact_nll(vae, ALL, LABELS, side=101, limit=11.0)
    exact = exact_nll(vae, ALL, LABELS, mean=1.0, sigma=2.0)
    np.testing.assert_allclose(nll, exact, rtol=1e-4)


def test_densities_are_summed_without_a_bound():
    vae = make_vae(2, likelihood=likelihoods.Gaussian(0.4))
    x = ALL[3:6] / 2 + 0.1
    options = {"side": 41, "limit": 6.0}
    expected = evaluation.integrate_grid(vae, x, **options).nll
    np.testing.assert_allclose(evaluation.exact_nll(vae, x, **options), expected)


def sharpen(vae, factor):
    """Makes posteriors narrow, so that most boxes are empty."""
    vae.decoder.set_weights([factor * w for w in vae.decoder.get_weights()])
    return vae


@pytest.mark.parametrize("latent_dim", [2, 3])
def test_empty_boxes_are_left_out_and_cost_what_is_promised(latent_dim, monkeypatch):
    vae, counts = sharpen(make_vae(latent_dim), 20.0), []
    find = exact._find_needed

    def count(model, x, *arguments):
        needed = find(model, x, *arguments)
        counts.append(sum(map(len, needed)) / (len(x) * len(needed)))
        return needed

    options = {"side": 41, "limit": 5.0}
    full = evaluation.integrate_grid(vae, ALL, **options).nll
    monkeypatch.setattr(exact, "_find_needed", count)
    monkeypatch.setattr(exact, "CODES", 300)
    monkeypatch.setattr(exact, "ROWS", 3)
    nll = evaluation.exact_nll(vae, ALL, **options)
    np.testing.assert_allclose(nll, full, rtol=1e-6, atol=1e-4)
    assert np.mean(counts) < 0.8


def test_bound_of_a_box_holds_and_is_reached():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, (5, 7, 2, 2, 1)).astype(np.float32)
    bernoulli = likelihoods.Bernoulli()
    bound = bernoulli.box_bound(ALL, logits.min(axis=1), logits.max(axis=1))
    assert bound.shape == (16, 5)
    for box, column in zip(logits, bound.T, strict=True):
        inside = -bernoulli.pairwise_nll(ALL, box)
        assert (inside.max(axis=1) <= column + 1e-5).all()
    one = bernoulli.box_bound(ALL, logits[:, 0], logits[:, 0])
    np.testing.assert_allclose(one, -bernoulli.pairwise_nll(ALL, logits[:, 0]), 1e-4)


@pytest.mark.parametrize(
    ("latent_dim", "options", "message"),
    [
        (4, {}, r"at most 3 dimensions. Received: codes of shape \(4,\)"),
        (2, {"side": 1}, "side must be a positive.*Received: side=1"),
        (2, {"limit": -1}, "limit must be positive. Received: limit=-1"),
    ],
)
def test_rejects_invalid_grids(latent_dim, options, message):
    with pytest.raises(ValueError, match=message):
        evaluation.exact_nll(make_vae(latent_dim), ALL, **options)


def test_grey_images_cause_a_warning():
    with pytest.warns(UserWarning, match="grey"):
        nll = evaluation.exact_nll(make_vae(1), ALL / 2, side=5)
    assert ops.shape(nll) == (16,)
