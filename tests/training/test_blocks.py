"""Training in compiled loops: the same as step by step, and compiled once."""

import dataclasses
import gc
import weakref

import keras
import numpy as np
import pytest

from vae_utils import configurations, training
from vae_utils.blocks import shared, sizes
from vae_utils.datasets import Dataset
from vae_utils.models import VAE
from vae_utils.training import checkpoint_file

pytestmark = pytest.mark.core

SMALL = {"batch_size": 8, "epochs": 2, "learning_rate": 0.01}
FC = {"hidden": (6,), "latent_dim": 2}
KINDS = {
    "vae": configurations.VAEConfiguration(**FC, **SMALL, clip_norm=1.0),
    "cvae": configurations.ConditionalVAEConfiguration(**FC, **SMALL, decay=True),
    "iwae": configurations.configuration_class("iwae")(**FC, **SMALL, samples=3),
    "autoencoder": configurations.configuration_class("ae")(**FC, **SMALL),
}


def make_data(count=56):
    """Makes a data set of bright and dark images; 7 batches make an epoch."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (count + 16, 6, 8, 1), np.uint8)
    x[::2] //= 8
    x, y = np.split(x, (count, count + 8)), np.arange(count + 16) % 4
    y = np.split(y.astype(np.int32), (count, count + 8))
    splits = [values for pair in zip(x, y, strict=True) for values in pair]
    return Dataset("noise", *splits, tuple("abcd"), False, "made for tests")


DATA = make_data()


@pytest.fixture
def short_blocks(monkeypatch):
    """Blocks of four steps at most, so that 4 and 3 make an epoch."""
    monkeypatch.setattr(sizes, "BLOCK_BYTES", 4 * (8 * 6 * 8 * 4 + 200))


def train(configuration, *, single=False, callbacks=()):
    prepared = training.prepare(configuration, DATA, seed=1)
    if single:  # Keras's own steps
        prepared.model.compile(prepared.model.optimizer, steps_per_execution=1)
    history = training.fit(prepared, callbacks=callbacks)
    return prepared.model, history


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_train_as_single_steps_do(kind, short_blocks):
    in_blocks, history = train(KINDS[kind])
    by_step, expected = train(KINDS[kind], single=True)
    assert 1 < in_blocks.block_steps <= 4
    assert by_step.block_steps == 1
    assert history.keys() == expected.keys()
    for name, values in expected.items():  # the noise is the same, rounding is not
        np.testing.assert_allclose(history[name], values, rtol=2e-4, err_msg=name)
    first, second = (checkpoint_file.state_of(m) for m in (in_blocks, by_step))
    for (name, value), (_, other) in zip(first, second, strict=True):
        np.testing.assert_allclose(value, other, rtol=0.01, atol=1e-3, err_msg=name)


def test_noise_that_keras_draws_itself_is_trained_in_single_steps(short_blocks):
    class Noisy(VAE):
        def forward(self, x, y=None, training=None):
            x += 0.1 * keras.random.normal(keras.ops.shape(x), seed=self.other)
            return super().forward(x, y, training)

    prepared = training.prepare(KINDS["vae"], DATA, seed=1)
    parts = prepared.model.encoder, prepared.model.decoder, prepared.model.likelihood
    noisy = Noisy(*parts, seed=1)
    noisy.other = keras.random.SeedGenerator(2)
    noisy.compile(keras.optimizers.Adam(0.01))
    training.fit(prepared._replace(model=noisy))
    # On a CPU only TensorFlow draws slowly inside a compiled loop.
    slow = keras.backend.backend() == "tensorflow"
    assert noisy.block_steps == (1 if slow else 4)


@pytest.mark.parametrize("updates", [None, 16])
def test_convolutions_are_trained_in_single_steps_on_a_cpu(updates, short_blocks):
    settings = {"filters": (4,), **SMALL, "updates_per_epoch": updates}
    model, history = train(configurations.ClassifierConfiguration(**settings))
    assert model.block_steps == 1
    assert model.steps_per_execution == (2 if updates else 1)  # a divisor of them
    assert not model.block_loops
    assert history["loss"][1] < history["loss"][0]


def test_size_of_blocks_changes_rounding_at_most(short_blocks, monkeypatch):
    _, some = train(KINDS["vae"])
    monkeypatch.setattr(sizes, "BLOCK_BYTES", 10**6)  # an epoch in one block
    whole, history = train(KINDS["vae"])
    assert whole.block_steps == 7
    np.testing.assert_allclose(history["loss"], some["loss"], rtol=1e-5)


def test_callback_sees_every_batch_if_it_wants_to(short_blocks):
    seen = []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append((batch, logs["loss"]))
    )
    model, history = train(KINDS["vae"], callbacks=[watch])
    assert model.block_steps == model.steps_per_execution == 1
    assert [batch for batch, _ in seen] == [*range(7)] * 2
    assert seen[-1][1] == pytest.approx(history["loss"][-1])


def test_callbacks_see_weights_of_the_end_of_an_epoch_and_may_change_them(short_blocks):
    class Freeze(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 0:
                self.kept = self.model.encoder.get_weights()
                self.model.beta.assign(7.0)
            self.model.optimizer.learning_rate.assign(0.0)

    freeze = Freeze()
    model, history = train(KINDS["vae"], callbacks=[freeze])
    for kept, now in zip(freeze.kept, model.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, now)
    expected = history["nll"][1] + 7 * history["kl"][1]
    assert history["loss"][1] == pytest.approx(expected, rel=1e-5)


@pytest.fixture
def programs(monkeypatch):
    kept = shared.OrderedDict()
    monkeypatch.setattr(shared, "_compiled", kept)
    return kept


def test_second_training_of_the_same_shapes_compiles_nothing(programs, short_blocks):
    first, history = train(KINDS["vae"])
    before = first.get_weights()
    second, again = train(KINDS["vae"])
    assert len(programs) == 1
    assert history == again  # bit for bit, in the loop compiled for the first
    for mine, other in zip(before, second.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    prepared = training.prepare(KINDS["vae"], DATA, seed=2)
    training.fit(prepared)
    assert len(programs) == 1
    for mine, kept in zip(first.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, kept)  # others' training left it alone


def test_short_trainings_in_a_row_bring_no_warning(short_blocks, caplog):
    for hidden in (2, 3, 4, 5, 7, 8):
        short = dataclasses.replace(KINDS["vae"], hidden=(hidden,), epochs=1)
        model, _ = train(short)
        assert model.block_steps == 4
    assert "retracing" not in caplog.text


def test_another_objective_is_another_program(programs, short_blocks):
    class Broken(VAE):
        def objective(self, terms):
            return terms["nll"] / 48 + terms["kl"]

    train(KINDS["vae"])
    prepared = training.prepare(KINDS["vae"], DATA, seed=1)
    parts = prepared.model.encoder, prepared.model.decoder, prepared.model.likelihood
    broken = Broken(*parts, seed=1)
    broken.compile(keras.optimizers.Adam(0.01, global_clipnorm=1.0))
    training.fit(prepared._replace(model=broken))
    assert len(programs) == 2


def test_trained_models_are_not_kept_in_memory(programs, short_blocks):
    model, _ = train(KINDS["vae"])
    gone = weakref.ref(model)
    del model
    keras.backend.clear_session()
    gc.collect()
    assert programs
    assert gone() is None


def test_another_batch_size_is_trained_with_in_the_same_model(short_blocks):
    prepared = training.prepare(KINDS["vae"], DATA, seed=1)
    training.fit(prepared)
    other = training.prepare(
        dataclasses.replace(KINDS["vae"], batch_size=14, epochs=6), DATA, seed=1
    )
    before = float(prepared.model.evaluate(other.validation, verbose=0)[0])
    training.fit(other._replace(model=prepared.model))
    assert float(prepared.model.evaluate(other.validation, verbose=0)[0]) < before


def test_saved_model_trains_in_blocks_again(short_blocks, tmp_path):
    model, _ = train(KINDS["vae"])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.automatic_steps
    prepared = training.prepare(KINDS["vae"], DATA, seed=1)
    training.fit(prepared._replace(model=loaded))
    assert loaded.block_steps == 4
