import keras
import numpy as np
import pytest
from keras import ops
from scipy import special, stats
from tiny_vae import (
    ALL,
    CLASSES,
    LABELS,
    OtherNormal,
    exact_nll,
    log_likelihood,
    make_conditional_vae,
    make_vae,
)

from vae_utils import evaluation, latent, likelihoods

pytestmark = pytest.mark.core

SIDES = {1: 161, 2: 161, 3: 31}  # points along each axis, by dimension


@pytest.mark.parametrize("latent_dim", SIDES)
def test_agrees_with_quadrature_in_numpy(latent_dim):
    vae, side = make_vae(latent_dim), SIDES[latent_dim]
    grid = evaluation.integrate_grid(vae, ALL, side=side, limit=6.0)
    assert grid.z.shape == (side**latent_dim, latent_dim)
    np.testing.assert_allclose(grid.nll, exact_nll(vae, ALL), rtol=1e-5)
    cell = (12 / (side - 1)) ** latent_dim
    np.testing.assert_allclose(np.exp(grid.log_posterior).sum(axis=1) * cell, 1)
    # Bayes at one of the codes, written out.
    index = len(grid.z) // 3
    z = grid.z[index : index + 1]
    joint = log_likelihood(vae, ALL, z)[:, 0] + stats.norm.logpdf(z).sum()
    bayes = joint + exact_nll(vae, ALL)
    np.testing.assert_allclose(grid.log_posterior[:, index], bayes, rtol=1e-4)


def test_codes_of_two_dimensions_are_in_reading_order():
    grid = evaluation.integrate_grid(make_vae(2), ALL, side=7, limit=3.0)
    np.testing.assert_allclose(grid.z, latent.square_grid(7, 3.0), rtol=1e-6)


@pytest.mark.parametrize("latent_dim", [1, 3])
def test_codes_cover_the_grid_once(latent_dim):
    grid = evaluation.integrate_grid(make_vae(latent_dim), ALL, side=5, limit=2.0)
    rows = {tuple(z) for z in grid.z}
    assert len(rows) == 5**latent_dim
    assert {value for z in rows for value in z} == {-2, -1, 0, 1, 2}


def test_numbers_in_two_dimensions_are_the_recorded_ones():
    """Compares with the formula that recorded runs were measured with."""
    vae = make_vae(2)
    grid = evaluation.integrate_grid(vae, ALL, side=21, limit=4.0)
    axis = np.linspace(-4, 4, 21)
    z = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)
    logits = ops.convert_to_numpy(vae.decoder(z.astype(np.float32))).reshape(-1, 4)
    summed = ops.convert_to_numpy(ops.sum(ops.softplus(logits), axis=1))
    log_joint = (ALL.reshape(16, 4) @ logits.T).astype(float) - summed
    log_joint += -0.5 * np.square(z).sum(axis=1) - np.log(2 * np.pi)
    log_evidence = special.logsumexp(log_joint, axis=1) + np.log(0.4**2)
    # JAX computes the prior in float32.
    tolerance = 1e-13 if keras.backend.backend() == "tensorflow" else 1e-5
    np.testing.assert_array_equal(grid.z, z)
    np.testing.assert_allclose(grid.nll, -log_evidence, rtol=tolerance)
    posterior = log_joint - log_evidence[:, np.newaxis]
    np.testing.assert_allclose(grid.log_posterior, posterior, rtol=10 * tolerance)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_conditional_models_are_integrated_for_each_label(latent_dim):
    vae = make_conditional_vae(latent_dim)
    options = {"side": SIDES[latent_dim], "limit": 6.0}
    grid = evaluation.integrate_grid(vae, ALL, LABELS, **options)
    exact = exact_nll(vae, ALL, LABELS)
    np.testing.assert_allclose(grid.nll, exact, rtol=1e-5)
    other = evaluation.integrate_grid(vae, ALL, (LABELS + 1) % CLASSES, **options)
    assert (np.abs(other.nll - grid.nll) > 1e-3).all()
    given = exact_nll(vae, ALL, np.zeros(16, int))  # p(x|y) is a distribution over x
    assert np.exp(-given).sum() == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("latent_dim", [1, 2, 3])
def test_prior_can_be_another(latent_dim):
    vae = make_vae(latent_dim, OtherNormal(latent_dim))
    side = {1: 201, 2: 201, 3: 41}[latent_dim]
    grid = evaluation.integrate_grid(vae, ALL, side=side, limit=11.0)
    exact = exact_nll(vae, ALL, mean=1.0, sigma=2.0)
    np.testing.assert_allclose(grid.nll, exact, rtol=1e-3)


@pytest.mark.parametrize(
    "likelihood",
    [likelihoods.ContinuousBernoulli(), likelihoods.Gaussian(0.4)],
    ids=lambda each: type(each).__name__,
)
def test_densities_can_be_integrated(likelihood):
    vae = make_vae(2, likelihood=likelihood)
    x = ALL[3:6] / 2 + 0.1
    grid = evaluation.integrate_grid(vae, x, side=61, limit=6.0)
    logits = ops.convert_to_numpy(vae.decoder(grid.z.astype(np.float32)))
    log_prior = stats.norm.logpdf(grid.z).sum(axis=1)
    for image, nll in zip(x, grid.nll, strict=True):
        many = np.broadcast_to(image, logits.shape)
        scores = -ops.convert_to_numpy(likelihood.negative_log_likelihood(many, logits))
        expected = special.logsumexp(scores + log_prior) + 2 * np.log(0.2)
        assert nll == pytest.approx(-expected, rel=1e-4)


def test_uint8_images_are_scaled():
    vae, as_bytes = make_vae(2), (ALL * 255).astype(np.uint8)
    for_bytes, for_floats = (
        evaluation.integrate_grid(vae, images, side=5) for images in (as_bytes, ALL)
    )
    np.testing.assert_array_equal(for_bytes.nll, for_floats.nll)


@pytest.mark.parametrize(
    ("latent_dim", "options", "message"),
    [
        (4, {}, r"at most 3 dimensions. Received: codes of shape \(4,\)"),
        (2, {"side": 1}, "side must be a positive.*Received: side=1"),
        (2, {"side": 2.5}, "side must be a positive.*Received: side=2.5"),
        (2, {"limit": -1}, "limit must be positive. Received: limit=-1"),
        (2, {"limit": np.inf}, "limit must be positive. Received: limit=inf"),
    ],
)
def test_rejects_invalid_grids(latent_dim, options, message):
    with pytest.raises(ValueError, match=message):
        evaluation.integrate_grid(make_vae(latent_dim), ALL, **options)


def test_only_a_conditional_model_takes_labels():
    with pytest.raises(ValueError, match="takes no labels. Received: labels"):
        evaluation.integrate_grid(make_vae(2), ALL, LABELS, side=5)
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        evaluation.integrate_grid(make_conditional_vae(2), ALL, side=5)


def test_grey_images_cause_a_warning():
    with pytest.warns(UserWarning, match="grey.*binarise them first"):
        evaluation.integrate_grid(make_vae(2), ALL / 2, side=5)
