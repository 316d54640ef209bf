"""Normalisation over groups of channels: fast on a CPU, the same in every process."""

import keras
from keras import ops

from vae_utils.precision import as_float32
from vae_utils.serialization import register

EPSILON = 1e-5  # added to variances


@register
class GroupNorm(keras.layers.Layer):
    """Gives the values of each group of channels mean 0 and variance 1, image by image.

    It computes what `keras.layers.GroupNormalization` does, then scales and shifts each
    channel by trained numbers. Means are taken over pixels first, and what remains is
    one multiplication and one addition a value: on a CPU that is what takes time. And
    no tensor is used more than twice, since TensorFlow adds more than two gradients of
    one in an order that differs from process to process.

    Args:
        groups: number of groups, which divides the number of channels.

    Source:
        Wu and He (2018), https://arxiv.org/abs/1803.08494.
    """

    def __init__(self, groups: int, **kwargs):
        super().__init__(**kwargs)
        self.groups = groups

    def build(self, shape):
        channels = shape[-1:]
        self.gamma = self.add_weight(name="gamma", shape=channels, initializer="ones")
        self.beta = self.add_weight(name="beta", shape=channels, initializer="zeros")

    def call(self, x):
        mean, variance = self._moments(ops.copy(x))
        factor = ops.rsqrt(variance + EPSILON) * self._in_groups(self.gamma)
        # Not an array minus a symbolic tensor, which export gives: JAX refuses that.
        offset = ops.subtract(self._in_groups(self.beta), mean * factor)
        channels = (-1, 1, 1, x.shape[-1])
        factor, offset = (
            ops.cast(ops.reshape(each, channels), x.dtype) for each in (factor, offset)
        )
        return x * factor + offset

    def _moments(self, x):
        """Computes mean and variance of each group, (batch, groups, 1)."""
        x = as_float32(x)
        means = self._mean_of_groups(x)
        squares = self._mean_of_groups(ops.square(x))
        return means, ops.maximum(squares - ops.square(ops.copy(means)), 0.0)

    def _mean_of_groups(self, x):
        means = ops.mean(x, axis=(1, 2))
        groups = ops.reshape(means, (-1, self.groups, x.shape[-1] // self.groups))
        return ops.mean(groups, axis=2, keepdims=True)

    def _in_groups(self, weight):
        return ops.reshape(as_float32(weight), (1, self.groups, -1))

    def get_config(self):
        return super().get_config() | {"groups": self.groups}
