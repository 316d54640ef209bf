"""Early stopping: the end of training that no longer helps."""

from collections.abc import Sequence

import keras
import numpy as np

MONITOR = "val_loss"  # what should become smaller


class StopWithoutProgress(keras.callbacks.Callback):
    """Stops `fit` after some epochs in a row without a smaller validation loss.

    It depends on the losses of all epochs alone, those of earlier sessions included: a
    run that was interrupted stops where it would have stopped.

    Args:
        patience: number of epochs.
        losses: validation losses of the epochs before.
    """

    def __init__(self, patience: int, losses: Sequence[float] = ()):
        super().__init__()
        self.patience = patience
        self.losses = list(losses)

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(float(logs[MONITOR]))
        if has_stopped(self.losses, self.patience):
            self.model.stop_training = True


def has_stopped(losses: Sequence[float], patience: int | None) -> bool:
    """Tells whether training stops after these epochs.

    Args:
        losses: validation loss of each epoch.
        patience: epochs without a smaller one that end training; None never does.
    """
    if patience is None or not losses:
        return False
    return len(losses) - find_best(losses) >= patience


def find_best(losses: Sequence[float]) -> int:
    """Returns the epoch, counted from 1, with the smallest loss: the first of them."""
    return int(np.argmin(losses)) + 1
