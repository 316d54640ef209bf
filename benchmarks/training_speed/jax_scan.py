"""Bare JAX: one compiled scan over the whole epoch."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.training_speed.jax_network import (
    activated,
    affine,
    apply_layers,
    flat,
)
from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Server, read_task

RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7  # of Adam, as in Keras
BOUND = 10.0  # of log-variances, as in this book


def make_loss(parts):
    """Makes the function of weights, images and noise to the mean −ELBO."""

    def loss(weights, x, eps):
        h = apply_layers(parts["encoder"], weights["encoder"], x, activated)
        pairs = zip(parts["heads"], weights["heads"], strict=True)
        mean, raw = (affine(layer, *pair, h) for layer, pair in pairs)
        log_var = BOUND * jnp.tanh(raw / BOUND)
        z = mean + jnp.exp(0.5 * log_var) * eps
        *inner, last = zip(parts["decoder"], weights["decoder"], strict=True)
        for layer, pair in inner:
            z = activated(layer, *pair, z)
        logits = flat(affine(last[0], *last[1], z))
        # As fast as it gets: `jax.nn.softplus` also looks for NaN.
        softplus = jnp.maximum(logits, 0) + jnp.log1p(jnp.exp(-jnp.abs(logits)))
        nll = jnp.sum(softplus - flat(x) * logits, axis=-1)
        kl = 0.5 * jnp.sum(mean**2 + jnp.exp(log_var) - 1 - log_var, axis=-1)
        return jnp.mean(nll + kl)

    return loss


def make_step(network, images, batch_size):
    """Makes the function of state and rows of a batch to the new state and the loss."""
    gradient = jax.value_and_grad(make_loss(network.parts))

    def step(state, rows):
        weights, m, v, count, key = state
        key, draw, noise = jax.random.split(key, 3)
        x = images[rows].astype(jnp.float32) / 255
        x = (jax.random.uniform(draw, x.shape) < x).astype(jnp.float32)
        eps = jax.random.normal(noise, (batch_size, network.latent_dim))
        loss, g = gradient(weights, x, eps)
        count = count + 1
        rate = RATE * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        m = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA_1), m, g)
        v = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA_2), v, g)
        weights = jax.tree.map(
            lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, m, v
        )
        return (weights, m, v, count, key), loss

    return step


def make_epoch(step):
    """Makes the compiled function of state and order, which runs a whole epoch."""

    def epoch(state, order):
        state, losses = lax.scan(step, state, order)
        return state, jnp.mean(losses)

    return jax.jit(epoch, donate_argnums=0)


def main(task, make_epoch=make_epoch):
    """Trains an epoch whenever the driver asks for one.

    Args:
        task: a `serving.Task`.
        make_epoch: function of a step that makes that of state and order.
    """
    network, images = NETWORKS[task.network], np.load(task.images)
    server = Server()
    steps = len(images) // task.batch_size
    epoch = make_epoch(make_step(network, jnp.asarray(images), task.batch_size))
    weights = jax.tree.map(jnp.asarray, network.draw(task.seed))
    zeros = [jax.tree.map(jnp.zeros_like, weights) for _ in range(2)]
    state = weights, *zeros, jnp.float32(0), jax.random.key(task.seed)
    rng = np.random.default_rng(task.seed)

    def run(_):
        nonlocal state
        order = rng.permutation(len(images))[: steps * task.batch_size]
        state, loss = epoch(state, jnp.asarray(order.reshape(steps, -1)))
        return float(loss)

    parameters = sum(array.size for array in jax.tree.leaves(weights))
    server.announce(parameters=parameters, versions={"jax": jax.__version__})
    server.serve(run, task, steps * task.batch_size)


if __name__ == "__main__":
    main(read_task())
