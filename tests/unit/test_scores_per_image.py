"""Scores of single images, against the exact numbers of tiny models."""

import numpy as np
import pytest
from tiny_vae import (
    ALL,
    LABELS,
    expected_nll,
    gaussian_kl,
    make_conditional_vae,
    make_vae,
    posterior,
)

from vae_utils import evaluation, likelihoods, models, networks
from vae_utils.evaluation import per_image
from vae_utils.pixels import binarise

core = pytest.mark.core
GREY = np.linspace(0, 1, 16 * 4, dtype=np.float32).reshape(16, 2, 2, 1)


@pytest.fixture
def autoencoder():
    sizes = {"hidden": (), "image_shape": (2, 2, 1)}
    encoder = networks.build_fc_encoder(1, head=networks.code_head, **sizes)
    decoder = networks.build_fc_decoder(1, **sizes)
    return models.Autoencoder(encoder, decoder, likelihoods.Bernoulli())


@core
def test_squared_error_is_of_the_mean_code():
    vae = make_vae(2)
    z_mean, _ = vae.encoder(GREY)
    means = 1 / (1 + np.exp(-np.array(vae.decoder(z_mean), float)))
    expected = [np.mean((x - m) ** 2) for x, m in zip(GREY, means, strict=True)]
    found = evaluation.score_images(vae, GREY, by="mse")
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@core
def test_scores_of_binary_images_are_those_of_the_book():
    vae = make_vae(2)
    options = {"samples": 7, "seed": 3}
    split = evaluation.elbo_split(vae, ALL, **options)
    scores = evaluation.score_images(vae, ALL, by="elbo", **options)
    assert scores.mean() == pytest.approx(-split["elbo"], rel=1e-6)
    nll = evaluation.importance_sampled_nll(vae, ALL, **options)
    np.testing.assert_allclose(
        evaluation.score_images(vae, ALL, by="is", **options), nll
    )


def test_each_image_has_the_terms_of_its_own():
    vae, samples = make_vae(1), 2000
    terms = evaluation.elbo_terms(vae, ALL, samples=samples, seed=1)
    mean, variance = expected_nll(vae, ALL)
    errors = np.abs(terms["nll"] - mean) / np.sqrt(variance / samples)
    assert errors.max() < 5 and np.ptp(mean) > 1
    np.testing.assert_allclose(terms["kl"], gaussian_kl(posterior(vae, ALL)), rtol=1e-4)


@pytest.mark.parametrize("by", ["elbo", "is"])
def test_grey_images_are_binarised_for_a_bernoulli_likelihood(by):
    vae = make_vae(2)
    options = {"by": by, "samples": 2, "seed": 5}
    binary = binarise(GREY, "dynamic", 5)
    assert 0 < binary.mean() < 1
    np.testing.assert_array_equal(
        evaluation.score_images(vae, GREY, **options),
        evaluation.score_images(vae, binary, **options),
    )


def test_grey_images_stay_grey_for_a_density():
    vae = make_vae(2, likelihood=likelihoods.Gaussian(0.3))
    options = {"samples": 2, "seed": 5}
    expected = -evaluation.elbo_split(vae, GREY, **options)["elbo"]
    scores = evaluation.score_images(vae, GREY, by="elbo", **options)
    assert scores.mean() == pytest.approx(expected, rel=1e-6)
    assert evaluation.bits_of(vae, scores) is None
    assert evaluation.describe_images(vae) == "a density of grey levels"


@pytest.mark.parametrize("by", ["mse", "elbo", "is"])
def test_equal_seeds_give_equal_scores(by):
    vae = make_vae(2)
    first, same, other = (
        evaluation.score_images(vae, GREY, by=by, samples=3, seed=s) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert np.array_equal(first, other) == (by == "mse")


@pytest.mark.parametrize("by", ["mse", "elbo", "is"])
def test_blocks_limit_the_memory(by, monkeypatch):
    vae = make_conditional_vae(2)
    options = {"by": by, "samples": 3}
    whole = evaluation.score_images(vae, ALL, LABELS, **options)
    monkeypatch.setattr(per_image, "VALUES", 5 * 4)
    blocks = evaluation.score_images(vae, ALL, LABELS, **options)
    again = evaluation.score_images(vae, ALL, LABELS, **options)
    assert blocks.shape == (16,) and blocks.dtype == float
    np.testing.assert_array_equal(blocks, again)
    np.testing.assert_allclose(blocks[:5], whole[:5], rtol=1e-5)
    if by == "mse":
        np.testing.assert_allclose(blocks, whole, rtol=1e-5)


def test_blocks_have_noise_of_their_own(monkeypatch):
    same = np.repeat(ALL[5:6], 6, axis=0)
    monkeypatch.setattr(per_image, "VALUES", 2 * 4)
    scores = evaluation.score_images(make_vae(2), same, by="elbo", samples=1)
    assert len(set(scores)) == 6


def test_bits_are_nats_by_dimensions():
    vae = make_vae(2)
    nats = np.array([4 * np.log(2), 8 * np.log(2)])
    np.testing.assert_allclose(evaluation.bits_of(vae, nats), [1, 2])


def test_an_autoencoder_has_squared_errors_only(autoencoder):
    assert evaluation.score_images(autoencoder, GREY, by="mse").shape == (16,)
    with pytest.raises(ValueError, match="Autoencoder does not bound the probability"):
        evaluation.score_images(autoencoder, GREY, by="elbo")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "nll"}, "by must be one of mse, elbo, is. Received: by='nll'"),
        ({"by": "is", "samples": 0}, "samples must be a positive.*samples=0"),
    ],
)
def test_rejects_invalid_options(options, message):
    with pytest.raises(ValueError, match=message):
        evaluation.score_images(make_vae(1), ALL, **options)


def test_scores_that_are_no_numbers_are_an_error():
    vae = make_vae(1)
    vae.decoder.set_weights(
        [np.full_like(w, np.nan) for w in vae.decoder.get_weights()]
    )
    with pytest.raises(ValueError, match="neg_elbo must be finite.*16 values"):
        evaluation.score_images(vae, ALL, by="elbo")
