"""Bare JAX: the same step as in `jax_scan`, one call a batch."""

import jax
import jax.numpy as jnp

from benchmarks.training_speed import jax_scan
from benchmarks.training_speed.serving import read_task


def make_epoch(step):
    """Makes the function of state and order, which calls a compiled step again."""
    step = jax.jit(step, donate_argnums=0)

    def epoch(state, order):
        losses = []
        for rows in order:
            state, loss = step(state, rows)
            losses.append(loss)
        return state, jnp.mean(jnp.stack(losses))

    return epoch


if __name__ == "__main__":
    jax_scan.main(read_task(), make_epoch)
