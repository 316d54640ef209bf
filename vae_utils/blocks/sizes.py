"""How many steps a block has: as many as fit a number of bytes."""

import math

import keras

#: Of the batches of one block and their noise. About three blocks are in memory at a
#: time: the one that is trained on, one that waits, one that is being filled.
BLOCK_BYTES = 64 * 2**20
HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")


def can_be_blocks(batches, steps_per_epoch, callbacks) -> bool:
    """Tells whether batches can be put together to blocks.

    Args:
        batches: what `fit` is given.
        steps_per_epoch: as for `fit`.
        callbacks: as for `fit`.

    Returns:
        False where batches vary in size, the number of steps is not known, or a
        callback wants to see each batch.
    """
    if not steps_per_epoch or any(map(wants_batches, callbacks or ())):
        return False
    spec = getattr(batches, "element_spec", None)  # a tf.data.Dataset has it
    parts = keras.tree.flatten(spec)
    return spec is not None and all(part.shape.is_fully_defined() for part in parts)


def choose_steps(step_bytes: int, steps_per_epoch: int) -> int:
    """Chooses how many steps are trained in one compiled loop.

    Blocks of an epoch are as even as can be; the last one may have fewer steps.

    Args:
        step_bytes: what a step needs in a block.
        steps_per_epoch: number of steps of an epoch.
    """
    most = max(1, BLOCK_BYTES // step_bytes)
    return math.ceil(steps_per_epoch / math.ceil(steps_per_epoch / most))


def choose_single_steps(steps_per_epoch: int, most: int = 64) -> int:
    """Chooses how many steps Keras's own loop runs in one call.

    They must divide the steps of an epoch, or Keras runs past its end. And an epoch
    should have eight calls: TensorFlow counts compilations among its last calls, over
    all models of a process, and would warn of several short training runs in a row.

    Returns:
        The largest divisor up to `most` that leaves eight calls, or else 1.
    """
    most = max(1, min(most, steps_per_epoch // 8))
    return max(n for n in range(1, most + 1) if steps_per_epoch % n == 0)


def count_bytes(parts) -> int:
    """Counts the bytes of tensors.

    Args:
        parts: nested specifications, each with `shape` and a `dtype` of TensorFlow.
    """
    parts = keras.tree.flatten(parts)
    return sum(math.prod(part.shape) * part.dtype.size for part in parts)


def to_symbol(part) -> keras.KerasTensor:
    """Makes a symbol of a specification, for a model to be called with."""
    return keras.KerasTensor(part.shape, part.dtype.name)


def wants_batches(callback) -> bool:
    """Tells whether a callback does something at each batch, and needs each of them.

    One for which the last batch of a block is enough says so: `takes_blocks = True`.
    """
    if getattr(callback, "takes_blocks", False):
        return False
    base = keras.callbacks.Callback
    own = (getattr(callback, hook) for hook in HOOKS)
    inherited = (getattr(base, hook) for hook in HOOKS)
    return any(
        getattr(method, "__func__", method) is not default
        for method, default in zip(own, inherited, strict=True)
    )
