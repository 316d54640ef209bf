"""Training on an accelerator that keeps all images: one computation an epoch, on JAX.

It trains as `training.train` does, with the model's own step, but its random numbers
are JAX's: the same seed gives other weights. What is compiled for the first seed trains
the others as well.
"""

import time
from collections.abc import Iterator
from typing import NamedTuple

import jax
import keras
import numpy as np
from jax import lax
from jax import numpy as jnp

from vae_utils import pixels, training

SCORED = 1000  # validation images scored at once; they must divide their number


class Trained(NamedTuple):
    """A network after its last epoch.

    Args:
        model: the network; it will be given the weights of the next seed.
        seed: of weights, noise, order and binarisation.
        minutes: of training and validation, an equal share of its group's.
        val_loss: the validation loss after each epoch, in nats.
    """

    model: keras.Model
    seed: int
    minutes: float
    val_loss: list


def train_seeds(configuration, data, seeds, *, at_once=1) -> Iterator[Trained]:
    """Trains the model of a configuration with each seed.

    Args:
        configuration: with dynamic binarisation.
        data: what to train on.
        seeds: of the networks.
        at_once: networks trained side by side, which pays where layers are dense.

    Yields:
        Each network, in the order of seeds.
    """
    if configuration.binarisation != "dynamic":
        raise ValueError(
            "Images are binarised dynamically here. "
            f"Received: binarisation={configuration.binarisation!r}"
        )
    arrays = _put_on_device(data)
    model = training.prepare(configuration, data, seed=seeds[0]).model
    epoch = _make_epoch(model, configuration.batch_size)
    several = _only_one(epoch) if at_once == 1 else jax.vmap(epoch, (0, 0, None))
    several = jax.jit(several, donate_argnums=0)
    for first in range(0, len(seeds), at_once):
        group, losses = seeds[first : first + at_once], []
        states = [_draw_state(configuration, data, seed) for seed in group]
        state = jax.tree.map(lambda *values: jnp.stack(values), *states)
        began = time.monotonic()
        for number in range(configuration.epochs):
            keys = [jax.random.fold_in(jax.random.key(seed), number) for seed in group]
            state, loss = several(state, jnp.stack(keys), arrays)
            losses.append(np.array(loss))
        minutes = (time.monotonic() - began) / 60 / len(group)
        for i, seed in enumerate(group):
            _assign(model, jax.tree.map(lambda values, i=i: values[i], state))
            yield Trained(model, seed, minutes, [float(loss[i]) for loss in losses])


def _only_one(function):
    """Does for one network what `vmap` does for several, and leaves its layers alone.

    Side by side, convolutions become grouped ones, which are slower.
    """

    def call(state, keys, arrays):
        result = function(
            jax.tree.map(lambda values: values[0], state), keys[0], arrays
        )
        return jax.tree.map(lambda values: values[None], result)

    return call


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


def _draw_state(configuration, data, seed) -> dict:
    """Draws the weights of a new model, and the state of its optimiser."""
    model = training.prepare(configuration, data, seed=seed).model
    model.optimizer.build(model.trainable_variables)
    return {
        "weights": [v.value for v in model.trainable_variables],
        "other": [v.value for v in model.non_trainable_variables],
        "optimizer": [v.value for v in model.optimizer.variables],
    }


def _assign(model, state):
    """Gives a model what training has left."""
    variables = {
        "weights": model.trainable_variables,
        "other": model.non_trainable_variables,
    }
    for name, each in variables.items():
        for variable, value in zip(each, state[name], strict=True):
            variable.assign(value)


def _make_epoch(model, batch_size):
    """Makes the function from state, key and arrays to the next state and val_loss."""
    model.optimizer.build(model.trainable_variables)
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

    return epoch
