import dataclasses
import json
import threading
import time

import keras
import numpy as np
import pytest

from vae_utils import training
from vae_utils.configurations import (
    ClassifierConfiguration,
    Configuration,
    check_same,
    describe,
)
from vae_utils.training import Checkpoints, checkpoint_file

SMALL = Configuration(hidden=(16,), batch_size=16, epochs=4)
KINDS = {
    "vae": SMALL,
    "two networks": dataclasses.replace(SMALL, encoder="conv", decoder_hidden=(8,)),
    "cvae": dataclasses.replace(SMALL, labelled="both", decay=True, clip_norm=1.0),
    "ae": dataclasses.replace(SMALL, variational=False),
    "gaussian": dataclasses.replace(SMALL, likelihood="gaussian", beta=0.5),
    "learned": dataclasses.replace(SMALL, likelihood="learned-gaussian"),
    "passes": dataclasses.replace(SMALL, updates_per_epoch=5),  # 3 make a pass
    "classifier": ClassifierConfiguration(batch_size=16, epochs=4, filters=(4, 4)),
}


class StopAt(keras.callbacks.Callback):
    """Ends a training in the middle of an epoch, as Ctrl-C does."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.epoch:
            raise KeyboardInterrupt


def interrupt(configuration, data, folder, epoch, seed=1):
    with pytest.raises(KeyboardInterrupt):
        training.train(
            configuration,
            data,
            seed=seed,
            callbacks=[StopAt(epoch)],
            checkpoints=folder,
        )


def contents(folder, epoch):
    """All arrays of a checkpoint, and its account but for the minutes."""
    saved = checkpoint_file.read(checkpoint_file.path_of(folder, epoch))
    saved["about"].pop("minutes")
    return saved


def assert_equal(first, second):
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], name)


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupted_training_goes_on_bit_for_bit(kind, data, tmp_path):
    configuration = KINDS[kind]
    model, history = training.train(
        configuration, data, seed=1, checkpoints=tmp_path / "whole"
    )
    for epoch in (0, 1, 3):  # the first leaves nothing to go on from
        interrupt(configuration, data, tmp_path / "parts", epoch)
    keras.utils.set_random_seed(99)  # must not matter
    again, same_history = training.train(
        configuration, data, seed=1, checkpoints=tmp_path / "parts"
    )
    assert history == same_history
    assert all(len(values) == 4 for values in history.values())
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert_equal(contents(tmp_path / "whole", 4), contents(tmp_path / "parts", 4))


def test_checkpoints_do_not_change_the_training(data, tmp_path):
    _, history = training.train(SMALL, data, seed=1)
    _, same = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    assert history == same


def test_noise_and_what_adam_remembers_are_kept(data, tmp_path):
    model, _ = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    saved = contents(tmp_path, 4)
    kept = [value for name, value in saved.items() if name.startswith("model/")]
    np.testing.assert_array_equal(
        kept[-1], keras.ops.convert_to_numpy(model.noise.state)
    )
    steps = [v for name, v in saved.items() if name.startswith("optimizer/")]
    assert steps[0] == 4 * (48 // 16)
    assert len(steps) == len(model.optimizer.variables)


def test_the_last_two_the_best_and_each_nth_stay(make_vae, tmp_path):
    saver = Checkpoints(tmp_path, every=3)
    vae = make_vae()
    vae.optimizer.build(vae.trainable_variables)
    saver.set_model(vae)
    saver.on_train_begin()
    losses = [5.0, 1.0, 4.0, 3.0, 2.0, 2.0, 2.0, 2.0]
    stood = []
    for epoch, loss in enumerate(losses):
        saver.on_epoch_end(epoch, {"loss": loss, "val_loss": loss})
        saver.flush()
        stood.append(checkpoint_file.list_epochs(tmp_path))
    assert stood == [
        [1], [1, 2], [2, 3], [2, 3, 4], [2, 3, 4, 5], [2, 3, 5, 6], [2, 3, 6, 7],
        [2, 3, 6, 7, 8],
    ]  # fmt: skip
    assert (saver.best_epoch, saver.history["val_loss"]) == (2, losses)
    other = Checkpoints(tmp_path)
    assert other.restore(make_vae()) == 8
    assert (other.best_epoch, other.best_value) == (2, 1.0)


def test_a_damaged_file_gives_way_to_the_one_before(data, tmp_path):
    expected, history = training.train(
        SMALL, data, seed=1, checkpoints=tmp_path / "whole"
    )
    for damage in (
        lambda contents: contents[: len(contents) // 2],
        lambda contents: b"",
        lambda contents: b"\0" * len(contents),
        lambda contents: contents[:2000] + b"\xff" * 64 + contents[2064:],
        lambda contents: contents.replace(b"'shape'", b"'shipe'"),  # npy headers
        lambda contents: contents.replace(b"PK\x01\x02", b"PK\x01\x03"),  # zip's
    ):
        folder = tmp_path / "damaged"
        interrupt(SMALL, data, folder, 3)
        path = checkpoint_file.path_of(folder, 3)
        path.write_bytes(damage(path.read_bytes()))
        with pytest.warns(
            UserWarning, match="before takes over.*epoch-00003.*Received"
        ):
            model, same_history = training.train(
                SMALL, data, seed=1, checkpoints=folder
            )
        assert history == same_history
        for one, other in zip(expected.get_weights(), model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
        assert (folder / "epoch-00003.npz.damaged").exists()
        for path in folder.iterdir():
            path.unlink()


def test_if_no_file_can_be_read_nothing_is_begun(data, tmp_path):
    checkpoint_file.path_of(tmp_path, 1).write_bytes(b"")
    with pytest.warns(UserWarning, match="takes over"):
        with pytest.raises(ValueError, match="None of the checkpoints.*Received"):
            training.train(SMALL, data, seed=1, checkpoints=tmp_path)


@pytest.mark.parametrize(
    ("change", "seed", "difference"),
    [
        ({"learning_rate": 1e-3}, 1, "learning_rate=0.001, not 0.002"),
        ({"hidden": (8,)}, 1, r"hidden=\[8\], not \[16\]"),
        ({"beta": 2.0}, 2, "seed=2, not 1, beta=2.0, not 1.0"),
    ],
)
def test_another_training_is_refused_with_the_difference(
    change, seed, difference, data, tmp_path
):
    interrupt(SMALL, data, tmp_path, 1)
    before = contents(tmp_path, 1)
    with pytest.raises(ValueError, match=f"Received: {difference}$"):
        training.train(
            dataclasses.replace(SMALL, **change), data, seed=seed, checkpoints=tmp_path
        )
    assert_equal(before, contents(tmp_path, 1))


def test_more_epochs_are_the_same_training_unless_the_rate_decays(data, tmp_path):
    longer = dataclasses.replace(SMALL, epochs=6)
    _, history = training.train(longer, data, seed=1)
    training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    _, same = training.train(longer, data, seed=1, checkpoints=tmp_path)
    assert history == same

    decaying = dataclasses.replace(SMALL, decay=True)
    saved, wanted = (
        describe(dataclasses.replace(decaying, epochs=epochs), data, 1)
        for epochs in (4, 6)
    )
    with pytest.raises(ValueError, match="Received: epochs=6, not 4"):
        check_same(saved, wanted)


def test_a_finished_training_is_not_trained_again(data, tmp_path):
    model, history = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    again, same = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    assert history == same
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_architecture_is_refused_and_nothing_set(make_vae, tmp_path, data):
    training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    other = make_vae(latent_dim=3)
    before = other.get_weights()
    path = checkpoint_file.path_of(tmp_path, 4)
    for parts in ({"encoder": other.encoder}, {"decoder": other.decoder}):
        with pytest.raises(
            ValueError, match="another architecture.*Received: .*coder/"
        ):
            checkpoint_file.load_parts(parts, path)
    with pytest.raises(ValueError, match="another architecture"):
        Checkpoints(tmp_path).restore(other)
    for one, same in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)


def test_a_part_can_be_loaded_alone(make_vae, tmp_path, data):
    trained, _ = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    other = make_vae(seed=5)
    encoder = other.encoder.get_weights()
    path = checkpoint_file.path_of(tmp_path, 4)
    checkpoint_file.load_parts({"decoder": other.decoder}, path)
    for one, same in zip(
        trained.decoder.get_weights(), other.decoder.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, same)
    for one, same in zip(encoder, other.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)


def test_a_file_of_another_version_is_told_apart(make_vae, tmp_path):
    about = np.array(json.dumps({"format": 99}))
    np.savez(checkpoint_file.path_of(tmp_path, 1), about=about)
    with pytest.raises(ValueError, match="another version of vae_utils.*format=99"):
        Checkpoints(tmp_path).restore(make_vae())


def test_objects_are_never_unpickled(tmp_path):
    path = checkpoint_file.path_of(tmp_path, 1)
    about = json.dumps({"format": checkpoint_file.FORMAT})
    np.savez(path, about=np.array(about), **{"decoder/000": np.array([{}])})
    with pytest.raises(ValueError, match="no whole checkpoint. Received"):
        checkpoint_file.load_parts({"decoder": keras.Sequential()}, path)


def fit(prepared, saver, **options):
    return prepared.model.fit(
        prepared.batches(0),
        epochs=1,
        steps_per_epoch=prepared.steps,
        shuffle=False,
        verbose=0,
        callbacks=[saver],
        **options,
    )


def test_fit_must_begin_where_the_checkpoint_ends(data, tmp_path):
    training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    prepared = training.prepare(SMALL, data, seed=1)
    saver = Checkpoints(tmp_path)
    saver.restore(prepared.model)
    with pytest.raises(ValueError, match="initial_epoch=4.*Received: initial_epoch=0"):
        fit(prepared, saver)
    assert checkpoint_file.list_epochs(tmp_path)[-1] == 4


def test_whoever_forgets_to_restore_loses_nothing(data, tmp_path):
    training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    before = checkpoint_file.list_epochs(tmp_path)
    with pytest.raises(ValueError, match="call `restore`.*Received: .*epoch 4"):
        fit(training.prepare(SMALL, data, seed=1), Checkpoints(tmp_path))
    assert checkpoint_file.list_epochs(tmp_path) == before


def test_a_file_too_large_is_not_unpacked(tmp_path, monkeypatch):
    path = checkpoint_file.path_of(tmp_path, 1)
    np.savez_compressed(path, zeros=np.zeros(1000))
    monkeypatch.setattr(checkpoint_file, "MAX_BYTES", 500)
    with pytest.raises(ValueError, match="more than 500"):
        checkpoint_file.read(path)


@pytest.mark.parametrize("options", [{"keep": 0}, {"every": 0}, {"every": 1.5}])
def test_bad_options_are_named(tmp_path, options):
    (name,) = options
    with pytest.raises(ValueError, match=rf"{name} must be a positive .*Received"):
        Checkpoints(tmp_path, **options)


def test_the_next_epoch_goes_on_while_a_file_is_written(data, tmp_path, monkeypatch):
    begun, written = threading.Event(), checkpoint_file.files.written_whole
    waited = []

    def wait(path):
        waited.append(begun.wait(timeout=20))
        return written(path)

    class Begin(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                begun.set()

    monkeypatch.setattr(checkpoint_file.files, "written_whole", wait)
    _, history = training.train(
        SMALL, data, seed=1, callbacks=[Begin()], checkpoints=tmp_path
    )
    assert waited == [True] * 4
    assert history == training.train(SMALL, data, seed=1)[1]


@pytest.fixture
def slow_disk(monkeypatch):
    written = checkpoint_file.files.written_whole

    def slowly(path):
        time.sleep(0.5)
        return written(path)

    monkeypatch.setattr(checkpoint_file.files, "written_whole", slowly)


@pytest.mark.usefixtures("slow_disk")
def test_an_interruption_waits_for_the_file(data, tmp_path):
    interrupt(SMALL, data, tmp_path, epoch=1)
    assert checkpoint_file.list_epochs(tmp_path) == [1]


@pytest.mark.usefixtures("slow_disk")
def test_a_second_training_with_the_same_object_waits(make_vae, tmp_path):
    """As in a notebook whose `fit` was interrupted, and whose cell is run again."""
    saver, vae = Checkpoints(tmp_path), make_vae()
    vae.optimizer.build(vae.trainable_variables)
    saver.set_model(vae)
    saver.on_train_begin()
    saver.on_epoch_end(0, {"loss": 1.0, "val_loss": 1.0})  # and then Ctrl-C
    assert saver.restore(vae) == 1
    saver.on_train_begin()
    assert checkpoint_file.list_epochs(tmp_path) == [1]


def test_a_full_disk_keeps_the_epoch_before(data, tmp_path, monkeypatch):
    written = checkpoint_file.files.written_whole

    def fill(path):
        if path.name == "epoch-00003.npz":
            raise OSError(28, "No space left on device")
        return written(path)

    monkeypatch.setattr(checkpoint_file.files, "written_whole", fill)
    with pytest.raises(OSError, match="No space left"):
        training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    monkeypatch.undo()
    assert checkpoint_file.list_epochs(tmp_path)[-1] == 2
    _, history = training.train(SMALL, data, seed=1, checkpoints=tmp_path)
    assert history == training.train(SMALL, data, seed=1)[1]
