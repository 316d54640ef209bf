"""How many bits numbers have: Keras's settings of a process, held where they count.

The layers of a network may compute in half precision, which is faster on a GPU. Images,
objectives and running means are float32 whatever the settings are: a sum of 784 terms
in half precision is off by whole nats.
"""

import contextlib

import keras
from keras import ops

FLOAT32 = "float32"
SCALED = "float16"  # small gradients are zero in it


@contextlib.contextmanager
def pinned(policy: str | None = None):
    """Holds Keras's settings, whatever the process or `keras.json` says.

    Args:
        policy: dtype policy of layers that are made; None leaves the process's.
    """
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(FLOAT32)
    if policy is not None:
        keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])


def as_float32(values):
    """Casts a tensor to float32; one that is float32 stays as it is."""
    return ops.cast(values, FLOAT32)


def scale_if_needed(optimizer, parts: dict):
    """Makes an optimiser scale the loss where float16 gradients would vanish.

    Args:
        optimizer: of Keras.
        parts: name → layer, of what is trained.

    Returns:
        The optimiser, or one around it.

    Raises:
        ValueError: if the weights themselves are float16, which are not worth training.
    """
    layers = [layer for part in parts.values() for layer in list_layers(part)]
    if any(layer.variable_dtype == SCALED for layer in layers):
        raise ValueError(
            "Weights of float16 are too coarse to be trained: build the networks with "
            "the policy mixed_float16 instead. Received: weights of dtype float16"
        )
    wrapper = keras.optimizers.LossScaleOptimizer
    needed = any(layer.compute_dtype == SCALED for layer in layers)
    if not needed or isinstance(optimizer, wrapper):
        return optimizer
    return wrapper(optimizer)


def list_layers(layer):
    """Yields a layer and those inside it; a network read from a file has no policy."""
    yield layer
    for inner in getattr(layer, "layers", ()):
        yield from list_layers(inner)
