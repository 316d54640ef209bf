"""Dead units: neurons and filters whose activation never exceeds zero."""

import contextlib

import keras
import numpy as np
from keras import ops

from vae_utils.checks import check_finite
from vae_utils.networks import call_in_batches
from vae_utils.precision import list_layers

#: Layers that are an activation and have no attribute of that name.
_OWN_LAYERS = (
    keras.layers.ELU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ReLU,
)


def find_dead_units(network, inputs, *, batch_size: int = 1000) -> dict:
    """Finds the units whose activation exceeds zero for none of the given inputs.

    A unit of a dense layer is a neuron; one of a convolution is a filter, which is dead
    if its whole map is, for every image. After a ReLU the gradient of a dead unit is
    zero on these inputs, so that training with them cannot revive it. Leaky ReLU, ELU,
    GELU and SiLU exceed zero where their input does: what is found there never fires
    above zero, but still passes small negative values and gradients. Sigmoid and
    softplus are never zero, and have no such units.

    Args:
        network: encoder, decoder or classifier, a Keras model; networks inside it are
            searched, too.
        inputs: what it takes, of n examples: an array, or a dict of arrays. A unit that
            fires on other inputs only counts as dead.
        batch_size: examples handled at a time.

    Returns:
        Name of each layer with an activation, in the order of computation → bools,
        shape (units,), True where dead. A linear layer has no activation.

    Raises:
        ValueError: if no layer has an activation, two have the same name, there are no
            inputs, or an activation is NaN or infinite.

    Source:
        Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network
        acoustic models", section 2.
    """
    layers, largest = _list_activated(network), {}
    with _watch(layers, largest):
        call_in_batches(network, inputs, batch_size)
    for name, values in largest.items():
        check_finite(values, f"The activation of {name}")
    return {name: values <= 0 for name, values in largest.items()}


def _list_activated(network):
    """Lists the layers with an activation, each once."""
    layers = [layer for layer in list_layers(network) if _has_activation(layer)]
    layers = list(dict.fromkeys(layers))
    names = [layer.name for layer in layers]
    if not layers:
        raise ValueError(
            "A network without activations has no dead units. "
            f"Received: network={network.name!r}"
        )
    if len(set(names)) < len(names):
        raise ValueError(
            "Layers with an activation must have different names. "
            f"Received: {', '.join(names)}"
        )
    return layers


def _has_activation(layer):
    if isinstance(layer, _OWN_LAYERS):
        return True
    activation = getattr(layer, "activation", None)
    return activation not in (None, keras.activations.linear)


@contextlib.contextmanager
def _watch(layers, largest):
    """Notes the largest output of each unit while layers are called."""
    for layer in layers:
        layer.call = _note_largest(layer, largest)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call  # the method of its class again


def _note_largest(layer, largest):
    call = layer.call

    def call_and_note(*args, **kwargs):
        outputs = call(*args, **kwargs)
        values = ops.convert_to_numpy(outputs)
        values = values.reshape(-1, values.shape[-1]).max(axis=0)
        before = largest.get(layer.name, values)
        largest[layer.name] = np.maximum(before, values)
        return outputs

    return call_and_note
