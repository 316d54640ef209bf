"""Priors over grids of codes, and the bound that they complete."""

import itertools
import math

import numpy as np
import pytest
from keras import ops

from vae_utils import evaluation, models, pixels
from vae_utils.configurations import CodePriorConfiguration, VQVAEConfiguration
from vae_utils.networks import build_causal_transformer

pytestmark = pytest.mark.core

GRID, CODES = (2, 2), 3
SHAPE = {"image_shape": (8, 8, 1), "classes": 4}
SMALL = {"codes": CODES, "code_dim": 2, "width": 4, "batch_size": 4}


@pytest.fixture(scope="module")
def model():
    """A VQ-VAE with a prior whose weights are large enough for codes to matter."""
    sizes = {"prior_width": 8, "prior_heads": 2, "prior_depth": 2}
    made = models.build(CodePriorConfiguration(**SMALL, **sizes), **SHAPE, seed=0)
    rng = np.random.default_rng(1)
    for variable in made.network.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    return made


@pytest.fixture(scope="module")
def vq():
    return models.build(VQVAEConfiguration(**SMALL), **SHAPE, seed=0)


@pytest.fixture(scope="module")
def images():
    grey = np.random.default_rng(0).integers(0, 256, (7, 8, 8, 1), np.uint8)
    return pixels.binarise(grey, seed=0)


def list_grids():
    grids = np.array(list(itertools.product(range(CODES), repeat=math.prod(GRID))))
    return grids.astype(np.int32).reshape(-1, *GRID)


def nats_of(model, grids):
    return ops.convert_to_numpy(model.prior.nats(grids)).astype(float)


def assert_as_often(numbers, expected, count):
    """Checks how often each number was drawn against its probability."""
    found = np.bincount(numbers, minlength=len(expected)) / count
    errors = (found - expected) / np.sqrt(expected * (1 - expected) / count)
    assert np.abs(errors).max() < 4


def test_probabilities_of_all_grids_sum_to_one(model):
    nats = nats_of(model, list_grids())
    assert np.exp(-nats).sum() == pytest.approx(1, abs=1e-5)
    assert np.ptp(nats) > 1


def test_each_code_depends_on_those_before_it_alone():
    network = build_causal_transformer(6, 5, width=8, heads=2, depth=2)
    rng = np.random.default_rng(1)
    for variable in network.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    codes = np.random.default_rng(0).integers(0, 5, (1, 6)).astype(np.int32)
    logits = ops.convert_to_numpy(network(codes))[0]
    for place in range(6):
        changed = codes.copy()
        changed[0, place] = (changed[0, place] + 1) % 5
        moved = np.abs(ops.convert_to_numpy(network(changed))[0] - logits).max(axis=1)
        assert moved[: place + 1].max() < 1e-5
        assert (moved[place + 1 :] > 1e-4).all()


def test_an_untrained_prior_is_uniform(vq):
    untrained = models.build(CodePriorConfiguration(**SMALL), **SHAPE, seed=0)
    for each in (untrained, vq):
        nats = nats_of(each, list_grids())
        np.testing.assert_allclose(nats, 4 * math.log(CODES), rtol=1e-5)


def test_draws_grids_as_often_as_it_says(model):
    count = 20_000
    drawn = model.prior.draw_grids(count, np.random.default_rng(0))
    assert drawn.shape == (count, *GRID)
    numbers = drawn.reshape(count, -1) @ (CODES ** np.arange(4)[::-1])
    assert_as_often(numbers, np.exp(-nats_of(model, list_grids())), count)


def test_a_uniform_prior_draws_all_grids_alike(vq):
    count = 20_000
    drawn = vq.prior.draw_grids(count, np.random.default_rng(0))
    numbers = drawn.reshape(count, -1) @ (CODES ** np.arange(4)[::-1])
    assert_as_often(numbers, np.full(CODES**4, CODES**-4.0), count)


def test_goes_on_after_given_codes(model):
    given = np.array([[2, 1]] * 3000)
    drawn = model.prior.draw_grids(3000, np.random.default_rng(0), given)
    assert (drawn[:, 0] == [2, 1]).all()
    # Given the first row, the second has the conditional probabilities.
    grids = list_grids()
    chosen = (grids[:, 0] == [2, 1]).all(axis=1)
    expected = np.exp(-nats_of(model, grids[chosen]))
    assert_as_often(drawn[:, 1] @ [CODES, 1], expected / expected.sum(), 3000)


