"""The Gaussian whose σ is that of the errors: in closed form, and kept for later."""

import numpy as np
import pytest
from keras import ops
from scipy import special, stats

from vae_utils import configurations, models
from vae_utils.likelihoods import Gaussian, OptimalGaussian
from vae_utils.likelihoods.optimal_gaussian import LOG_SMALLEST, RATE

pytestmark = pytest.mark.core

RNG = np.random.default_rng(0)
SHAPE = (5, 4, 6, 3)
LOGITS = RNG.normal(0, 2, SHAPE).astype(np.float32)
X = RNG.random(SHAPE, dtype=np.float32)
ERROR = np.square(X - special.expit(LOGITS.astype(float))).mean()
SIZE = 4 * 6 * 3


def nll(likelihood, x=X, logits=LOGITS):
    return ops.convert_to_numpy(likelihood.negative_log_likelihood(x, logits))


def learn(likelihood, x=X, logits=LOGITS):
    """Scores a batch that is trained on."""
    likelihood.learning = True
    scores = nll(likelihood, x, logits)
    likelihood.learning = False
    return scores


def test_training_has_the_negative_log_likelihood_of_the_best_sigma():
    expected = SIZE / 2 * (np.log(2 * np.pi * ERROR) + 1)
    assert learn(OptimalGaussian()).mean() == pytest.approx(expected, rel=1e-5)
    each = stats.norm.logpdf(X, special.expit(LOGITS), np.sqrt(ERROR))
    np.testing.assert_allclose(learn(OptimalGaussian()), -each.sum((1, 2, 3)), 1e-4)
    for factor in (0.9, 1.1):
        assert nll(Gaussian(factor * ERROR**0.5)).mean() > expected


def test_evaluation_has_one_sigma_for_any_batch():
    likelihood = OptimalGaussian(0.2)
    np.testing.assert_allclose(nll(likelihood), nll(Gaussian(0.2)), rtol=1e-5)
    alone = nll(likelihood, X[:1], LOGITS[:1])
    np.testing.assert_allclose(alone, nll(likelihood)[:1], rtol=1e-6)
    assert likelihood.sigma == pytest.approx(0.2)


def test_kept_sigma_approaches_that_of_the_batches():
    likelihood = OptimalGaussian(0.5)
    log_sigma, best = np.log(0.5), 0.5 * np.log(ERROR)
    for _ in range(5):
        learn(likelihood)
        log_sigma += RATE * (best - log_sigma)
        assert float(likelihood.log_sigma) == pytest.approx(log_sigma, rel=1e-5)
    for _ in range(100):
        learn(likelihood)
    assert likelihood.sigma == pytest.approx(ERROR**0.5, rel=1e-3)


def test_sigma_is_not_smaller_than_the_error_of_rounding_to_bytes():
    """Reconstructions without any error would have an infinite density."""
    perfect = special.logit(X.clip(0.01, 0.99))
    scores = learn(OptimalGaussian(), special.expit(perfect), perfect)
    floor = SIZE * (0.5 * np.log(2 * np.pi) + LOG_SMALLEST)
    np.testing.assert_allclose(scores, floor, rtol=1e-3)
    levels = np.rint(255 * X) / 255
    assert np.exp(LOG_SMALLEST) == pytest.approx((levels - X).std(), rel=0.1)


def test_optimiser_does_not_train_sigma():
    likelihood = OptimalGaussian()
    assert not likelihood.trainable_weights
    assert len(likelihood.non_trainable_weights) == 1
    configuration = configurations.VAEConfiguration(
        hidden=(8,), likelihood="optimal-gaussian"
    )
    vae = models.build(configuration, image_shape=(4, 6, 3), classes=2, seed=0)
    assert set(vae.parts) == {"encoder", "decoder", "likelihood"}
    ids = set(map(id, vae.trainable_variables))
    assert not {id(w) for w in vae.likelihood.weights} & ids


def test_gradient_is_that_of_a_gaussian_with_that_sigma():
    """σ is the best one for the batch, so that the objective has no slope along it."""
    slopes = []
    for likelihood, score in ((OptimalGaussian(), learn), (Gaussian(ERROR**0.5), nll)):
        ends = []
        for step in (-0.05, 0.05):
            moved = LOGITS.copy()
            moved[0] *= 1 + step
            ends.append(score(likelihood, X, moved).astype(float).mean())
        slopes.append((ends[1] - ends[0]) / 0.1)
    assert abs(slopes[0]) > 0.1
    assert slopes[0] == pytest.approx(slopes[1], rel=0.02)


def test_is_made_again_from_its_configuration():
    likelihood = OptimalGaussian(0.3)
    learn(likelihood)
    copy = OptimalGaussian.from_config(likelihood.get_config())
    assert copy.sigma == pytest.approx(likelihood.sigma)
    assert not copy.trainable_weights
