"""Batches, put together to blocks."""

import tensorflow as tf


def in_blocks(batches, steps_per_epoch: int, steps: int) -> tf.data.Dataset:
    """Puts batches together to blocks, none of which reaches into another epoch.

    All blocks have the same shape, since a compiled loop takes one shape only: the last
    one of an epoch is filled up with zeros, which nobody looks at.

    Args:
        batches: `tf.data.Dataset` of batches of one shape, epoch after epoch.
        steps_per_epoch: number of batches of an epoch.
        steps: number of batches of a block.

    Returns:
        Dataset of `{"batches": …, "count": int}`: batches with a further, first axis
        of length `steps`, and how many of them are to be trained on.
    """
    spec = batches.element_spec
    per_epoch = -(-steps_per_epoch // steps)
    last = steps_per_epoch - (per_epoch - 1) * steps

    def number(index, batch):
        epoch, step = index // steps_per_epoch, index % steps_per_epoch
        return epoch * per_epoch + step // steps

    def count(block):
        is_last = block % per_epoch == per_epoch - 1
        return tf.where(is_last, tf.cast(last, tf.int64), tf.cast(steps, tf.int64))

    def stack(block, numbered):
        return numbered.map(lambda index, batch: batch).batch(steps).map(fill)

    def fill(block):
        filled = tf.nest.map_structure(lambda v, s: _fill(v, s, steps), block, spec)
        length = tf.shape(tf.nest.flatten(block)[0])[0]
        return {"batches": filled, "count": length}

    blocks = batches.enumerate().group_by_window(number, stack, window_size_func=count)
    options = tf.data.Options()
    options.autotune.enabled = False  # as in `pipeline`
    return blocks.prefetch(1).with_options(options)


def _fill(values, spec, steps):
    """Appends zeros, where there are fewer than `steps` batches."""
    missing = steps - tf.shape(values)[0]
    shape = tf.concat([[missing], spec.shape], axis=0)
    filled = tf.cond(
        missing == 0,
        lambda: values,
        lambda: tf.concat([values, tf.zeros(shape, spec.dtype)], axis=0),
    )
    return tf.ensure_shape(filled, [steps, *spec.shape])
