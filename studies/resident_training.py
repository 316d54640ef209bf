"""Training on an accelerator that keeps all images: one computation an epoch, on JAX.

It trains as `training.train` does, with the model's own step, but its random numbers
are JAX's: the same seed gives other weights.
"""

import functools
import time
from typing import NamedTuple

import jax
import keras
from jax import lax
from jax import numpy as jnp

from vae_utils import pixels, training

SCORED = 1000  # validation images scored at once; they must divide their number


class Trained(NamedTuple):
    """A network after its last epoch.

    Args:
        model: the network.
        minutes: of training and validation.
        val_loss: the validation loss after each epoch, in nats.
    """

    model: keras.Model
    minutes: float
    val_loss: list


def train(configuration, data, seed) -> Trained:
    """Trains the model of a configuration.

    Args:
        configuration: with dynamic binarisation.
        data: what to train on.
        seed: of weights, noise, order and binarisation.
    """
    if configuration.binarisation != "dynamic":
        raise ValueError(
            "Images are binarised dynamically here. "
            f"Received: binarisation={configuration.binarisation!r}"
        )
    prepared = training.prepare(configuration, data, seed=seed)
    model = prepared.model
    model.optimizer.build(model.trainable_variables)
    arrays, epoch = _put_on_device(data), _make_epoch(configuration, data)
    state, losses, began = _read_state(model), [], time.monotonic()
    for number in range(configuration.epochs):
        key = jax.random.fold_in(jax.random.key(seed), number)
        state, loss = epoch(state, key, arrays)
        losses.append(float(loss))
    minutes = (time.monotonic() - began) / 60
    _assign(model, state)
    return Trained(model, minutes, losses)


def _read_state(model) -> dict:
    """Reads the weights of a new model, and the state of its optimiser."""
    return {
        "weights": [v.value for v in model.trainable_variables],
        "other": [v.value for v in model.non_trainable_variables],
        "optimizer": [v.value for v in model.optimizer.variables],
    }


@functools.lru_cache(maxsize=1)
def _put_on_device(data) -> dict:
    """Moves images and labels to the device; validation images are binarised once."""
    x_val = pixels.binarise(data.x_val, seed=training.VALIDATION_SEED)
    arrays = {
        "x": pixels.as_images(data.x_train),
        "y": data.y_train.astype("int32"),
        "x_val": pixels.as_images(x_val).astype("float32"),
        "y_val": data.y_val.astype("int32"),
    }
    return {name: jnp.asarray(values) for name, values in arrays.items()}


def _assign(model, state):
    """Gives a model what training has left."""
    variables = {
        "weights": model.trainable_variables,
        "other": model.non_trainable_variables,
    }
    for name, each in variables.items():
        for variable, value in zip(each, state[name], strict=True):
            variable.assign(value)


@functools.lru_cache
def _make_epoch(configuration, data):
    """Makes the function from state, key and arrays to the next state and val_loss.

    It is compiled once for all seeds: the model it has is for its step alone.
    """
    model = training.prepare(configuration, data, seed=0).model
    model.optimizer.build(model.trainable_variables)
    batch_size = configuration.batch_size
    zeros = [jnp.zeros(v.shape, v.dtype) for v in model.metrics_variables]

    def choose(x, y):
        return {"x": x, "y": y} if model.conditional else x

    def step(arrays, state, rows_and_key):
        rows, key = rows_and_key
        grey = arrays["x"][rows].astype(jnp.float32) / 255
        x = (jax.random.uniform(key, grey.shape) < grey).astype(jnp.float32)
        batch = (choose(x, arrays["y"][rows]),)
        before = state["weights"], state["other"], state["optimizer"], zeros
        _, (weights, other, optimizer, _) = model.train_step(before, batch)
        return {"weights": weights, "other": other, "optimizer": optimizer}, None

    def validate(arrays, state):
        def score(sums, part):
            batch = (choose(*part),)
            before = state["weights"], state["other"], sums
            logs, (_, _, sums) = model.test_step(before, batch)
            return sums, logs["loss"]  # the mean of all images so far

        parts = [
            values.reshape(-1, SCORED, *values.shape[1:])
            for values in (arrays["x_val"], arrays["y_val"])
        ]
        return lax.scan(score, zeros, parts)[1][-1]

    def epoch(state, key, arrays):
        order, draw = jax.random.split(key)
        steps = len(arrays["x"]) // batch_size
        rows = jax.random.permutation(order, len(arrays["x"]))[: steps * batch_size]
        batches = rows.reshape(steps, batch_size), jax.random.split(draw, steps)
        state, _ = lax.scan(lambda s, each: step(arrays, s, each), state, batches)
        return state, validate(arrays, state)

    return jax.jit(epoch, donate_argnums=0)
