"""The prior over grids of codes, and the bound that it completes."""

import itertools
import math

import numpy as np
import pytest
from keras import ops

from vae_utils import evaluation, models, pixels
from vae_utils.configurations import VQVAEConfiguration
from vae_utils.networks import build_causal_transformer

pytestmark = pytest.mark.core

GRID, CODES = (2, 2), 3


def make_prior(grid=GRID, codes=CODES, scale=0.5):
    """Makes a prior whose weights are large enough for codes to matter."""
    length = math.prod(grid)
    network = build_causal_transformer(length, codes, width=8, heads=2, depth=2)
    rng = np.random.default_rng(1)
    for variable in network.trainable_variables:
        variable.assign(scale * rng.normal(size=variable.shape))
    return models.CodePrior(network, grid)


def list_grids():
    grids = np.array(list(itertools.product(range(CODES), repeat=math.prod(GRID))))
    return grids.astype(np.uint8).reshape(-1, *GRID, 1)


def nll_of(prior, grids):
    return ops.convert_to_numpy(prior.terms(grids)["nll"]).astype(float)


def test_probabilities_of_all_grids_sum_to_one():
    nll = nll_of(make_prior(), list_grids())
    assert np.exp(-nll).sum() == pytest.approx(1, abs=1e-5)
    assert np.ptp(nll) > 1


def test_each_code_depends_on_those_before_it_alone():
    network = make_prior((2, 3), 5).network
    codes = np.random.default_rng(0).integers(0, 5, (1, 6)).astype(np.int32)
    logits = ops.convert_to_numpy(network(codes))[0]
    for place in range(6):
        changed = codes.copy()
        changed[0, place] = (changed[0, place] + 1) % 5
        moved = np.abs(ops.convert_to_numpy(network(changed))[0] - logits).max(axis=1)
        assert moved[: place + 1].max() < 1e-5
        assert (moved[place + 1 :] > 1e-4).all()


def test_an_untrained_prior_is_uniform():
    network = build_causal_transformer(4, CODES, width=8, heads=2, depth=1)
    nll = nll_of(models.CodePrior(network, GRID), list_grids())
    np.testing.assert_allclose(nll, 4 * math.log(CODES), rtol=1e-5)


def test_draws_grids_as_often_as_it_says():
    prior, count = make_prior(), 20_000
    drawn = prior.draw_grids(count, np.random.default_rng(0))
    assert drawn.shape == (count, *GRID)
    number = drawn.reshape(count, -1) @ (CODES ** np.arange(4)[::-1])
    found = np.bincount(number, minlength=CODES**4) / count
    expected = np.exp(-nll_of(prior, list_grids()))
    errors = (found - expected) / np.sqrt(expected * (1 - expected) / count)
    assert np.abs(errors).max() < 4


def test_goes_on_after_given_codes():
    prior = make_prior()
    given = np.array([[2, 1]] * 3000)
    drawn = prior.draw_grids(3000, np.random.default_rng(0), given)
    assert (drawn[:, 0] == [2, 1]).all()
    # Given the first row, the second has the conditional probabilities.
    grids = list_grids()[..., 0]
    chosen = (grids[:, 0] == [2, 1]).all(axis=1)
    expected = np.exp(-nll_of(prior, list_grids()[chosen]))
    expected /= expected.sum()
    number = drawn[:, 1] @ [CODES, 1]
    found = np.bincount(number, minlength=CODES**2) / 3000
    errors = (found - expected) / np.sqrt(expected * (1 - expected) / 3000)
    assert np.abs(errors).max() < 4


@pytest.mark.parametrize(
    "given",
    [[[3]], [[-1]], [[0.5]], [[0, 0, 0, 0]], [[0], [0]], [0]],
    ids=["no code", "negative", "float", "whole", "too many", "flat"],
)
def test_refuses_what_is_no_beginning(given):
    with pytest.raises(ValueError, match=r"shape \(1, n\) with n below 4"):
        make_prior().draw_grids(1, np.random.default_rng(0), np.array(given))


def test_the_grid_must_fit_the_network():
    network = build_causal_transformer(5, CODES, width=8, heads=2, depth=1)
    with pytest.raises(ValueError, match="5 places, a grid of 2 × 2"):
        models.CodePrior(network, GRID)


def test_codes_must_be_bytes():
    network = build_causal_transformer(4, 257, width=8, heads=2, depth=1)
    with pytest.raises(ValueError, match="Received: 257 codes"):
        models.CodePrior(network, GRID)


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="heads=3, width=8"):
        build_causal_transformer(4, CODES, width=8, heads=3, depth=1)


@pytest.fixture(scope="module")
def vq():
    small = VQVAEConfiguration(codes=CODES, code_dim=2, width=4, batch_size=4)
    return models.build(small, image_shape=(8, 8, 1), classes=4, seed=0)


@pytest.fixture(scope="module")
def images():
    grey = np.random.default_rng(0).integers(0, 256, (7, 8, 8, 1), np.uint8)
    return pixels.binarise(grey, seed=0)


def test_the_bound_is_what_one_grid_contributes(vq, images):
    """The sum over all grids, p(x), is larger than the encoder's own term."""
    prior = make_prior()
    bound = evaluation.bound_by_codes(vq, images, prior, batch_size=3)
    grids = list_grids()
    log_prior = -nll_of(prior, grids)
    logits = vq.logits(vq.take_codes(grids[..., 0].astype(np.int32)))
    joint = []
    for image in images.astype(np.float32):
        each = np.repeat(image[None], len(grids), axis=0)
        nll = ops.convert_to_numpy(vq.likelihood.negative_log_likelihood(each, logits))
        joint.append(log_prior - nll)
    exact = -np.logaddexp.reduce(np.array(joint, float), axis=1)
    assert (bound.total >= exact - 1e-3).all()
    own = [each.max() for each in np.array(joint)]
    assert (bound.total >= -np.array(own) - 1e-3).all()
    found = np.abs(np.array(joint) + bound.total[:, None]).min(axis=1)
    np.testing.assert_allclose(found, 0, atol=1e-3)  # it is one of the terms


def test_a_uniform_prior_costs_the_logarithm_of_the_codebook(vq, images):
    bound = evaluation.bound_by_codes(vq, images)
    np.testing.assert_allclose(bound.code, 4 * math.log(CODES))
    learned = evaluation.bound_by_codes(vq, images, make_prior())
    np.testing.assert_allclose(bound.nll, learned.nll, rtol=1e-5)


def test_a_prior_of_other_grids_is_refused(vq, images):
    for other in (make_prior((2, 3)), make_prior(codes=4)):
        with pytest.raises(ValueError, match="must be one of the model's grids"):
            evaluation.bound_by_codes(vq, images, other)


def test_grey_images_are_warned_of(vq):
    grey = np.full((2, 8, 8, 1), 0.5, np.float32)
    with pytest.warns(UserWarning, match="grey"):
        evaluation.bound_by_codes(vq, grey)
