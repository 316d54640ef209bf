import math

import numpy as np
import pytest
from keras import ops
from scipy import integrate, special, stats

from vae_utils.likelihoods import (
    Bernoulli,
    ContinuousBernoulli,
    DiscretisedLogistic,
    Gaussian,
    LearnedGaussian,
    OptimalGaussian,
    bernoulli,
)

pytestmark = pytest.mark.core

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(0, 3, (4, 5, 5, 1)).astype(np.float32)
GREY = RNG.random((4, 5, 5, 1), dtype=np.float32)
LIKELIHOODS = (
    Bernoulli(),
    ContinuousBernoulli(),
    ContinuousBernoulli(0.1),
    Gaussian(0.3),
    LearnedGaussian(0.3),
    OptimalGaussian(0.3),
)
BINARY = (GREY > 0.5).astype(np.float32)


def nll(likelihood, x, logits=LOGITS):
    return ops.convert_to_numpy(likelihood.negative_log_likelihood(x, logits))


def test_bernoulli_agrees_with_scipy_and_sums_pixels():
    expected = -stats.bernoulli.logpmf(BINARY, special.expit(LOGITS)).sum((1, 2, 3))
    assert expected.shape == (4,)
    np.testing.assert_allclose(nll(Bernoulli(), BINARY), expected, rtol=1e-5)


def test_bernoulli_stays_finite_at_extreme_logits():
    x = np.array([0, 1], np.float32).reshape(1, 1, 2, 1)
    wrong = np.array([200, -200], np.float32).reshape(1, 1, 2, 1)
    assert nll(Bernoulli(), x, wrong)[0] == pytest.approx(400)
    assert nll(Bernoulli(), x, -wrong)[0] == pytest.approx(0)


def test_bernoulli_on_grey_pixels_has_the_entropy_as_its_minimum():
    best = special.logit(np.clip(GREY, 1e-4, 1 - 1e-4))
    floor = stats.bernoulli(GREY).entropy().sum((1, 2, 3))
    np.testing.assert_allclose(nll(Bernoulli(), GREY, best), floor, rtol=1e-3)
    assert (nll(Bernoulli(), GREY) > floor).all()


@pytest.mark.parametrize("sigma", [0.1, math.sqrt(0.5), 2.0])
def test_gaussian_agrees_with_scipy(sigma):
    expected = -stats.norm.logpdf(GREY, special.expit(LOGITS), sigma).sum((1, 2, 3))
    np.testing.assert_allclose(nll(Gaussian(sigma), GREY), expected, rtol=1e-4)


def test_gaussian_with_variance_one_half_is_the_summed_squared_error():
    squares = np.square(GREY - special.expit(LOGITS)).sum((1, 2, 3))
    constant = 25 * 0.5 * math.log(math.pi)
    np.testing.assert_allclose(nll(Gaussian(), GREY) - constant, squares, rtol=1e-4)


def test_samples_have_the_mean_of_the_likelihood():
    logits = np.tile(LOGITS[:1], (20_000, 1, 1, 1))
    for likelihood in (*LIKELIHOODS[:3], LearnedGaussian(0.2), Gaussian(0.2)):
        draws = ops.convert_to_numpy(likelihood.sample(logits, seed=3))
        mean = ops.convert_to_numpy(likelihood.mean(LOGITS[:1]))
        np.testing.assert_allclose(draws.mean(axis=0), mean[0], atol=0.02)
    assert np.std(draws[:, 0, 0, 0]) == pytest.approx(0.2, rel=0.05)


def test_bernoulli_samples_are_zeros_and_ones():
    draws = ops.convert_to_numpy(Bernoulli().sample(LOGITS, seed=0))
    assert set(np.unique(draws)) <= {0.0, 1.0}


