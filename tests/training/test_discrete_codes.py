"""Training of a VQ-VAE and of a prior over its codes."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import models
from vae_utils.configurations import VQVAEConfiguration
from vae_utils.networks import build_causal_transformer

pytestmark = pytest.mark.core

SHAPE = (8, 8, 1)
SMALL = VQVAEConfiguration(codes=6, code_dim=3, width=4, batch_size=4)
GRID, CODES = (2, 2), 3
rng = np.random.default_rng(0)


def build():
    return models.build(SMALL, image_shape=SHAPE, classes=4, seed=0)


def test_the_gradient_goes_straight_through():
    model = build()
    x = rng.random((4, *SHAPE)).astype(np.float32)
    model.compile(keras.optimizers.SGD(0.1))
    before = [np.array(v) for v in model.encoder.trainable_variables]
    model.commitment = 0.0  # what reaches the encoder comes through the decoder
    model.fit(x, epochs=1, batch_size=4, verbose=0)
    after = [np.array(v) for v in model.encoder.trainable_variables]
    assert not any(map(np.array_equal, before, after))


def test_only_training_moves_the_codebook():
    model = build()
    x = rng.random((8, *SHAPE)).astype(np.float32)
    model.compile("adam")
    before = [np.array(v) for v in model.codebook.variables]
    model.evaluate(x, batch_size=4, verbose=0)
    model.terms(ops.convert_to_tensor(x))
    same = [np.array(v) for v in model.codebook.variables]
    assert all(map(np.array_equal, before, same))
    model.fit(x, epochs=1, batch_size=4, verbose=0)
    assert not np.array_equal(before[0], np.array(model.codebook.variables[0]))


def test_learns_which_codes_follow_each_other():
    rng = np.random.default_rng(0)
    first = rng.integers(0, CODES, (2000, 1))
    grids = (first + np.arange(4)) % CODES  # the first decides the others
    network = build_causal_transformer(4, CODES, width=16, heads=2, depth=1)
    prior = models.CodePrior(network, GRID)
    prior.compile("adam")
    prior.optimizer.learning_rate = 0.01
    x = grids.astype(np.uint8).reshape(-1, *GRID, 1)
    history = prior.fit(x, epochs=6, batch_size=50, verbose=0).history["nll"]
    assert history[-1] == pytest.approx(math.log(CODES), abs=0.1)
