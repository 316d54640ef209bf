"""A VAE with discrete codes: its q(k|x), its bound, its gradients."""

import itertools
import math

import numpy as np
import pytest
from keras import ops

from vae_utils import evaluation, gradients, latent, models, pixels
from vae_utils.configurations import CodePriorConfiguration, DiscreteVAEConfiguration
from vae_utils.networks import ByShares, build_causal_transformer

pytestmark = pytest.mark.core

GRID, CODES = (2, 2), 3
SMALL = {"codes": CODES, "code_dim": 2, "width": 4, "batch_size": 4}
SMALL |= {"prior_width": 8, "prior_heads": 2, "prior_depth": 1}


@pytest.fixture(scope="module")
def model():
    """A small one whose weights are large enough for codes to matter."""
    configuration = DiscreteVAEConfiguration(**SMALL)
    made = models.build(configuration, image_shape=(8, 8, 1), classes=4, seed=0)
    rng = np.random.default_rng(1)
    for variable in made.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    return made


@pytest.fixture(scope="module")
def images():
    grey = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 1), np.uint8)
    return pixels.binarise(grey, seed=0)


def list_grids():
    grids = np.array(list(itertools.product(range(CODES), repeat=math.prod(GRID))))
    return grids.astype(np.int32).reshape(-1, *GRID)


def weigh(model, images):
    return ops.convert_to_numpy(model.weigh_codes(images.astype(np.float32)))


def sum_exactly(model, images):
    """Computes the exact −ELBO and −log p(x) of each image, over all grids."""
    grids = list_grids()
    logits = model.logits(model.take_codes(grids))
    log_prior = -ops.convert_to_numpy(model.prior.nats(grids)).astype(float)
    bounds, nll = [], []
    for image, log_q in zip(images, weigh(model, images), strict=True):
        each = np.repeat(image[None].astype(np.float32), len(grids), axis=0)
        terms = model.likelihood.negative_log_likelihood(each, logits)
        joint = log_prior - ops.convert_to_numpy(terms)
        drawn = np.take_along_axis(log_q[None], grids[..., None], axis=3)
        log_q = drawn.sum(axis=(1, 2, 3)).astype(float)
        bounds.append(np.sum(np.exp(log_q) * (log_q - joint)))
        nll.append(-np.logaddexp.reduce(joint))
    return np.array(bounds), np.array(nll)


def test_the_most_probable_code_is_the_nearest(model, images):
    log_q = weigh(model, images)
    np.testing.assert_allclose(np.exp(log_q).sum(axis=-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(
        log_q.argmax(axis=-1), latent.find_codes(model, images)
    )


def test_the_bound_is_the_elbo_of_draws(model, images):
    exact, nll = sum_exactly(model, images)
    bounds = np.array(
        [evaluation.bound_by_codes(model, images, seed=s).total for s in range(200)]
    )
    error = bounds.std(axis=0, ddof=1) / math.sqrt(len(bounds))
    assert (error > 0).all()
    assert (np.abs(bounds.mean(axis=0) - exact) < 4 * error).all()
    assert (exact > nll).all()


def test_its_terms_are_the_elbo_too(model, images):
    exact, _ = sum_exactly(model, images)
    x = ops.convert_to_tensor(images.astype(np.float32))
    drawn = [model.terms(x) for _ in range(200)]
    bounds = np.array([ops.convert_to_numpy(t["nll"] + t["kl"]) for t in drawn])
    error = bounds.std(axis=0, ddof=1) / math.sqrt(len(bounds))
    assert (np.abs(bounds.mean(axis=0) - exact) < 4 * error).all()


def test_draws_codes_as_often_as_it_says(model, images):
    many = np.repeat(images[:1], 4000, axis=0)
    codes, log_q = latent.draw_codes_of(model, many, seed=3)
    expected = np.exp(weigh(model, images[:1])[0]).reshape(-1, CODES)
    for place, shares in enumerate(expected):
        found = np.bincount(codes.reshape(4000, -1)[:, place], minlength=CODES) / 4000
        error = np.sqrt(shares * (1 - shares) / 4000)
        assert (np.abs(found - shares) < 4 * error + 1e-6).all()
    chosen = np.take_along_axis(expected, codes.reshape(4000, -1).T, axis=1)
    np.testing.assert_allclose(log_q, np.log(chosen).sum(axis=0), rtol=1e-4)
    again, _ = latent.draw_codes_of(model, many, seed=3)
    np.testing.assert_array_equal(codes, again)


def test_a_model_that_is_certain_draws_none(images):
    certain = models.build(
        CodePriorConfiguration(**SMALL),
        image_shape=(8, 8, 1),
        classes=4,
        seed=0,
    )
    with pytest.raises(ValueError, match="is certain of its codes"):
        latent.draw_codes_of(certain, images, seed=0)


def test_whole_shares_are_symbols():
    network = build_causal_transformer(6, 5, width=8, heads=2, depth=2)
    rng = np.random.default_rng(1)
    for variable in network.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    codes = rng.integers(0, 5, (3, 6)).astype(np.int32)
    shares = np.eye(5, dtype=np.float32)[codes]
    expected, found = (
        ops.convert_to_numpy(v) for v in (network(codes), ByShares(network)(shares))
    )
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_shares_have_the_gradient_of_what_follows_them():
    network = build_causal_transformer(4, 3, width=8, heads=2, depth=1)
    rng = np.random.default_rng(1)
    for variable in network.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    shares = rng.dirichlet(np.ones(3), size=(1, 4)).astype(np.float32)
    predict = ByShares(network)
    _, slopes = gradients.value_and_gradient(
        lambda s: ops.square(predict(s)[:, 2]), ops.convert_to_tensor(shares)
    )
    sizes = np.abs(ops.convert_to_numpy(slopes)[0]).max(axis=1)
    assert (sizes[:2] > 1e-4).all()
    assert (sizes[2:] == 0).all()


def test_a_codebook_without_gradients_is_refused(model):
    parts = model.encoder, model.decoder, model.likelihood
    more = {"network": model.network, "commitment": 0.25, "grid": GRID}
    with pytest.raises(ValueError, match="has_gradients=False"):
        models.DiscreteVAE(*parts, models.Codebook(CODES, 2), **more)