@pytest.mark.parametrize("sigma", [0, -1.0, float("nan"), float("inf")])
def test_rejects_invalid_sigma(sigma):
    with pytest.raises(ValueError, match="sigma must be a positive.*Received: sigma="):
        Gaussian(sigma)
    with pytest.raises(ValueError, match="sigma must be a positive.*Received: sigma="):
        LearnedGaussian(sigma)


each_likelihood = pytest.mark.parametrize(
    "likelihood", LIKELIHOODS, ids=lambda each: type(each).__name__
)


@each_likelihood
def test_rejects_images_of_another_shape(likelihood):
    with pytest.raises(ValueError, match=r"same shape.*Received: x.shape=\(4, 5, 5\)"):
        likelihood.negative_log_likelihood(GREY[..., 0], LOGITS)


@pytest.mark.parametrize("logit", [-30.0, -2.0, -0.02, -0.003, 0.0, 0.009, 0.011, 5.0])
def test_continuous_bernoulli_is_a_density_with_its_mean(logit):
    x = np.linspace(0, 1, 20_001, dtype=np.float64)
    images = x.astype(np.float32).reshape(-1, 1, 1, 1)
    logits = np.full(images.shape, logit, np.float32)
    density = np.exp(-nll(ContinuousBernoulli(), images, logits).astype(float))
    assert integrate.simpson(density, x=x) == pytest.approx(1, abs=1e-4)
    mean = ops.convert_to_numpy(ContinuousBernoulli().mean(logits[:1])).item()
    assert integrate.simpson(x * density, x=x) == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("clip", [1e-4, 0.2])
def test_clipped_lambda_gives_the_density_of_its_authors(clip):
    """Their formulas are in λ, and have a hyperbolic tangent."""
    logits = np.float32([-300, -12, -3, -1, 0.4, 2, 12, 300]).reshape(8, 1, 1, 1)
    x = np.float32([0, 0.9, 0.3, 0.7, 0.2, 1, 1, 0.5]).reshape(logits.shape)
    p = np.clip(special.expit(logits.astype(float)), clip, 1 - clip)
    constant = 2 * np.arctanh(1 - 2 * p) / (1 - 2 * p)
    expected = -np.log(p**x * (1 - p) ** (1 - x) * constant).ravel()
    clipped = ContinuousBernoulli(clip)
    np.testing.assert_allclose(nll(clipped, x, logits), expected, rtol=1e-4, atol=1e-4)
    means = p / (2 * p - 1) + 1 / (2 * np.arctanh(1 - 2 * p))
    found = ops.convert_to_numpy(clipped.mean(logits))
    np.testing.assert_allclose(found, means, rtol=1e-4)
    many = np.tile(logits, (1, 100, 100, 1))
    draws = ops.convert_to_numpy(clipped.sample(many, seed=1)).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(draws, means.ravel(), atol=0.02)


def test_only_exact_black_and_white_have_a_density_without_limit():
    x = np.float32([0, 1 / 512]).reshape(2, 1, 1, 1)
    black, grey = (
        nll(ContinuousBernoulli(), x, np.full_like(x, logit))
        for logit in (-1000.0, -1e5)
    )
    assert grey[0] < black[0] - 4 and grey[1] > black[1] + 100
    clipped = ContinuousBernoulli(1e-4)
    same = [nll(clipped, x, np.full_like(x, logit)) for logit in (-1000.0, -1e5)]
    np.testing.assert_array_equal(*same)


@pytest.mark.parametrize("clip", [0, 0.5, -1e-4, float("nan"), "1e-4"])
def test_rejects_invalid_clip_lambda(clip):
    with pytest.raises(ValueError, match="between 0 and 0.5.* Received: clip_lambda="):
        ContinuousBernoulli(clip)


def test_a_clipped_likelihood_is_made_again_from_its_description():
    clipped = ContinuousBernoulli(0.01)
    assert ContinuousBernoulli.from_config(clipped.get_config()) == clipped
    assert ContinuousBernoulli.from_config({}) == ContinuousBernoulli()


