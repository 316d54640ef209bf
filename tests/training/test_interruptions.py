"""Training that is interrupted, or stopped by an error, and then resumed."""

import threading

import keras
import numpy as np
import pytest
from tiny_model import assert_same, copy_state, prepare_tiny

from vae_utils import files, training
from vae_utils.errors import Diverged
from vae_utils.training import Checkpoints, checkpoint_file

pytestmark = pytest.mark.core

EPOCHS = 4
TIMEOUT = 20  # seconds until a test fails that waits for a thread


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (16, 2, 2), np.uint8)


@pytest.fixture(scope="module")
def whole(images):
    """An uninterrupted run: its final state and its history."""
    prepared = prepare_tiny(images, EPOCHS)
    history = training.fit(prepared)
    return copy_state(prepared.model), history


def resume(images, folder, *callbacks, epochs=EPOCHS):
    """Trains with a new model from the last checkpoint on."""
    prepared, checkpoints = prepare_tiny(images, epochs), Checkpoints(folder)
    keras.utils.set_random_seed(99)  # must not matter
    checkpoints.restore(prepared.model)
    history = training.fit(prepared, callbacks=callbacks, checkpoints=checkpoints)
    return copy_state(prepared.model), history


class InterruptIn(keras.callbacks.Callback):
    """Interrupts an epoch after its first step, as Ctrl-C does."""

    def __init__(self, epoch):
        super().__init__()
        self.chosen = epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.chosen:
            raise KeyboardInterrupt


def interrupt(images, folder, epoch):
    with pytest.raises(KeyboardInterrupt):
        resume(images, folder, InterruptIn(epoch))


def test_run_interrupted_several_times_equals_an_uninterrupted_one(
    images, whole, tmp_path
):
    for epoch in (0, 1, 1, 3):  # nothing is kept of the first
        interrupt(images, tmp_path, epoch)
        assert checkpoint_file.list_epochs(tmp_path)[-1:] == [epoch][:epoch]
    final, history = resume(images, tmp_path)
    assert history == whole[1]
    assert_same(final, whole[0])


def test_checkpoints_do_not_change_the_training(images, whole, tmp_path):
    final, history = resume(images, tmp_path)
    assert history == whole[1]
    assert_same(final, whole[0])


def test_run_can_be_made_longer(images, whole, tmp_path):
    resume(images, tmp_path, epochs=2)
    final, history = resume(images, tmp_path)
    assert history == whole[1]
    assert_same(final, whole[0])


def test_complete_run_is_not_trained_again(images, whole, tmp_path, monkeypatch):
    resume(images, tmp_path)
    monkeypatch.setattr(keras.Model, "fit", None)
    final, history = resume(images, tmp_path)
    assert history == whole[1]
    assert_same(final, whole[0])


@pytest.mark.parametrize("restored", [True, False])
def test_fit_must_start_where_the_checkpoints_end(images, tmp_path, restored):
    resume(images, tmp_path)
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    prepared, saver = prepare_tiny(images, EPOCHS), Checkpoints(tmp_path)
    message = "call `restore`.*Received: .*epoch 4"
    if restored:
        saver.restore(prepared.model)
        message = "initial_epoch=4.*Received: initial_epoch=0"
    with pytest.raises(ValueError, match=message):
        prepared.model.fit(
            prepared.batches(0), shuffle=False, verbose=0, callbacks=[saver]
        )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_next_epoch_trains_while_a_file_is_written(
    images, whole, tmp_path, monkeypatch
):
    trained, write = threading.Event(), files.written_whole
    waited = []

    def wait(path):
        waited.append(trained.wait(TIMEOUT))
        return write(path)

    def start(batch, logs):
        if saver.epoch == 1:
            trained.set()

    prepared, saver = prepare_tiny(images, EPOCHS), Checkpoints(tmp_path)
    monkeypatch.setattr(files, "written_whole", wait)
    callbacks = [keras.callbacks.LambdaCallback(on_train_batch_end=start)]
    history = training.fit(prepared, callbacks=callbacks, checkpoints=saver)
    assert waited == [True] * EPOCHS
    assert history == whole[1]
    assert_same(copy_state(prepared.model), whole[0])
    saved = checkpoint_file.read(checkpoint_file.path_of(tmp_path, EPOCHS))
    del saved["about"]
    assert_same(saved, whole[0])


def test_interruption_waits_for_the_file(images, tmp_path, monkeypatch):
    released, write = threading.Event(), files.written_whole

    def wait(path):
        assert released.wait(TIMEOUT)
        return write(path)

    monkeypatch.setattr(files, "written_whole", wait)
    threading.Timer(1, released.set).start()
    interrupt(images, tmp_path, epoch=1)
    assert checkpoint_file.list_epochs(tmp_path) == [1]


def test_full_disk_keeps_the_previous_epoch(images, whole, tmp_path, monkeypatch):
    write = files.written_whole

    def fill(path):
        if path.name == "epoch-00003.npz":
            raise OSError(28, "No space left on device")
        return write(path)

    with monkeypatch.context() as patch:
        patch.setattr(files, "written_whole", fill)
        with pytest.raises(OSError, match="No space left"):
            resume(images, tmp_path)
    assert checkpoint_file.list_epochs(tmp_path)[-1] == 2
    final, history = resume(images, tmp_path)
    assert history == whole[1]
    assert_same(final, whole[0])


@pytest.mark.parametrize("where", ["a step", "the end of an epoch", "validation"])
def test_diverged_epoch_is_not_kept(images, tmp_path, where):
    prepared, saver = prepare_tiny(images, EPOCHS), Checkpoints(tmp_path)

    def spoil(*_, **__):
        if saver.epoch == 2:
            prepared.model.decoder.kernel.assign([[np.nan] * 4])

    moment = {
        "a step": "on_train_batch_begin",
        "validation": "on_test_begin",
        "the end of an epoch": "on_epoch_end",
    }
    spoiler = keras.callbacks.LambdaCallback(**{moment[where]: spoil})
    with pytest.raises(Diverged, match="Training diverged"):
        training.fit(prepared, callbacks=[spoiler], checkpoints=saver)
    assert checkpoint_file.list_epochs(tmp_path) == [1, 2]
