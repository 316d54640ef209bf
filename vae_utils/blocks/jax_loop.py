"""The loop on JAX: one XLA computation a block, with the variables inside."""

import jax
import keras
import numpy as np
from jax import lax
from jax import numpy as jnp

from vae_utils.blocks import sizes
from vae_utils.blocks.shared import compile_once


def can_compile(model) -> bool:
    """Tells whether the model may be compiled."""
    return model.jit_compile


def on_cpu() -> bool:
    """Tells whether models are trained on a CPU."""
    return jax.default_backend() == "cpu"


def make_loop(model, batch) -> "Loop":
    """Makes the loop of a model.

    Args:
        model: compiled, and built.
        batch: specification of a batch.
    """
    return Loop(model, batch)


class Loop:
    """Trains a model a block at a time, in place of Keras's `train_function`.

    Args:
        model: compiled, and built.
        batch: specification of a batch.

    Attributes:
        step_bytes: what a step needs in a block.
        test_function: for validation; None for Keras's own.
    """

    test_function = None

    def __init__(self, model, batch):
        self._model = model
        self._runs = {}  # number of steps of a block → what trains on it
        self.step_bytes = sizes.count_bytes(batch)

    @staticmethod
    def feed(blocks):
        """Yields what Keras's `fit` is given: blocks of TensorFlow's, not copied.

        `numpy()` would copy them, and JAX once more, since NumPy aligns less than it
        asks for.
        """
        for block in blocks:
            yield (keras.tree.map_structure(_share_memory, block),)

    def __call__(self, state, iterator):
        (block,) = next(iterator)
        steps = len(keras.tree.flatten(block["batches"])[0])
        arguments = state, block["batches"], block["count"]
        if steps not in self._runs:
            lowered = jax.jit(self._train, donate_argnums=0).lower(*arguments)
            self._runs[steps] = compile_once(lowered.as_text(), lowered.compile)
        return self._runs[steps](*arguments)

    def _train(self, state, batches, count):
        """Trains on the first `count` batches, and returns the last step's report."""
        step = self._model.train_step

        def one_step(i, reported):
            batch = keras.tree.map_structure(lambda v: v[i], batches)
            return step(reported[1], batch)

        report, _ = jax.eval_shape(lambda: one_step(0, (None, state)))
        report = jax.tree.map(lambda v: jnp.zeros(v.shape, v.dtype), report)
        return lax.fori_loop(0, count, one_step, (report, state))


def _share_memory(tensor) -> np.ndarray:
    """Makes an array of a tensor's memory, which stays in use as long as the array."""
    values = np.frombuffer(tensor, dtype=tensor.dtype.as_numpy_dtype)
    return values.reshape(tensor.shape)