def test_continuous_bernoulli_stays_finite_and_draws_between_zero_and_one():
    logits = np.array([-300, -1e-7, 0, 1e-7, 300], np.float32).reshape(5, 1, 1, 1)
    x = np.full_like(logits, 0.5)
    assert np.isfinite(nll(ContinuousBernoulli(), x, logits)).all()
    many = np.tile(logits, (1, 100, 1, 1))
    draws = ops.convert_to_numpy(ContinuousBernoulli().sample(many, seed=1))
    assert draws.min() >= 0 and draws.max() <= 1 and np.isfinite(draws).all()
    means = [0, 0.5, 0.5, 0.5, 1]
    np.testing.assert_allclose(draws.mean(axis=(1, 2, 3)), means, atol=0.1)


def test_learned_gaussian_is_a_gaussian_of_its_sigma():
    learned = LearnedGaussian(0.3)
    assert learned.sigma == pytest.approx(0.3)
    np.testing.assert_allclose(nll(learned, GREY), nll(Gaussian(0.3), GREY), rtol=1e-5)


def test_best_sigma_is_the_root_of_the_mean_squared_error():
    """Along sigma, the mean density is largest there."""
    error = np.sqrt(np.square(GREY - special.expit(LOGITS)).mean())
    best, *others = (
        nll(LearnedGaussian(factor * error), GREY).mean() for factor in (1, 0.9, 1.1)
    )
    assert best < min(others)


def test_random_number_of_exactly_zero_gives_a_pixel_in_range(monkeypatch):
    monkeypatch.setattr(
        bernoulli.random, "uniform", lambda shape, dtype, seed: ops.zeros(shape, dtype)
    )
    logits = np.array([-300, -1, 1, 300], np.float32).reshape(4, 1, 1, 1)
    draws = ops.convert_to_numpy(ContinuousBernoulli().sample(logits, seed=0))
    assert draws.min() >= 0 and draws.max() <= 1


#: With images of 4 × 6 × 3, which one of them needs to know.
of_colour_images = pytest.mark.parametrize(
    "likelihood",
    [*LIKELIHOODS, DiscretisedLogistic((4, 6, 3), "pixel")],
    ids=lambda each: type(each).__name__,
)


@of_colour_images
def test_pairwise_nll_scores_every_image_with_every_code(likelihood):
    """Colour images, other than square, and more codes than images."""
    x = RNG.random((3, 4, 6, 3), dtype=np.float32)
    logits = RNG.normal(0, 3, (5, 4, 6, 3)).astype(np.float32)
    scores = likelihood.pairwise_nll(x, logits)
    assert scores.shape == (3, 5) and scores.dtype == np.float64
    for i in range(3):
        for j in range(5):
            (expected,) = nll(likelihood, x[i : i + 1], logits[j : j + 1])
            assert scores[i, j] == pytest.approx(expected, rel=1e-5, abs=1e-4)


@each_likelihood
def test_likelihoods_sum_over_channels(likelihood):
    x = RNG.random((2, 4, 6, 3), dtype=np.float32)
    logits = RNG.normal(0, 3, x.shape).astype(np.float32)
    each = [nll(likelihood, x[..., i, None], logits[..., i, None]) for i in range(3)]
    np.testing.assert_allclose(nll(likelihood, x, logits), sum(each), rtol=1e-5)
    assert likelihood.mean(logits).shape == x.shape
    assert likelihood.sample(logits, seed=0).shape == x.shape


def test_only_likelihoods_of_levels_are_probabilities():
    levels = {Bernoulli(): 2, DiscretisedLogistic((4, 6, 3)): 256}
    assert all(each.is_probability for each in levels)
    assert [each.levels for each in levels] == list(levels.values())
    assert not any(each.is_probability for each in LIKELIHOODS[1:])


def test_only_a_sigma_that_training_changes_is_a_weight():
    counts = [len(getattr(each, "weights", ())) for each in LIKELIHOODS]
    assert counts == [0, 0, 0, 0, 1, 1]
