"""How many steps a block has: as many as fit a number of bytes."""

import math

import keras

#: Of the batches of one block. About three blocks are in memory at a time: the one
#: that is trained on, one that waits, one that is being filled.
BLOCK_BYTES = 32 * 2**20
HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")


def choose_steps(batches, steps_per_epoch, callbacks) -> int:
    """Chooses how many steps of an epoch are trained in one compiled loop.

    Args:
        batches: what `fit` is given.
        steps_per_epoch: as for `fit`.
        callbacks: as for `fit`.

    Returns:
        The number of steps; 1 where there is nothing to gain, or where a block cannot
        be made: batches of varying size, an unknown number of steps, a callback that
        wants to see each batch.
    """
    size = count_bytes(batches)
    if not size or not steps_per_epoch or any(map(wants_batches, callbacks or ())):
        return 1
    return even_steps(steps_per_epoch, max(1, BLOCK_BYTES // size))


def even_steps(steps_per_epoch: int, most: int) -> int:
    """Divides the steps of an epoch into blocks of at most `most`, as even as can be.

    Returns:
        The steps of a block; the last one of an epoch may have fewer.
    """
    return math.ceil(steps_per_epoch / math.ceil(steps_per_epoch / most))


def count_bytes(batches) -> int:
    """Counts the bytes of a batch; 0 if they vary, or these are not batches."""
    spec = getattr(batches, "element_spec", None)  # a tf.data.Dataset has it
    parts = keras.tree.flatten(spec)
    if spec is None or not all(part.shape.is_fully_defined() for part in parts):
        return 0
    return sum(part.shape.num_elements() * part.dtype.size for part in parts)


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