def test_drawing_again_compiles_nothing():
    sizes = {"prior_width": 8, "prior_heads": 2, "prior_depth": 1}
    model = models.build(CodePriorConfiguration(**SMALL, **sizes), **SHAPE, seed=0)
    first = model.prior.draw_grids(3, np.random.default_rng(0))
    compiled = model.get_sampler().predict_function
    bias = np.zeros(CODES, np.float32)
    bias[1] = 50
    model.network.get_layer("logits").bias.assign(bias)  # other weights, at once
    assert (model.prior.draw_grids(3, np.random.default_rng(0)) == 1).all()
    assert not (first == 1).all()
    assert model.get_sampler().predict_function is compiled


@pytest.mark.parametrize(
    "given",
    [[[3]], [[-1]], [[0.5]], [[0, 0, 0, 0]], [[0], [0]], [0]],
    ids=["no code", "negative", "float", "whole", "too many", "flat"],
)
def test_refuses_what_is_no_beginning(model, given):
    with pytest.raises(ValueError, match=r"shape \(1, n\) with n below 4"):
        model.prior.draw_grids(1, np.random.default_rng(0), np.array(given))


def test_samples_are_decoded_grids(model):
    drawn = model.sample(5, np.random.default_rng(3))
    grids = model.prior.draw_grids(5, np.random.default_rng(3))
    expected = model.decode(model.take_codes(grids))
    np.testing.assert_array_equal(*map(ops.convert_to_numpy, (drawn, expected)))


@pytest.mark.parametrize("size", [(5, CODES), (4, CODES + 1)], ids=str)
def test_the_network_must_fit_codebook_and_grid(vq, size):
    network = build_causal_transformer(*size, width=8, heads=2, depth=1)
    parts = vq.encoder, vq.decoder, vq.likelihood, vq.codebook
    with pytest.raises(ValueError, match=f"{size[1]} codes at {size[0]} places"):
        models.CodePrior(*parts, network=network, commitment=0.25, grid=GRID)


def test_a_codebook_that_stays_may_be_larger_than_a_batch():
    few = CodePriorConfiguration(**SMALL | {"codes": 64, "batch_size": 1})
    assert models.build(few, **SHAPE, seed=0).codebook.size == 64
    with pytest.raises(ValueError, match="A batch of 1 has 4 places"):
        models.build(
            VQVAEConfiguration(**SMALL | {"codes": 64, "batch_size": 1}),
            **SHAPE,
            seed=0,
        )


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="heads=3, width=8"):
        build_causal_transformer(4, CODES, width=8, heads=3, depth=1)


def test_the_bound_is_what_one_grid_contributes(model, images):
    """The sum over all grids, p(x), is larger than the encoder's own term."""
    bound = evaluation.bound_by_codes(model, images, batch_size=3)
    grids = list_grids()
    log_prior = -nats_of(model, grids)
    logits = model.logits(model.take_codes(grids))
    joint = []
    for image in images.astype(np.float32):
        each = np.repeat(image[None], len(grids), axis=0)
        nll = model.likelihood.negative_log_likelihood(each, logits)
        joint.append(log_prior - ops.convert_to_numpy(nll))
    joint = np.array(joint, float)
    assert (bound.total >= -np.logaddexp.reduce(joint, axis=1) - 1e-3).all()
    found = np.abs(joint + bound.total[:, None]).min(axis=1)
    np.testing.assert_allclose(found, 0, atol=1e-3)  # it is one of the terms


def test_a_uniform_prior_costs_the_logarithm_of_the_codebook(vq, images):
    bound = evaluation.bound_by_codes(vq, images)
    np.testing.assert_allclose(bound.kl, 4 * math.log(CODES), rtol=1e-6)


def test_grey_images_are_warned_of(vq):
    grey = np.full((2, 8, 8, 1), 0.5, np.float32)
    with pytest.warns(UserWarning, match="grey"):
        evaluation.bound_by_codes(vq, grey)
