"""The σ that is computed from the errors of training, and kept for evaluation."""

import keras
import numpy as np
import pytest

from vae_utils import configurations, evaluation, models, training
from vae_utils.datasets import Dataset

pytestmark = pytest.mark.core

RNG = np.random.default_rng(0)
SHAPE = (4, 6, 3)
X = RNG.random((4, *SHAPE), dtype=np.float32)


def build(name, **fields):
    kind = configurations.configuration_class(name)
    configuration = kind(hidden=(8,), likelihood="optimal-gaussian", **fields)
    return models.build(configuration, image_shape=SHAPE, classes=2, seed=0)


@pytest.mark.parametrize("name", ["vae", "cvae", "iwae", "ae"])
def test_sigma_moves_in_training_only(name):
    vae = build(name)
    vae.compile(keras.optimizers.Adam(0.01), steps_per_execution=1)
    batch = {"x": X, "y": np.zeros(4, np.int32)} if vae.conditional else X
    vae.evaluate(batch, verbose=0)
    assert vae.likelihood.sigma == pytest.approx(0.5)
    vae.fit(batch, verbose=0, batch_size=4)
    assert 0.4 < vae.likelihood.sigma < 0.5  # the error is about 0.3
    kept = vae.likelihood.sigma
    vae.evaluate(batch, verbose=0)
    vae.predict(batch, verbose=0)
    if name != "ae":
        evaluation.elbo_split(vae, X, batch["y"] if vae.conditional else None)
    assert vae.likelihood.sigma == kept and not vae.likelihood.learning


def make_data():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 256, (160, 6, 8, 1), np.uint8)
    x[::2] //= 8
    y = (np.arange(160) % 4).astype(np.int32)
    rows = np.split(np.arange(160), (120, 140))
    splits = [part for row in rows for part in (x[row], y[row])]
    return Dataset("noise", *splits, tuple("abcd"), False, "made for tests")


DATA = make_data()


@pytest.mark.parametrize("name", ["vae", "iwae", "ae"])
def test_blocks_move_sigma_as_single_steps_do(name):
    """Compiled loops of many steps, with the weight inside."""
    kind = configurations.configuration_class(name)
    configuration = kind(
        hidden=(6,),
        likelihood="optimal-gaussian",
        binarisation="none",
        batch_size=8,
        epochs=2,
        learning_rate=0.01,
    )
    found = []
    for single in (False, True):
        prepared = training.prepare(configuration, DATA, seed=1)
        if single:
            prepared.model.compile(prepared.model.optimizer, steps_per_execution=1)
        history = training.fit(prepared)
        assert (prepared.model.block_steps == 1) == single
        found.append((prepared.model.likelihood.sigma, history["val_loss"]))
    (sigma, losses), (expected, others) = found
    assert sigma == pytest.approx(expected, rel=1e-4) and sigma != pytest.approx(0.5)
    np.testing.assert_allclose(losses, others, rtol=1e-3)


def test_sigma_follows_reconstructions_at_once():
    """The one that Adam trains has moved by 30 learning rates at most."""
    sigmas = {}
    for likelihood in ("optimal-gaussian", "learned-gaussian"):
        configuration = configurations.VAEConfiguration(
            hidden=(8,),
            likelihood=likelihood,
            binarisation="none",
            batch_size=8,
            epochs=2,
            learning_rate=1e-3,
        )
        model, _ = training.train(configuration, DATA, seed=1)
        x = DATA.x_train / np.float32(255)
        errors = np.square(x - np.array(model.decode(model.encode(x).mean)))
        sigmas[likelihood] = model.likelihood.sigma / errors.mean() ** 0.5
    assert sigmas["optimal-gaussian"] == pytest.approx(1, rel=0.1)
    assert sigmas["learned-gaussian"] > 1.3
