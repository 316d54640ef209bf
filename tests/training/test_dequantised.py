"""Training on dequantised images, and measuring as it was trained."""

import dataclasses

import numpy as np
import pytest

from vae_utils import evaluation, training
from vae_utils.configurations import VAEConfiguration
from vae_utils.runs import reports

pytestmark = pytest.mark.core

DEQUANTISED = VAEConfiguration(
    hidden=(8,),
    batch_size=16,
    epochs=2,
    likelihood="continuous-bernoulli",
    clip_lambda=0.01,
    binarisation="none",
    dequantisation="uniform",
)


def test_resumes_to_the_same_weights(data, tmp_path):
    whole, _ = training.train(DEQUANTISED, data, seed=0)
    first = dataclasses.replace(DEQUANTISED, epochs=1)
    training.train(first, data, seed=0, checkpoints=tmp_path)
    resumed, history = training.train(DEQUANTISED, data, seed=0, checkpoints=tmp_path)
    assert len(history["loss"]) == 2
    for found, expected in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    grey = dataclasses.replace(DEQUANTISED, dequantisation="none")
    other, _ = training.train(grey, data, seed=0)
    kernels = [model.encoder.layers[-1].kernel for model in (other, whole)]
    assert not np.array_equal(*map(np.array, kernels))


def test_is_measured_on_images_as_it_was_trained_on(data):
    model, _ = training.train(DEQUANTISED, data, seed=0)
    assert model.likelihood.clip_lambda == 0.01
    numbers, descriptions = reports.measure(model, DEQUANTISED, data)
    x = evaluation.dequantise(data.x_test, seed=0)
    elbo = evaluation.elbo_split(model, x)["elbo"]
    assert numbers["elbo"] == pytest.approx(elbo, rel=1e-6)
    assert "(k + u) / 256" in descriptions["elbo"]


def test_is_validated_on_images_dequantised_once(data):
    for seed in (0, 1):
        prepared = training.prepare(DEQUANTISED, data, seed=seed)
        (batch,) = prepared.validation.as_numpy_iterator()
        x = evaluation.dequantise(data.x_val, seed=training.VALIDATION_SEED)
        np.testing.assert_array_equal(batch, x.reshape(batch.shape))
