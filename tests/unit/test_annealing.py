import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats
from tiny_vae import (
    ALL,
    LABELS,
    OtherNormal,
    dense,
    exact_nll,
    make_conditional_vae,
    make_vae,
)

from vae_utils import evaluation, likelihoods
from vae_utils.evaluation import annealing
from vae_utils.gradients import value_and_gradient

pytestmark = pytest.mark.core

FEW = {"steps": 30, "chains": 100, "leapfrog": 4}


class LinearGaussian(likelihoods.Gaussian):
    """Pixels are normal around the logits themselves: log p(x) has a closed form."""

    def mean(self, logits):
        return logits


def check_unbiased(estimates, exact):
    """Compares weights with p(x): their mean ratio is 1, whatever their spread is."""
    weights = np.exp(estimates.log_chain_weights + exact[:, np.newaxis])
    error = weights.std(axis=1, ddof=1) / np.sqrt(weights.shape[1])
    assert error.max() < 0.3
    pooled = np.sqrt(np.square(error).mean() / len(error))
    assert abs(weights.mean() - 1) < 4 * pooled
    np.testing.assert_allclose(estimates.nll, exact, atol=5 * error.max())


@pytest.mark.parametrize("start", annealing.STARTS)
def test_linear_gaussian_model_is_exact(start):
    vae = make_vae(2, likelihood=LinearGaussian(0.3))
    x = np.random.default_rng(0).random((6, 2, 2, 1)).astype(np.float32)
    kernel, bias = dense(vae.decoder, "logits").get_weights()
    covariance = kernel.T @ kernel + 0.3**2 * np.eye(4)
    exact = -stats.multivariate_normal(bias, covariance).logpdf(x.reshape(6, 4))
    found = evaluation.anneal(vae, x, start=start, steps=200, chains=100)
    check_unbiased(found, exact)


@pytest.mark.parametrize("start", annealing.STARTS)
def test_agrees_with_quadrature(start):
    vae = make_vae(2)
    found = evaluation.anneal(vae, ALL, start=start, **FEW)
    assert found.log_chain_weights.shape == (16, 100) and found.accepted.shape == (29,)
    check_unbiased(found, exact_nll(vae, ALL))
    assert 0.5 < found.accepted.mean() < 1


def test_labels_and_another_prior():
    vae = make_conditional_vae(2, OtherNormal(2))
    found = evaluation.anneal(vae, ALL, LABELS, **FEW)
    check_unbiased(found, exact_nll(vae, ALL, LABELS, mean=1.0, sigma=2.0))


def test_more_steps_beat_importance_sampling_from_the_prior():
    vae = make_vae(2)
    vae.decoder.set_weights([4 * w for w in vae.decoder.get_weights()])
    spreads = [
        evaluation.anneal(vae, ALL, steps=steps, chains=20).log_chain_weights.std(
            axis=1
        )
        for steps in (1, 40)
    ]
    assert spreads[1].mean() < 0.5 * spreads[0].mean()


def test_one_step_is_importance_sampling():
    vae = make_vae(2)
    found = evaluation.anneal(vae, ALL, start="posterior", steps=1, chains=2000)
    expected = evaluation.importance_sampled_nll(vae, ALL, samples=2000)
    np.testing.assert_allclose(found.nll, expected, atol=0.2)
    assert found.accepted.shape == (0,)


def test_blocks_are_joined_in_order(monkeypatch):
    monkeypatch.setattr(annealing, "CODES", 500)  # five images: the last is alone
    vae = make_vae(2)
    found = evaluation.anneal(vae, ALL, **FEW)
    check_unbiased(found, exact_nll(vae, ALL))


def test_same_seed_gives_the_same_numbers():
    vae = make_vae(2)
    first, second, other = (
        evaluation.anneal(vae, ALL, steps=3, seed=seed).nll for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert (first != other).all()


def test_betas_rise_from_zero_to_one():
    betas = annealing._rise(10)
    assert betas[0] == 0 and betas[-1] == 1 and (np.diff(betas) > 0).all()
    np.testing.assert_allclose(betas + betas[::-1], 1)


def test_gradient_of_a_sum_of_values():
    z = np.array([[1.0, 2.0], [3.0, -1.0]], np.float32)
    values, gradient = value_and_gradient(
        lambda z: ops.sum(z**3, axis=1), ops.convert_to_tensor(z)
    )
    np.testing.assert_allclose(ops.convert_to_numpy(values), [9, 26])
    np.testing.assert_allclose(ops.convert_to_numpy(gradient), 3 * z**2)


def test_gradients_need_a_known_backend(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(ValueError, match="tensorflow, jax. Received: backend='numpy'"):
        value_and_gradient(ops.square, 1.0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": "q"}, "start must be one of prior, posterior. Received: start='q'"),
        ({"steps": 0}, "steps must be a positive.*Received: steps=0"),
        ({"chains": 1.5}, "chains must be a positive.*Received: chains=1.5"),
        ({"leapfrog": -1}, "leapfrog must be a positive.*Received: leapfrog=-1"),
    ],
)
def test_rejects_invalid_options(options, message):
    with pytest.raises(ValueError, match=message):
        evaluation.anneal(make_vae(2), ALL, **options)
