"""What `Checkpoints` does at the end of epochs, on a model with three weights."""

import math
import threading

import numpy as np
import pytest
from tiny_model import (
    assert_same,
    change_state,
    copy_state,
    keep_epochs,
    make_tiny,
    run_epochs,
)

from vae_utils import files
from vae_utils.errors import Diverged
from vae_utils.training import Checkpoints, checkpoint_file

pytestmark = pytest.mark.core

LOGS = {"loss": 2.0, "val_loss": 2.0}
TIMEOUT = 20  # seconds until a test fails that waits for a thread


@pytest.mark.parametrize(
    "options", [{"keep": 0}, {"keep": True}, {"every": 0}, {"every": 1.5}]
)
def test_invalid_options_are_refused(tmp_path, options):
    (name,) = options
    with pytest.raises(ValueError, match=rf"{name} must be a positive .*Received"):
        Checkpoints(tmp_path, **options)


def test_last_two_files_the_best_and_every_nth_are_kept(tmp_path):
    saver, model = Checkpoints(tmp_path, every=3), make_tiny()
    losses = [5.0, 1.0, 4.0, 3.0, 2.0, 2.0, 2.0, 2.0]
    kept = []
    for _ in run_epochs(saver, model, losses):
        saver.flush()
        kept.append(checkpoint_file.list_epochs(tmp_path))
    assert kept == [
        [1], [1, 2], [2, 3], [2, 3, 4], [2, 3, 4, 5], [2, 3, 5, 6], [2, 3, 6, 7],
        [2, 3, 6, 7, 8],
    ]  # fmt: skip
    assert (saver.best_epoch, saver.best_value) == (2, 1.0)
    other = Checkpoints(tmp_path)
    assert other.restore(make_tiny()) == 8
    assert (other.best_epoch, other.best_value) == (2, 1.0)


def test_number_of_latest_files_can_be_chosen(tmp_path):
    keep_epochs(tmp_path, losses=[1.0, 2.0, 3.0, 4.0, 5.0], keep=3)
    assert checkpoint_file.list_epochs(tmp_path) == [1, 3, 4, 5]


def test_files_that_an_earlier_session_kept_stay(tmp_path):
    keep_epochs(tmp_path, losses=[4.0, 3.0, 2.0, 1.0], every=1)
    saver, model = Checkpoints(tmp_path), make_tiny()
    saver.restore(model)
    list(run_epochs(saver, model, [0.5, 0.4, 0.3], first=4))
    # Its last two were the latest files, which two others are now.
    assert checkpoint_file.list_epochs(tmp_path) == [1, 2, 6, 7]


def test_first_of_equal_epochs_is_the_best_and_without_validation_none(tmp_path):
    saver, _ = keep_epochs(tmp_path / "equal", losses=[2.0, 1.0, 1.0])
    assert saver.best_epoch == 2
    saver, model = Checkpoints(tmp_path / "none"), make_tiny()
    saver.set_model(model)
    saver.on_train_begin()
    saver.on_epoch_end(0, {"loss": 1.0})
    saver.flush()
    other = Checkpoints(tmp_path / "none")
    assert other.restore(model) == 1
    assert (other.best_epoch, other.best_value) == (0, math.inf)


def test_unfinished_files_are_removed(tmp_path):
    unfinished = tmp_path / ".epoch-00001.npz.1a2b.unfinished"
    unfinished.touch()
    Checkpoints(tmp_path).on_train_begin()
    assert not unfinished.exists()


def test_epoch_with_a_weight_that_is_not_finite_is_not_kept(tmp_path):
    saver, model = Checkpoints(tmp_path), make_tiny()
    for _ in run_epochs(saver, model, [1.0]):
        pass
    model.encoder.bias.assign([np.nan])
    with pytest.raises(Diverged, match="encoder/001"):
        saver.on_epoch_end(1, LOGS)
    saver.flush()
    assert saver.epoch == 1
    assert checkpoint_file.list_epochs(tmp_path) == [1]


def test_history_is_reported_whenever_an_epoch_is_kept(tmp_path):
    reported = []
    saver, _ = keep_epochs(tmp_path, losses=[3.0, 2.0], saved=reported.append)
    assert reported == [
        {"loss": [4.0], "val_loss": [3.0]},
        {"loss": [4.0, 3.0], "val_loss": [3.0, 2.0]},
    ]
    assert reported[-1] == saver.history


class SlowDisk:
    """Holds up every file until it is released."""

    def __init__(self, monkeypatch):
        self.write = files.written_whole
        self.released = threading.Event()
        monkeypatch.setattr(files, "written_whole", self)

    def __call__(self, path):
        assert self.released.wait(TIMEOUT)
        return self.write(path)


@pytest.fixture
def slow_disk(monkeypatch):
    disk = SlowDisk(monkeypatch)
    yield disk
    disk.released.set()


def test_file_has_its_epoch_although_the_model_changes_meanwhile(slow_disk, tmp_path):
    saver, model = Checkpoints(tmp_path), make_tiny()
    epochs = run_epochs(saver, model, [1.0, 2.0])
    next(epochs)
    expected = copy_state(model)
    change_state(model, 50)  # the next epoch trains
    saver.history["loss"].append(0.0)
    assert checkpoint_file.list_epochs(tmp_path) == []
    slow_disk.released.set()
    saver.flush()
    saved = checkpoint_file.read(checkpoint_file.path_of(tmp_path, 1))
    assert saved.pop("about")["history"] == {"loss": [2.0], "val_loss": [1.0]}
    assert_same(saved, expected)


@pytest.mark.parametrize("wait", ["flush", "on_train_end", "on_train_begin"])
def test_file_being_written_is_waited_for(slow_disk, tmp_path, wait):
    saver = Checkpoints(tmp_path)
    next(run_epochs(saver, make_tiny(), [1.0]))
    threading.Timer(0.2, slow_disk.released.set).start()
    getattr(saver, wait)()
    assert checkpoint_file.list_epochs(tmp_path) == [1]


def test_restoring_waits_for_the_file_being_written(slow_disk, tmp_path):
    """As in a notebook whose `fit` was interrupted, and whose cell is run again."""
    saver, model = Checkpoints(tmp_path), make_tiny()
    next(run_epochs(saver, model, [1.0]))
    threading.Timer(0.2, slow_disk.released.set).start()
    assert saver.restore(model) == 1
    saver.on_train_begin()
    assert checkpoint_file.list_epochs(tmp_path) == [1]


def test_full_disk_is_an_error_and_keeps_the_previous_epoch(tmp_path, monkeypatch):
    saver, model = Checkpoints(tmp_path), make_tiny()
    epochs = run_epochs(saver, model, [3.0, 2.0, 1.0])
    next(epochs)
    saver.flush()

    def fill(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "written_whole", fill)
    next(epochs)
    with pytest.raises(OSError, match="No space left"):
        next(epochs)  # the file of the second epoch is found missing
    saver.flush()  # the error is raised once
    assert checkpoint_file.list_epochs(tmp_path) == [1]
