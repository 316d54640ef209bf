"""Training of a VQ-VAE and of a prior over its codes."""

import dataclasses
import math

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import models
from vae_utils.configurations import CodePriorConfiguration, VQVAEConfiguration

pytestmark = pytest.mark.core

SHAPE = {"image_shape": (8, 8, 1), "classes": 4}
SMALL = VQVAEConfiguration(codes=6, code_dim=3, width=4, batch_size=4)
rng = np.random.default_rng(0)


def build():
    return models.build(SMALL, **SHAPE, seed=0)


def test_the_gradient_goes_straight_through():
    model = build()
    x = rng.random((4, *SHAPE["image_shape"])).astype(np.float32)
    model.compile(keras.optimizers.SGD(0.1))
    before = [np.array(v) for v in model.encoder.trainable_variables]
    model.commitment = 0.0  # what reaches the encoder comes through the decoder
    model.fit(x, epochs=1, batch_size=4, verbose=0)
    after = [np.array(v) for v in model.encoder.trainable_variables]
    assert not any(map(np.array_equal, before, after))


def test_only_training_moves_the_codebook():
    model = build()
    x = rng.random((8, *SHAPE["image_shape"])).astype(np.float32)
    model.compile("adam")
    before = [np.array(v) for v in model.codebook.variables]
    model.evaluate(x, batch_size=4, verbose=0)
    model.terms(ops.convert_to_tensor(x))
    same = [np.array(v) for v in model.codebook.variables]
    assert all(map(np.array_equal, before, same))
    model.fit(x, epochs=1, batch_size=4, verbose=0)
    assert not np.array_equal(before[0], np.array(model.codebook.variables[0]))


def test_learns_the_codes_and_holds_everything_else_fixed():
    sizes = dataclasses.asdict(SMALL) | {"prior_width": 16, "prior_dropout": 0.0}
    model = models.build(CodePriorConfiguration(**sizes), **SHAPE, seed=0)
    x = np.repeat(rng.random((3, *SHAPE["image_shape"])), 400, axis=0)
    x = x.astype(np.float32)
    features = ops.convert_to_numpy(model.encoder(x[::400])).reshape(-1, 3)
    model.codebook.vectors.assign(features[::2])  # so that images differ in codes
    spread = len(np.unique(ops.convert_to_numpy(model.find_codes(x)), axis=0))
    assert spread > 1
    before = {name: part.get_weights() for name, part in model.parts.items()}
    model.compile("adam")
    model.optimizer.learning_rate = 0.01
    history = model.fit(x, epochs=4, batch_size=50, verbose=0).history["kl"]
    assert history[-1] == pytest.approx(math.log(spread), abs=0.1)
    for name, part in model.parts.items():
        same = all(map(np.array_equal, before[name], part.get_weights()))
        assert same == (name in model.first_stage), name
