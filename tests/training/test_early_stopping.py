"""Early stopping, and augmented images, in runs that are interrupted or not."""

import dataclasses
import shutil

import numpy as np
import pytest

from vae_utils import configurations, training
from vae_utils.configurations import VAEConfiguration
from vae_utils.datasets import Dataset
from vae_utils.training import checkpoint_file

pytestmark = pytest.mark.core

#: The learning rate is so large that the validation loss soon rises.
CONFIGURATION = VAEConfiguration(
    hidden=(8,),
    batch_size=16,
    epochs=30,
    learning_rate=0.3,
    patience=2,
    augmentation="flips-and-shifts",
    likelihood="optimal-gaussian",
    binarisation="none",
)


def make_data():
    """Makes a data set: 32 images to train with, 16 to validate, 16 to test."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (64, 8, 8, 3), np.uint8)
    x[::2, :4] //= 8
    x, y = np.split(x, (32, 48)), np.split(np.arange(64) % 4, (32, 48))
    splits = [values for pair in zip(x, y, strict=True) for values in pair]
    return Dataset("noise", *splits, tuple("abcd"), False, "made for tests")


@pytest.fixture(scope="module")
def data():
    return make_data()


def train(data, folder=None, **changes):
    configuration = dataclasses.replace(CONFIGURATION, **changes)
    return training.train(configuration, data, seed=1, checkpoints=folder)


def read_last(folder):
    epoch = checkpoint_file.list_epochs(folder)[-1]
    arrays = checkpoint_file.read(checkpoint_file.path_of(folder, epoch))
    del arrays["about"]
    return epoch, arrays


@pytest.fixture(scope="module")
def stopped(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopped")
    _, history = train(data, folder)
    return folder, history


def test_training_ends_once_the_validation_loss_no_longer_falls(stopped):
    _, history = stopped
    losses = history["val_loss"]
    assert 2 < len(losses) < 30
    assert len(losses) - training.find_best(losses) == 2
    assert not any(training.has_stopped(losses[:n], 2) for n in range(len(losses)))


def test_a_resumed_run_stops_at_the_same_epoch_with_the_same_weights(
    stopped, data, tmp_path
):
    folder, history = stopped
    train(data, tmp_path, epochs=2)  # "interrupted"
    _, resumed = train(data, tmp_path)
    assert resumed == history
    (epoch, arrays), (last, expected) = read_last(tmp_path), read_last(folder)
    assert epoch == last and arrays.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(arrays[name], array, name)


def test_a_run_that_has_stopped_stays_so_unless_it_is_given_more_patience(
    stopped, data, tmp_path
):
    folder, history = stopped
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert train(data, copy)[1] == history
    assert train(data, copy, epochs=40)[1] == history
    longer = len(history["loss"]) + 1
    _, more = train(data, copy, patience=None, epochs=longer)
    assert len(more["loss"]) == longer
    assert more["loss"][:-1] == history["loss"]


def test_patience_is_no_setting_that_resuming_depends_on(data):
    saved, wanted = (
        configurations.describe(
            dataclasses.replace(CONFIGURATION, patience=patience), data, 1
        )
        for patience in (2, None)
    )
    configurations.check_same(saved, wanted)
    other = dataclasses.replace(CONFIGURATION, augmentation="flips")
    with pytest.raises(ValueError, match="augmentation='flips', not 'flips-and-shi"):
        configurations.check_same(saved, configurations.describe(other, data, 1))


def test_validation_images_are_not_augmented(data):
    prepared, plain = (
        training.prepare(
            dataclasses.replace(CONFIGURATION, augmentation=kind), data, seed=1
        )
        for kind in ("flips-and-shifts", "none")
    )
    (x,), (same,) = (each.validation.as_numpy_iterator() for each in (prepared, plain))
    np.testing.assert_array_equal(x, same)
    first, other = (next(iter(each.batches(0))) for each in (prepared, plain))
    assert not np.array_equal(first, other)
