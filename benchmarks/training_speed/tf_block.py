"""Bare TensorFlow: blocks of steps, each block one XLA loop."""

import numpy as np
import tensorflow as tf

from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Server, read_task

RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7  # of Adam, as in Keras
BOUND = 10.0  # of log-variances, as in this book
MOST_STEPS = 150  # of a block; three blocks of 143 are an epoch of MNIST


def choose_block(steps: int) -> int:
    """Chooses the largest divisor of the steps of an epoch that a block can have."""
    return max(size for size in range(1, MOST_STEPS + 1) if steps % size == 0)


def affine(layer, weight, bias, x):
    """Applies a layer without its activation."""
    x = tf.reshape(x, (-1, *layer.before))
    if layer.kind == "dense":
        return x @ weight + bias
    strides = layer.stride
    if layer.kind == "conv":
        return tf.nn.conv2d(x, weight, strides, "SAME") + bias
    # TensorFlow's order is (height, width, out, in).
    weight = tf.transpose(weight, (0, 1, 3, 2))
    shape = (len(x), *layer.after)
    return tf.nn.conv2d_transpose(x, weight, shape, strides, "SAME") + bias


def compute_loss(parts, weights, x, eps):
    """Computes the mean −ELBO of a batch, in nats."""
    h = x
    for layer, pair in zip(parts["encoder"], weights["encoder"], strict=True):
        h = tf.nn.relu(affine(layer, *pair, h))
    pairs = zip(parts["heads"], weights["heads"], strict=True)
    mean, raw = (affine(layer, *pair, h) for layer, pair in pairs)
    log_var = BOUND * tf.tanh(raw / BOUND)
    z = mean + tf.exp(0.5 * log_var) * eps
    *inner, last = zip(parts["decoder"], weights["decoder"], strict=True)
    for layer, pair in inner:
        z = tf.nn.relu(affine(layer, *pair, z))
    logits = tf.reshape(affine(last[0], *last[1], z), x.shape)
    per_pixel = tf.nn.sigmoid_cross_entropy_with_logits(x, logits)
    nll = tf.reduce_sum(per_pixel, axis=-1)
    kl = 0.5 * tf.reduce_sum(mean**2 + tf.exp(log_var) - 1 - log_var, axis=-1)
    return tf.reduce_mean(nll + kl)


def make_block(parts, weights, size):
    """Makes the compiled function of images and noise to the sum of losses."""
    variables = tf.nest.flatten(weights)
    m, v = ([tf.Variable(tf.zeros_like(w)) for w in variables] for _ in range(2))
    count = tf.Variable(0.0)

    @tf.function(jit_compile=True)
    def block(x, eps):
        total = tf.constant(0.0)
        for i in tf.range(size):
            with tf.GradientTape() as tape:
                loss = compute_loss(parts, weights, x[i], eps[i])
            gradients = tape.gradient(loss, variables)
            count.assign_add(1.0)
            rate = RATE * tf.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
            for w, first, second, g in zip(variables, m, v, gradients, strict=True):
                first.assign_add((g - first) * (1 - BETA_1))
                second.assign_add((g * g - second) * (1 - BETA_2))
                w.assign_sub(rate * first / (tf.sqrt(second) + EPSILON))
            total += loss
        return total

    return block


def make_draw(images, latent_dim, seed):
    """Makes the function of order and block to images and noise.

    Numbers are drawn outside XLA, where TensorFlow draws them far faster on a CPU.
    """
    pixels = tf.constant(images.reshape(len(images), -1))

    @tf.function
    def draw(order, number):
        size, batch = order.shape
        x = tf.cast(tf.gather(pixels, order), tf.float32) / 255

        def binarise(pair):
            step, grey = pair
            key = tf.stack([seed, 2 * (number * size + step)])
            u = tf.random.stateless_uniform(grey.shape, key)
            return tf.cast(u < grey, tf.float32)

        pairs = tf.range(size), x
        x = tf.map_fn(binarise, pairs, fn_output_signature=tf.float32)
        shape, key = (size, batch, latent_dim), tf.stack([seed, 2 * number + 1])
        return x, tf.random.stateless_normal(shape, key)

    return draw


def main(task):
    """Trains an epoch whenever the driver asks for one."""
    network, images = NETWORKS[task.network], np.load(task.images)
    server = Server()
    steps = len(images) // task.batch_size
    size = choose_block(steps)
    weights = tf.nest.map_structure(tf.Variable, network.draw(task.seed))
    block = make_block(network.parts, weights, size)
    draw = make_draw(images, network.latent_dim, task.seed)
    rng = np.random.default_rng(task.seed)
    blocks = steps // size

    def run(epoch):
        order = rng.permutation(len(images))[: steps * task.batch_size]
        order = order.reshape(blocks, size, -1).astype(np.int32)
        first, total = epoch * blocks, 0.0
        for number, rows in enumerate(order):
            total += block(*draw(tf.constant(rows), tf.constant(first + number)))
        return float(total) / steps

    parameters = sum(int(tf.size(w)) for w in tf.nest.flatten(weights))
    server.announce(parameters=parameters, versions={"tensorflow": tf.__version__})
    server.serve(run, task, steps * task.batch_size)


if __name__ == "__main__":
    main(read_task())
