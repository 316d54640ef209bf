"""VAEs in bare JAX, several of which train side by side: for a search on a GPU.

They differ in learning rate and seed only, so that their weights have a further, first
axis. All see the same batches, binarised alike, and the same noise.
"""

import functools
import math
import time

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from jax.scipy.special import logsumexp

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7  # of Adam, as in Keras
BOUND = 10.0  # of log-variances, as in `networks.heads`
SCORED = 20  # images whose codes are decoded at a time
ACTIVATIONS = {
    "gelu": functools.partial(jax.nn.gelu, approximate=False),
    "silu": jax.nn.silu,
    "tanh": jnp.tanh,
}


class Network:
    """The functions of a fully connected VAE.

    Args:
        configuration: its sizes and its activation.
        pixels: of an image.
    """

    def __init__(self, configuration, pixels=784):
        c = configuration
        decoder = c.decoder_hidden or c.hidden[::-1]
        self.latent_dim, self.activate = c.latent_dim, ACTIVATIONS[c.activation]
        self.widths = {
            "encoder": (pixels, *c.hidden),
            "mean": (c.hidden[-1], c.latent_dim),
            "log_var": (c.hidden[-1], c.latent_dim),
            "decoder": (c.latent_dim, *decoder, pixels),
        }

    def draw_weights(self, key):
        """Draws Glorot's uniform weights; biases are zero."""
        keys = jax.random.split(key, len(self.widths))
        return {
            name: _draw_layers(key, widths)
            for key, (name, widths) in zip(keys, self.widths.items(), strict=True)
        }

    def encode(self, weights, x):
        """Computes mean and log-variance of q(z|x)."""
        for kernel, bias in weights["encoder"]:
            x = self.activate(x @ kernel + bias)
        (mean,), (raw,) = (
            [x @ kernel + bias for kernel, bias in weights[name]]
            for name in ("mean", "log_var")
        )
        return mean, BOUND * jnp.tanh(raw / BOUND)

    def negative_log_likelihood(self, weights, x, z):
        """Computes −log p(x|z), in nats."""
        *inner, (kernel, bias) = weights["decoder"]
        for hidden in inner:
            z = self.activate(z @ hidden[0] + hidden[1])
        logits = z @ kernel + bias
        return jnp.sum(jax.nn.softplus(logits) - x * logits, axis=-1)

    def loss(self, weights, x, eps):
        """Computes the mean −ELBO, in nats."""
        mean, log_var = self.encode(weights, x)
        z = mean + jnp.exp(0.5 * log_var) * eps
        kl = 0.5 * jnp.sum(mean**2 + jnp.exp(log_var) - 1 - log_var, axis=-1)
        return jnp.mean(self.negative_log_likelihood(weights, x, z) + kl)

    def importance_sampled_nll(self, weights, key, images, samples):
        """Estimates the mean of −log p(x), in nats."""

        def score(arguments):
            x, key = arguments
            mean, log_var = self.encode(weights, x[None])
            eps = jax.random.normal(key, (samples, self.latent_dim))
            z = mean + jnp.exp(0.5 * log_var) * eps
            ratio = 0.5 * jnp.sum(eps**2 + log_var - z**2, axis=-1)  # ln p(z)/q(z)
            log_weights = ratio - self.negative_log_likelihood(weights, x, z)
            return math.log(samples) - logsumexp(log_weights)

        keys = jax.random.split(key, len(images))
        return jnp.mean(lax.map(score, (images, keys), batch_size=SCORED))


def _draw_layers(key, widths):
    """Draws the kernel and the bias of each layer."""
    pairs = list(zip(widths, widths[1:], strict=False))
    keys = jax.random.split(key, len(pairs))
    draw = jax.nn.initializers.glorot_uniform()
    return [
        (draw(key, pair), jnp.zeros(pair[1]))
        for key, pair in zip(keys, pairs, strict=True)
    ]


