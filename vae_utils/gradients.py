"""Gradients on every backend: Keras has no function for them."""

import importlib

import keras


def value_and_gradient(function, z):
    """Computes a function and the gradient of the sum of its values.

    Args:
        function: from one tensor to another, with operations of Keras.
        z: where to compute it, a tensor of float32.

    Returns:
        The values, and their gradient, of the shape of `z`.

    Raises:
        ValueError: if the backend is neither TensorFlow nor JAX.
    """
    backend = keras.backend.backend()
    if backend not in _FUNCTIONS:
        raise ValueError(
            f"Gradients need one of the backends {', '.join(_FUNCTIONS)}. "
            f"Received: backend={backend!r}"
        )
    return _FUNCTIONS[backend](function, z)


def _on_tensorflow(function, z):
    tensorflow = importlib.import_module("tensorflow")
    with tensorflow.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(z)
        values = function(z)
    return values, tape.gradient(values, z)


def _on_jax(function, z):
    values, pull = importlib.import_module("jax").vjp(function, z)
    return values, pull(keras.ops.ones_like(values))[0]


_FUNCTIONS = {"tensorflow": _on_tensorflow, "jax": _on_jax}
