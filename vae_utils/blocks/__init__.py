"""Many training steps in one compiled loop: what makes `fit` fast.

Keras compiles one step, and calls it for each batch. On two cores a quarter of an epoch
of a small network is then not arithmetic: every variable is copied in and out of every
step, and batches come one by one. Here a block of batches is handed to a loop that is
compiled as a whole, with the variables inside it. `Trainable.fit` uses it for batches
whose epochs have a known number of steps; all else of `fit` stays Keras's own.
"""

import contextlib
import importlib
from collections.abc import Iterator

import keras

from vae_utils.blocks.sizes import choose_steps

LOOPS = ("tensorflow", "jax")  # backends that have one


@contextlib.contextmanager
def in_blocks(model, batches, *, steps_per_epoch, callbacks) -> Iterator:
    """Makes Keras's `fit` train a model in blocks, where that is possible.

    Args:
        model: a compiled `models.base.Trainable`.
        batches: what `fit` is given.
        steps_per_epoch: as for `fit`.
        callbacks: as for `fit`; one that wants to see every batch gets every batch, in
            Keras's own, slower loop.

    Yields:
        What to give to Keras's `fit` in place of `batches`.
    """
    if not model.automatic_steps:
        yield batches
        return
    loop = _load_loop(model)
    steps = choose_steps(batches, steps_per_epoch, callbacks) if loop else 1
    _set_steps(model, steps)
    if steps == 1:
        yield batches
        return
    _build(model, batches)
    if model.block_loop is None:
        model.block_loop = loop(model)
    batching = importlib.import_module("vae_utils.blocks.batching")
    # Keras makes a function for single steps only where there is none.
    single, model.train_function = model.train_function, model.block_loop
    try:
        yield batching.in_blocks(batches, steps_per_epoch, steps)
    finally:
        model.train_function = single


def _load_loop(model):
    """Returns the class of the backend's loop; None if the model cannot use it."""
    backend = keras.backend.backend()
    if backend not in LOOPS or model.run_eagerly or keras.distribution.distribution():
        return None
    loop = importlib.import_module(f"vae_utils.blocks.{backend}_loop").Loop
    return loop if loop.takes(model) else None


def _set_steps(model, steps):
    """Sets what Keras counts as one execution; what it compiled for another goes."""
    if model.steps_per_execution != steps:
        model.steps_per_execution = steps
        model.train_function = model.test_function = model.predict_function = None


def _build(model, batches):
    """Makes all variables, which Keras would do with a block for a batch."""
    if not model.built:
        spec = keras.tree.map_structure(
            lambda v: keras.KerasTensor(v.shape, v.dtype.name), batches.element_spec
        )
        model(spec)
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
