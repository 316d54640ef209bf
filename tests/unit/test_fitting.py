"""What `training` prepares before anything is trained."""

import dataclasses
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from vae_utils import training
from vae_utils.configurations import (
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
    describe,
)
from vae_utils.training import Checkpoints, checkpoint_file
from vae_utils.training.interruptions import StopIfInterrupted

pytestmark = pytest.mark.core

SMALL = VAEConfiguration(hidden=(8,), batch_size=16, epochs=4)  # 3 batches make a pass
CONDITIONAL = ConditionalVAEConfiguration(hidden=(8,), batch_size=16, epochs=4)


def test_model_fits_the_data_and_is_compiled_as_configured(colour_data):
    settings = {"updates_per_epoch": 32, "clip_norm": 0.5, "learning_rate": 0.01}
    configuration = dataclasses.replace(SMALL, **settings)
    prepared = training.prepare(configuration, colour_data, seed=1)
    model, optimizer = prepared.model, prepared.model.optimizer
    assert model.image_shape == colour_data.image_shape == (16, 24, 3)
    assert (prepared.steps, prepared.epochs) == (32, 4)
    assert isinstance(optimizer, keras.optimizers.Adam)
    assert optimizer.global_clipnorm == 0.5
    assert float(optimizer.learning_rate) == pytest.approx(0.01)
    assert model.automatic_steps


def test_learning_rate_decays_to_zero_at_the_last_update(data):
    configuration = dataclasses.replace(SMALL, decay=True, learning_rate=0.01)
    optimizer = training.prepare(configuration, data, seed=1).model.optimizer
    for updates, rate in ((0, 0.01), (6, 0.005), (12, 0.0)):  # of 4 · 3 in all
        optimizer.iterations.assign(updates)
        assert float(optimizer.learning_rate) == pytest.approx(rate, abs=1e-8)


def test_seed_draws_the_weights(data):
    first, same, other = (
        training.prepare(SMALL, data, seed=seed).model.get_weights()
        for seed in (1, 1, 2)
    )
    assert all(map(np.array_equal, first, same))
    assert not all(map(np.array_equal, first, other))


def test_batch_must_not_be_larger_than_the_data(data):
    configuration = dataclasses.replace(SMALL, batch_size=49)
    with pytest.raises(ValueError, match="images, 48. Received: batch_size=49"):
        training.prepare(configuration, data, seed=1)


