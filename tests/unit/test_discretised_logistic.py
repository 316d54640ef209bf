"""The likelihood of bytes, against differences of distribution functions."""

import numpy as np
import pytest
from keras import ops
from scipy import stats

from vae_utils.likelihoods import DiscretisedLogistic
from vae_utils.likelihoods.discretised_logistic import GAIN

pytestmark = pytest.mark.core

RNG = np.random.default_rng(0)
SHAPE = (2, 4, 3)
LEVELS = np.arange(256)
SCALES = [0.3, 0.02, 0.001]  # of the channels, in grey levels of [0, 1]


def make(scales=SCALES, image_shape=SHAPE, scale_per="channel"):
    likelihood = DiscretisedLogistic(image_shape, scale_per)
    likelihood.weight.assign(np.log(scales) / GAIN)
    return likelihood


def nll(likelihood, x, logits):
    return ops.convert_to_numpy(likelihood.negative_log_likelihood(x, logits))


def slow_nll(level, logits, scales):
    """Subtracts distribution functions, in double precision."""
    centre, scales = 0.5 + logits.astype(float) / 4, np.asarray(scales, float)
    logistic = stats.logistic(centre, scales)
    # Far above the centre, the difference of two survival functions is exact.
    above = level / 255 > centre
    upper, lower = (level + 0.5) / 255, (level - 0.5) / 255
    below = np.where(level < 255, logistic.cdf(upper), 1) - np.where(
        level > 0, logistic.cdf(lower), 0
    )
    beyond = np.where(level > 0, logistic.sf(lower), 1) - np.where(
        level < 255, logistic.sf(upper), 0
    )
    with np.errstate(divide="ignore"):
        return -np.log(np.where(above, beyond, below)).sum(axis=(1, 2, 3))


def test_agrees_with_differences_of_distribution_functions():
    level = RNG.integers(0, 256, (6, *SHAPE))
    level[0], level[1] = 0, 255
    centre = (level / 255 + RNG.normal(0, 0.03, level.shape)).astype(np.float32)
    logits = 4 * (centre - 0.5)
    x = (level / 255).astype(np.float32)
    expected = slow_nll(level, logits, SCALES)
    np.testing.assert_allclose(nll(make(), x, logits), expected, rtol=1e-3)


@pytest.mark.parametrize("scale", [1.0, 0.05, 0.002, 1e-4])
@pytest.mark.parametrize("logit", [-7.0, -2.0, 0.001, 1.3, 2.0, 9.0])
def test_probabilities_of_all_levels_sum_to_one(scale, logit):
    likelihood = make([scale], (1, 1, 1))
    x = (LEVELS / 255).astype(np.float32).reshape(-1, 1, 1, 1)
    p = np.exp(-nll(likelihood, x, np.full_like(x, logit)).astype(float))
    assert p.sum() == pytest.approx(1, abs=1e-4)


def test_stays_finite_however_wrong_the_image_is():
    x = np.array([0, 1, 0.5], np.float32).reshape(3, 1, 1, 1)
    logits = np.array([400, -400, 400], np.float32).reshape(3, 1, 1, 1)
    for scale in (1.0, 1e-3):
        scores = nll(make([scale], (1, 1, 1)), x, logits)
        assert np.isfinite(scores).all() and (scores > 50).all()
    right = nll(make([0.01], (1, 1, 1)), x[:2], -logits[:2])
    np.testing.assert_allclose(right, 0, atol=1e-6)


def test_scales_are_those_of_channels_or_of_pixels():
    x = (RNG.integers(0, 256, (3, *SHAPE)) / 255).astype(np.float32)
    logits = RNG.normal(0, 1, x.shape).astype(np.float32)
    each = np.broadcast_to(SCALES, SHAPE)
    per_pixel = make(each, scale_per="pixel")
    assert per_pixel.weight.shape == SHAPE and make().weight.shape == (3,)
    expected = nll(make(), x, logits)
    np.testing.assert_allclose(nll(per_pixel, x, logits), expected, rtol=1e-5)


def test_images_are_rounded_to_levels():
    level = RNG.integers(0, 256, (3, *SHAPE))
    logits = RNG.normal(0, 1, level.shape).astype(np.float32)
    exact, near = (
        nll(make(), ((level + shift) / 255).astype(np.float32), logits)
        for shift in (0, 0.4)
    )
    np.testing.assert_array_equal(exact, near)


@pytest.mark.parametrize("logit", [-2.0, -1.0, 0.3, 2.0, 3.0])
@pytest.mark.parametrize("scale", [0.2, 0.03])
def test_mean_and_samples_are_those_of_the_probabilities(logit, scale):
    likelihood = make([scale], (1, 1, 1))
    x = (LEVELS / 255).astype(np.float32).reshape(-1, 1, 1, 1)
    p = np.exp(-nll(likelihood, x, np.full_like(x, logit)).astype(float))
    expected = (p * LEVELS).sum() / 255
    logits = np.full((20_000, 1, 1, 1), logit, np.float32)
    mean = ops.convert_to_numpy(likelihood.mean(logits[:1])).item()
    assert mean == pytest.approx(expected, abs=1e-4)
    draws = ops.convert_to_numpy(likelihood.sample(logits, seed=0)) * 255
    np.testing.assert_allclose(draws, np.rint(draws), atol=1e-3)
    assert draws.min() >= 0 and draws.max() <= 255
    assert draws.mean() / 255 == pytest.approx(expected, abs=0.01)
    assert (draws < 0.5).mean() == pytest.approx(p[0], abs=0.02)


def test_mean_images_stay_between_black_and_white():
    logits = np.array([-300, -2, 2, 300], np.float32).reshape(4, 1, 1, 1)
    for scale in (1.0, 1e-4):
        mean = ops.convert_to_numpy(make([scale], (1, 1, 1)).mean(logits))
        assert mean.min() >= 0 and mean.max() <= 1
        np.testing.assert_allclose(mean[[0, -1], 0, 0, 0], [0, 1], atol=1e-6)


def test_is_a_probability_with_weights():
    likelihood = make()
    assert likelihood.is_probability and likelihood.levels == 256
    assert len(likelihood.trainable_weights) == 1
    copy = DiscretisedLogistic.from_config(likelihood.get_config())
    assert copy.image_shape == SHAPE and copy.scale_per == "channel"


@pytest.mark.parametrize("scale_per", ["image", None, 3])
def test_rejects_unknown_scales(scale_per):
    with pytest.raises(ValueError, match="scale_per must be one of.*Received: scale_"):
        DiscretisedLogistic(SHAPE, scale_per)
