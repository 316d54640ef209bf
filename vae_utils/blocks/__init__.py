"""Many training steps in one compiled loop: what makes `fit` fast.

Keras compiles one step, and calls it for each batch. On two cores a quarter of an epoch
of a small network is then not arithmetic: every variable is copied in and out of every
step, and batches come one by one. Here a block of batches is handed to a loop that is
compiled as a whole, with the variables inside it. `Trainable.fit` uses it for batches
whose epochs have a known number of steps, except for convolutions on a CPU, where XLA
is many times slower than what Keras uses; all else of `fit` stays Keras's own.
"""

import contextlib
import importlib
from collections.abc import Iterator

import keras

from vae_utils.blocks import sizes

LOOPS = ("tensorflow", "jax")  # backends that have one
FUNCTIONS = ("train_function", "test_function")


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
    loop, steps, single = None, 1, 1
    if sizes.can_be_blocks(batches, steps_per_epoch, callbacks):
        loop = _find_loop(model, batches)
        single = sizes.choose_single_steps(steps_per_epoch)
    if loop:
        steps, single = sizes.choose_steps(loop.step_bytes, steps_per_epoch), 1
    _set_single_steps(model, single)
    model.block_steps = steps
    if not loop:
        yield batches
        return
    batching = importlib.import_module("vae_utils.blocks.batching")
    with _trained_by(loop, model, steps):
        yield loop.feed(batching.in_blocks(batches, steps_per_epoch, steps))


@contextlib.contextmanager
def _trained_by(loop, model, steps):
    """Gives Keras a loop for its train function, and counts blocks as they are."""
    kept = {name: getattr(model, name) for name in FUNCTIONS}

    def train(*arguments):
        model.steps_per_execution = 1  # of validation, which runs step by step
        return loop(*arguments)

    # Keras reads them when `fit` begins, and makes a function only where there is none.
    model.train_function, model.steps_per_execution = train, steps
    model.test_function = loop.test_function or model.test_function
    try:
        yield
    finally:
        model.steps_per_execution = 1
        for name, function in kept.items():
            setattr(model, name, function)


def _find_loop(model, batches):
    """Returns what trains a model on blocks of such batches; None if nothing does."""
    backend = keras.backend.backend()
    if backend not in LOOPS or model.run_eagerly or keras.distribution.distribution():
        return None
    module = importlib.import_module(f"vae_utils.blocks.{backend}_loop")
    _build(model, batches.element_spec)
    if not module.can_compile(model) or (module.on_cpu() and has_convolutions(model)):
        return None
    key = str(batches.element_spec)
    if key not in model.block_loops:
        model.block_loops[key] = module.make_loop(model, batches.element_spec)
    return model.block_loops[key]


def has_convolutions(network) -> bool:
    """Tells whether a network has convolutions, which XLA computes slowly on a CPU.

    Args:
        network: a model, or a part of one.
    """
    return any(len(weight.shape) > 3 for weight in network.trainable_variables)


def _build(model, batch):
    """Makes all variables, which Keras would do with a block for a batch."""
    if not model.built:
        model(keras.tree.map_structure(sizes.to_symbol, batch))
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def _set_single_steps(model, steps):
    """Sets how many steps Keras runs in a call; what it made for others goes."""
    if model.steps_per_execution != steps:
        model.steps_per_execution = steps
        model.train_function = model.test_function = model.predict_function = None
