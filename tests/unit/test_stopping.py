"""When training stops early."""

from types import SimpleNamespace

import pytest

from vae_utils.training import StopWithoutProgress, find_best, has_stopped


@pytest.mark.parametrize(
    ("losses", "patience", "stopped"),
    [
        ([], 1, False),
        ([3.0], 1, False),
        ([3.0, 2.0, 1.0], 1, False),
        ([3.0, 3.0], 1, True),  # the same is not smaller
        ([3.0, 4.0, 2.0, 2.5], 2, False),
        ([3.0, 4.0, 2.0, 2.5, 2.1], 2, True),
        ([-3.0, -2.0, -1.0], 2, True),
        ([3.0, 4.0, 5.0], None, False),
    ],
)
def test_training_stops_after_epochs_without_a_smaller_loss(losses, patience, stopped):
    assert has_stopped(losses, patience) is stopped


def test_best_epoch_is_the_first_with_the_smallest_loss():
    assert find_best([3.0, 1.0, 2.0, 1.0]) == 2


@pytest.mark.parametrize("before", range(5))
def test_callback_counts_the_epochs_of_earlier_sessions(before):
    losses = [5.0, 4.0, 4.5, 4.2, 4.1, 3.0]
    callback = StopWithoutProgress(3, losses[:before])
    callback.set_model(SimpleNamespace(stop_training=False))
    trained = before
    while not callback.model.stop_training:
        callback.on_epoch_end(trained, {"val_loss": losses[trained]})
        trained += 1
    assert trained == 5
