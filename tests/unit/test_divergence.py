import keras
import numpy as np
import pytest

from vae_utils.errors import Diverged
from vae_utils.training import StopIfDiverged


@pytest.fixture
def callback():
    callback = StopIfDiverged()
    callback.set_params({"steps": 10})
    callback.set_model(keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]))
    callback.on_epoch_begin(2)
    return callback


def test_finite_losses_pass(callback):
    callback.on_train_batch_end(0, {"loss": 1e30, "kl": -1.0})
    callback.on_train_batch_end(1, {})
    callback.on_epoch_end(2, {"loss": 0.0, "val_loss": 3})
    callback.on_epoch_end(2, None)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_step_that_diverges_is_named(callback, value):
    message = rf"in epoch 3, by step 5 of 10: .*clip_norm.* Received: nll={value}$"
    with pytest.raises(Diverged, match=message):
        callback.on_train_batch_end(4, {"loss": 1.0, "nll": value})


def test_epoch_that_diverges_is_named(callback):
    message = "in epoch 3, at its end: .*Received: val_loss=nan$"
    with pytest.raises(Diverged, match=message):
        callback.on_epoch_end(2, {"loss": 1.0, "val_loss": float("nan")})


def test_weight_that_is_not_finite_is_named(callback):
    """ReLU can hide it from the loss."""
    kernel, _ = callback.model.trainable_variables
    kernel.assign(np.where(np.eye(2, 3), np.nan, 1.0))
    with pytest.raises(Diverged, match=f"a weight became NaN.*{kernel.path}$"):
        callback.on_epoch_end(2, {"loss": 1.0})
