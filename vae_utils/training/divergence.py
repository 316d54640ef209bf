"""A loss or a weight that became NaN or infinite."""

import math

import keras
import numpy as np

from vae_utils.errors import Diverged


class StopIfDiverged(keras.callbacks.Callback):
    """Stops `fit` with `Diverged` where a loss or a weight is NaN or infinite.

    From then on the weights are useless, and no later epoch repairs them.
    """

    takes_blocks = True  # the last step of each is enough

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        steps = self.params["steps"]
        done = min(batch + 1, steps or batch + 1)  # the last block may be shorter
        self._check(logs, f"by step {done} of {steps}")

    def on_epoch_end(self, epoch, logs=None):
        self._check(logs, "at its end")
        for weight in self.model.trainable_variables:  # ReLU can hide it from the loss
            if not np.isfinite(np.asarray(weight)).all():
                raise Diverged(
                    "Training diverged: a weight became NaN or infinite. "
                    f"Received: {weight.path}"
                )

    def _check(self, logs, where):
        for name, value in (logs or {}).items():
            if not math.isfinite(float(value)):
                raise Diverged(
                    f"Training diverged in epoch {self.epoch + 1}, {where}: try a "
                    "smaller learning rate, or clip the gradient (clip_norm). "
                    f"Received: {name}={float(value)}"
                )
