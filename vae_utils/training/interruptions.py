"""Interruptions that were requested, and that Python may have dropped."""

import keras

from vae_utils import interruption


class StopIfInterrupted(keras.callbacks.Callback):
    """Raises what `interruption.request` keeps, after a step or an epoch."""

    takes_blocks = True  # the last step of each is enough

    def on_train_batch_end(self, batch, logs=None):
        interruption.check()

    def on_epoch_end(self, epoch, logs=None):
        interruption.check()
