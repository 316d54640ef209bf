"""The ceiling: the products of weights and values that an epoch needs, and no more.

Forward and backward products of every layer of the network, at the same batch size, in
one compiled JAX loop: no activation, no loss, no randomness, no optimiser.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.training_speed.jax_network import apply_layers, flat, multiply
from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Server, read_task


def make_epoch(network, batch_size):
    """Makes the compiled function of weights and batches to gradients."""
    parts = network.parts
    # Unequal factors: the products of two equal heads would be computed once.
    factors = np.random.default_rng(0).normal(size=(batch_size, network.latent_dim))
    factors = jnp.asarray(factors, jnp.float32)

    def linear(layer, weight, _, x):
        return multiply(layer, weight, x)

    def step(weights, x):
        def forward(weights):
            h = apply_layers(parts["encoder"], weights["encoder"], x, linear)
            pairs = zip(parts["heads"], weights["heads"], strict=True)
            mean, log_var = (linear(layer, *pair, h) for layer, pair in pairs)
            z = mean + factors * log_var
            return flat(apply_layers(parts["decoder"], weights["decoder"], z, linear))

        # What is propagated back depends on the step, or it would leave the loop.
        out, backward = jax.vjp(forward, weights)
        return backward(flat(x))[0], jnp.sum(out[0])

    @jax.jit
    def epoch(weights, gradients, batches):
        return lax.scan(lambda _, x: step(weights, x), gradients, batches)

    return epoch


def main(task):
    """Multiplies whenever the driver asks for it."""
    network, images = NETWORKS[task.network], np.load(task.images)
    server = Server()
    steps = len(images) // task.batch_size
    count = steps * task.batch_size
    batches = jnp.asarray(images[:count], jnp.float32) / 255
    batches = batches.reshape(steps, task.batch_size, *images.shape[1:])
    weights = jax.tree.map(jnp.asarray, network.draw(task.seed))
    gradients = jax.tree.map(jnp.zeros_like, weights)
    epoch = make_epoch(network, task.batch_size)

    def run(_):
        jax.block_until_ready(epoch(weights, gradients, batches))
        return 0.0

    server.announce(parameters=None, versions={"jax": jax.__version__})
    server.serve(run, task, count)


if __name__ == "__main__":
    main(read_task())