@pytest.mark.parametrize("configuration", [CONDITIONAL, ClassifierConfiguration()])
def test_conditional_models_get_batches_with_labels(data, configuration):
    if isinstance(configuration, ClassifierConfiguration):
        configuration = dataclasses.replace(configuration, filters=(4,), batch_size=16)
    prepared = training.prepare(configuration, data, seed=1)
    (validation,) = prepared.validation.as_numpy_iterator()
    np.testing.assert_array_equal(validation["y"], data.y_val)
    for batch in prepared.batches(0).take(3).as_numpy_iterator():
        shown = (batch["x"] > 0).any(axis=(1, 3)).argmax(axis=1)  # first lit column
        np.testing.assert_array_equal((shown - 1) // 3, batch["y"])


def test_validation_images_are_binarised_once_whatever_the_seed(data):
    (first,), (same,) = (
        training.prepare(SMALL, data, seed=seed).validation.as_numpy_iterator()
        for seed in (1, 2)
    )
    assert set(np.unique(first)) == {0.0, 1.0}
    np.testing.assert_array_equal(first, same)
    assert not first[..., 0][data.x_val == 0].any()
    grey = dataclasses.replace(SMALL, binarisation="none")
    (batch,) = training.prepare(grey, data, seed=1).validation.as_numpy_iterator()
    np.testing.assert_allclose(batch[..., 0], data.x_val / 255, rtol=1e-6)


def read_batches(prepared, first_epoch):
    return list(prepared.batches(first_epoch).as_numpy_iterator())


@pytest.mark.parametrize("updates_per_epoch", [None, 1, 2, 3, 5, 7])
def test_batches_from_any_epoch_are_those_of_the_whole_run(data, updates_per_epoch):
    configuration = dataclasses.replace(SMALL, updates_per_epoch=updates_per_epoch)
    prepared = training.prepare(configuration, data, seed=1)
    assert prepared.steps == (updates_per_epoch or 3)
    whole = read_batches(prepared, 0)
    assert len(whole) >= 4 * prepared.steps
    for epoch in range(1, 4):
        rest = read_batches(prepared, epoch)
        for one, other in zip(whole[epoch * prepared.steps :], rest, strict=True):
            np.testing.assert_array_equal(one, other)


def test_pass_continues_from_one_epoch_to_the_next(data):
    numbers = np.arange(1, 49, dtype=np.uint8)  # the grey level says which image it is
    images = np.broadcast_to(numbers[:, None, None], (48, 16, 16))
    data = dataclasses.replace(data, x_train=images)
    configuration = dataclasses.replace(SMALL, updates_per_epoch=5, binarisation="none")
    batches = read_batches(training.prepare(configuration, data, seed=1), 0)
    seen = [np.rint(255 * batch[:, 0, 0, 0]).astype(int) for batch in batches]
    for first in range(0, len(seen), 3):  # a pass, whatever the epoch
        shown = np.concatenate(seen[first : first + 3])
        assert sorted(shown) == list(numbers)


def keep_run(configuration, data, folder, epochs=1, seed=1):
    """Keeps epochs of a run as if it had been trained."""
    model = training.prepare(configuration, data, seed=seed).model
    model.optimizer.build(model.trainable_variables)
    saver = Checkpoints(folder, describe(configuration, data, seed))
    saver.set_model(model)
    saver.on_train_begin()
    for epoch in range(epochs):
        saver.on_epoch_end(epoch, {"loss": 5.0 - epoch, "val_loss": 6.0 - epoch})
    saver.on_train_end()
    return model


@pytest.mark.parametrize(
    ("settings", "seed", "differences"),
    [
        ({"learning_rate": 1e-3}, 1, "learning_rate=0.001, not 0.002"),
        ({"hidden": (9,)}, 1, r"hidden=\[9\], not \[8\]"),
        ({"beta": 2.0}, 2, "seed=2, not 1, beta=2.0, not 1.0"),
    ],
)
def test_run_with_other_settings_is_refused_with_the_differences(
    data, tmp_path, settings, seed, differences
):
    keep_run(SMALL, data, tmp_path)
    (path,) = tmp_path.iterdir()
    before = path.read_bytes()
    configuration = dataclasses.replace(SMALL, **settings)
    with pytest.raises(ValueError, match=f"Received: {differences}$"):
        training.train(configuration, data, seed=seed, checkpoints=tmp_path)
    assert path.read_bytes() == before


def test_run_of_other_data_is_refused(data, tmp_path):
    keep_run(SMALL, data, tmp_path)
    other = dataclasses.replace(data, name="fashion_mnist")
    with pytest.raises(ValueError, match="data='fashion_mnist', not 'bars'"):
        training.train(SMALL, other, seed=1, checkpoints=tmp_path)


def test_complete_run_is_restored_and_not_trained(data, tmp_path):
    model = keep_run(SMALL, data, tmp_path, epochs=4)
    restored, history = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    assert history["val_loss"] == [6.0, 5.0, 4.0, 3.0]
    for one, other in zip(model.variables, restored.variables, strict=True):
        np.testing.assert_array_equal(np.array(one), np.array(other))


@pytest.mark.parametrize("decay", [False, True])
def test_run_is_continued_with_more_epochs_unless_the_rate_decays(
    data, tmp_path, monkeypatch, decay
):
    configuration = dataclasses.replace(SMALL, decay=decay)
    keep_run(configuration, data, tmp_path, epochs=4)
    calls = []

    def fit(self, batches, **options):
        calls.append(options)
        return SimpleNamespace(history={})

    monkeypatch.setattr(keras.Model, "fit", fit)
    longer = dataclasses.replace(configuration, epochs=6)
    if decay:
        with pytest.raises(ValueError, match="Received: epochs=6, not 4"):
            training.train(longer, data, seed=1, checkpoints=tmp_path)
        assert not calls
    else:
        training.train(longer, data, seed=1, checkpoints=tmp_path)
        (options,) = calls
        assert (options["initial_epoch"], options["epochs"]) == (4, 6)


def test_checkpoints_come_last_and_divergence_is_checked_first(
    data, tmp_path, monkeypatch
):
    calls = []
    monkeypatch.setattr(keras.Model, "fit", lambda self, *_, **o: calls.append(o))
    mine = keras.callbacks.Callback()
    checkpoints = Checkpoints(tmp_path)
    training.fit(
        training.prepare(SMALL, data, seed=1), callbacks=[mine], checkpoints=checkpoints
    )
    interrupted, diverged, *rest = calls[0]["callbacks"]
    assert isinstance(interrupted, StopIfInterrupted)
    assert isinstance(diverged, training.StopIfDiverged)
    assert rest == [mine, checkpoints]
    assert checkpoint_file.list_epochs(tmp_path) == []
