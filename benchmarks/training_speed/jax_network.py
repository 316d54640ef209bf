"""The networks in bare JAX."""

import math

import jax
from jax import lax

LAYOUT = ("NHWC", "HWIO", "NHWC")


def multiply(layer, weight, x):
    """Applies the linear map of a layer, without its bias.

    Args:
        layer: a `networks.Layer`.
        weight: array of its `shape`.
        x: any shape that has `layer.before` values for each example.
    """
    x = x.reshape(-1, *layer.before)
    if layer.kind == "dense":
        return x @ weight
    strides = layer.stride, layer.stride
    if layer.kind == "conv":
        return lax.conv_general_dilated(
            x, weight, strides, "SAME", dimension_numbers=LAYOUT
        )
    return lax.conv_transpose(x, weight, strides, "SAME", dimension_numbers=LAYOUT)


def apply_layers(layers, weights, x, apply_one):
    """Applies layers one after the other.

    Args:
        layers: list of `networks.Layer`.
        weights: list of (weight, bias).
        x: input.
        apply_one: function of layer, weight, bias, input.
    """
    for layer, (weight, bias) in zip(layers, weights, strict=True):
        x = apply_one(layer, weight, bias, x)
    return x


def affine(layer, weight, bias, x):
    """Applies a layer without its activation."""
    return multiply(layer, weight, x) + bias


def activated(layer, weight, bias, x):
    """Applies a layer and relu."""
    return jax.nn.relu(affine(layer, weight, bias, x))


def flat(x):
    """Flattens each example."""
    return x.reshape(len(x), math.prod(x.shape[1:]))