def find_nll(configuration, pairs, images, validation, samples) -> dict:
    """Trains VAEs of one configuration side by side, and estimates their NLL.

    Args:
        configuration: of all of them, but for its learning rate.
        pairs: learning rate and seed of each.
        images: grey training images, uint8, shape (n, …).
        validation: binarised validation images, float32, shape (n, …).
        samples: draws of z per validation image.

    Returns:
        The NLL of each in nats; the minutes of all; the device, and JAX's version.
    """
    began = time.perf_counter()
    network = Network(configuration)
    images, validation = (x.reshape(len(x), -1) for x in (images, validation))
    lengths = {"batch_size": configuration.batch_size, "epochs": configuration.epochs}
    weights = train(network, images, *zip(*pairs, strict=True), **lengths)
    nll = score(network, weights, validation, samples)
    return {
        "nll": nll.tolist(),
        "minutes": (time.perf_counter() - began) / 60,
        "device": f"{jax.devices()[0].device_kind}, JAX {jax.__version__}",
    }


def train(network, images, rates, seeds, *, batch_size, epochs):
    """Trains a VAE for each pair of learning rate and seed.

    The rates fall to zero along a half cosine, as in `configurations.Schedule`.

    Args:
        network: a `Network`.
        images: grey images, uint8, shape (n, pixels).
        rates: first learning rates.
        seeds: of the initial weights, as many.
        batch_size: images in a batch.
        epochs: number of epochs.

    Returns:
        The weights, with a first axis over pairs.
    """
    steps, images = len(images) // batch_size, jnp.asarray(images)
    step = _make_step(network, images, jnp.array(rates), batch_size, epochs * steps)

    @functools.partial(jax.jit, donate_argnums=0)
    def train_epoch(state, key):
        order = jax.random.permutation(key, len(images))[: steps * batch_size]
        return lax.scan(step, state, order.reshape(steps, batch_size))[0]

    weights = jax.vmap(network.draw_weights)(
        jnp.stack(list(map(jax.random.key, seeds)))
    )
    zeros = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
    state = (weights, *zeros, jnp.float32(0), jax.random.key(0))
    for epoch in range(epochs):
        state = train_epoch(state, jax.random.key(1 + epoch))
    return state[0]


def _make_step(network, images, rates, batch_size, updates):
    """Makes the function of state and rows of a batch to the next state."""

    def update(weights, m, v, rate, x, eps, count):
        g = jax.grad(network.loss)(weights, x, eps)
        m = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA_1), m, g)
        v = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA_2), v, g)
        rate *= 0.5 * (1 + jnp.cos(jnp.pi * (count - 1) / updates))
        rate *= jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        weights = jax.tree.map(
            lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, m, v
        )
        return weights, m, v

    def step(state, rows):
        weights, m, v, count, key = state
        key, draw, noise = jax.random.split(key, 3)
        count = count + 1
        x = images[rows].astype(jnp.float32) / 255
        x = (jax.random.uniform(draw, x.shape) < x).astype(jnp.float32)
        eps = jax.random.normal(noise, (batch_size, network.latent_dim))
        side_by_side = jax.vmap(update, in_axes=(0, 0, 0, 0, None, None, None))
        new = side_by_side(weights, m, v, rates, x, eps, count)
        return (*new, count, key), None

    return step


def score(network, weights, images, samples) -> np.ndarray:
    """Estimates the mean of −log p(x) under each of the VAEs, in nats.

    Args:
        network: a `Network`.
        weights: as `train` returns them.
        images: binarised images, float32, shape (n, pixels).
        samples: draws of z per image.
    """
    key = jax.random.key(0)
    estimate = jax.jit(network.importance_sampled_nll, static_argnums=3)
    count = len(jax.tree.leaves(weights)[0])
    members = (jax.tree.map(lambda v, i=i: v[i], weights) for i in range(count))
    return np.array([float(estimate(m, key, images, samples)) for m in members])
