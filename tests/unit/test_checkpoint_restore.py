"""How a run is brought back from its checkpoints, with a model of three weights."""

import numpy as np
import pytest
from tiny_model import assert_same, copy_state, keep_epochs, make_tiny, run_epochs

from vae_utils.training import Checkpoints, checkpoint_file

pytestmark = pytest.mark.core

SETTINGS = {"seed": 1, "data": "bars"}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_state_and_history_are_restored(tmp_path):
    saver, expected = keep_epochs(tmp_path, settings=SETTINGS)
    other, model = Checkpoints(tmp_path, SETTINGS), make_tiny(seed=5)
    assert other.restore(model) == other.epoch == 3
    assert_same(copy_state(model), expected)
    history = {"loss": [4.0, 3.0, 2.0], "val_loss": [3.0, 2.0, 1.0]}
    assert other.history == saver.history == history
    assert other.minutes == saver.minutes > 0
    list(run_epochs(other, model, [0.5], first=3))
    assert other.history["val_loss"] == [3.0, 2.0, 1.0, 0.5]
    assert other.minutes > saver.minutes


def test_empty_folder_restores_nothing(tmp_path):
    model = make_tiny()
    before = copy_state(model)
    saver = Checkpoints(tmp_path / "new")
    assert saver.restore(model) == saver.epoch == 0
    assert saver.history == {}
    assert_same(copy_state(model), before)


def test_optimiser_needs_no_variables_before_it_is_restored(tmp_path):
    _, expected = keep_epochs(tmp_path)
    model = make_tiny()
    model.compile(optimizer=type(model.optimizer)(0.01))
    Checkpoints(tmp_path).restore(model)
    assert_same(copy_state(model), expected)


def test_other_settings_are_refused_and_nothing_changes(tmp_path):
    keep_epochs(tmp_path, settings=SETTINGS)
    model = make_tiny(seed=5)
    before, kept = copy_state(model), contents(tmp_path)
    saver = Checkpoints(tmp_path, {**SETTINGS, "seed": 2})
    with pytest.raises(ValueError, match="original settings.*Received: seed=2, not 1"):
        saver.restore(model)
    assert (saver.epoch, saver.history) == (0, {})
    assert_same(copy_state(model), before)
    assert contents(tmp_path) == kept
    assert Checkpoints(tmp_path).restore(model) == 3  # no settings check nothing


def test_other_architecture_is_refused_and_nothing_changes(tmp_path):
    keep_epochs(tmp_path)
    model = make_tiny(width=2)
    before, kept = copy_state(model), contents(tmp_path)
    with pytest.raises(ValueError, match="another architecture.*encoder/000"):
        Checkpoints(tmp_path).restore(model)
    assert_same(copy_state(model), before)
    assert contents(tmp_path) == kept


def test_file_of_another_version_is_refused_without_falling_back(tmp_path):
    keep_epochs(tmp_path)
    path = checkpoint_file.path_of(tmp_path, 3)
    np.savez(path, about=np.array('{"format": 99}'))
    with pytest.raises(ValueError, match="another version of vae_utils.*format=99"):
        Checkpoints(tmp_path).restore(make_tiny())
    assert path.exists()


def test_damaged_file_gives_way_to_the_previous_epoch(tmp_path):
    saver, model = Checkpoints(tmp_path), make_tiny()
    states = [copy_state(model) for _ in run_epochs(saver, model, (3.0, 2.0, 1.0))]
    path = checkpoint_file.path_of(tmp_path, 3)
    path.write_bytes(path.read_bytes()[:100])
    other = Checkpoints(tmp_path)
    message = "Falling back to the previous epoch.*epoch-00003.*Received"
    with pytest.warns(UserWarning, match=message):
        assert other.restore(model) == 2
    assert_same(copy_state(model), states[1])
    assert other.history["val_loss"] == [3.0, 2.0]
    assert (other.best_epoch, other.best_value) == (2, 2.0)
    assert {p.name for p in tmp_path.iterdir()} == {
        "epoch-00002.npz",
        "epoch-00003.npz.damaged",
    }
    list(run_epochs(other, model, [1.0], first=2))
    assert_same(copy_state(model), states[2])
    assert checkpoint_file.list_epochs(tmp_path) == [2, 3]


def test_all_files_damaged_is_an_error(tmp_path):
    keep_epochs(tmp_path)
    for epoch in (2, 3):
        checkpoint_file.path_of(tmp_path, epoch).write_bytes(b"")
    model = make_tiny()
    before, kept = copy_state(model), contents(tmp_path)
    with pytest.warns(UserWarning, match="previous epoch"):
        with pytest.raises(ValueError, match="None of the checkpoints.*Received"):
            Checkpoints(tmp_path).restore(model)
    assert_same(copy_state(model), before)
    assert contents(tmp_path) == kept


def test_first_epoch_must_be_the_restored_one(tmp_path):
    keep_epochs(tmp_path)
    saver, model = Checkpoints(tmp_path), make_tiny()
    saver.restore(model)
    saver.set_model(model)
    saver.on_train_begin()
    with pytest.raises(ValueError, match="initial_epoch=3.*Received: initial_epoch=0"):
        saver.on_epoch_begin(0)
    saver.on_epoch_begin(3)


def test_unrestored_checkpoints_are_not_overwritten(tmp_path):
    keep_epochs(tmp_path)
    kept = contents(tmp_path)
    saver = Checkpoints(tmp_path)
    with pytest.raises(ValueError, match="call `restore`.*Received: .*epoch 3"):
        saver.on_train_begin()
    assert contents(tmp_path) == kept
