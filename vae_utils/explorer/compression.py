"""Compresses a network for a page: rounded weights as text, layer after layer.

How far a weight may be rounded depends on what the layer gets, so images of the bundled
sample pass through the network; each layer gets what the rounded layers before it make.
"""

import numpy as np

from vae_utils import datasets, pixels
from vae_utils.explorer import packing
from vae_utils.explorer.rounding import round_layer
from vae_utils.networks.heads import LOG_VAR_BOUND

HIDDEN_STEP = 0.12  # of a unit's root mean square weight
OUTPUT_STEP = 0.012  # of a logit, where a pixel is ink or not with equal probability
LEAST_DOUBT = 0.02  # of a pixel; one that is never ink counts as if it had it
SMALL = 4000  # weights up to which a layer is kept in float16
SEED = 0
FUNCTIONS = {"linear": lambda v: v, "relu": lambda v: np.maximum(v, 0), "tanh": np.tanh}


def compress(layers: dict, arrays: list, coarseness: float = 1.0) -> dict:
    """Compresses a network.

    Args:
        layers: as `describe_layers` lists them.
        arrays: kernel and bias of each layer in that order.
        coarseness: factor of all steps; twice the step saves about a bit a weight.

    Returns:
        The layers, each with its weights as text; `decompress` reads them.
    """
    pairs = zip(arrays[::2], arrays[1::2], strict=True)
    weights = ((coarseness, kernel, bias) for kernel, bias in pairs)
    x, label = _take_examples(layers["encoder"][0]["inputs"])
    inputs = np.hstack([x, label])
    features, encoder = _compress_stack(inputs, layers["encoder"], weights)
    outputs, heads = {}, []
    for head in layers["heads"]:
        made, (packed,) = _compress_stack(features, [head], weights)
        outputs[head["name"]], heads = made, [*heads, packed]
    z = _draw_codes(outputs)
    codes = np.hstack([z, np.vstack([label, label])])
    _, decoder = _compress_stack(codes, layers["decoder"], weights, is_output=True)
    return {"encoder": encoder, "heads": heads, "decoder": decoder}


def decompress(layers: dict) -> dict[str, list[np.ndarray]]:
    """Reads the weights that a page computes with.

    Args:
        layers: as `compress` returns them.

    Returns:
        For `encoder`, heads included, and `decoder`: kernels and biases, float32, in
        the order in which Keras has them.
    """
    parts = {"encoder": layers["encoder"] + layers["heads"]}
    parts["decoder"] = layers["decoder"]
    return {
        part: [array for layer in stack for array in _read_layer(layer)]
        for part, stack in parts.items()
    }


def _take_examples(inputs):
    """Returns binarised images of the sample, and labels if the network takes them."""
    data = datasets.load("mnist", sample=True)
    x = pixels.binarise(data.x_train, seed=SEED).reshape(len(data.x_train), -1)
    label = np.eye(data.classes)[data.y_train][:, : inputs - x.shape[1]]
    return x.astype(float), label


def _compress_stack(values, stack, weights, is_output=False):
    """Compresses layers; returns what they make of the values, and the layers."""
    packed = []
    for layer in stack:
        coarseness, kernel, bias = next(weights)
        kernel, bias = kernel.astype(float), bias.astype(float)
        last = is_output and layer is stack[-1]
        steps = coarseness * _choose_steps(kernel, bias, values, last)
        packed.append(layer | _compress_layer(kernel, bias, values, steps))
        kernel, bias = _read_layer(packed[-1])
        values = FUNCTIONS[layer["activation"]](values @ kernel + bias)
    return values, packed


def _choose_steps(kernel, bias, values, is_output):
    """Chooses the step of each unit; fine where a pixel is in doubt."""
    if not is_output:
        return HIDDEN_STEP * np.sqrt((kernel**2).mean(axis=0))
    ink = 1 / (1 + np.exp(-np.clip(values @ kernel + bias, -50, 50)))
    doubt = np.sqrt((ink * (1 - ink)).mean(axis=0))
    return OUTPUT_STEP / np.maximum(doubt, LEAST_DOUBT) / np.sqrt((values**2).mean())


def _compress_layer(kernel, bias, values, steps):
    if kernel.size <= SMALL:
        return {
            "halves": packing.write_halves(kernel),
            "bias": packing.write_halves(bias),
        }
    rounded = round_layer(kernel, bias, values, steps)
    return {
        "integers": packing.write_integers(rounded.integers),
        "powers": packing.write_integers(rounded.powers),
        "steps": packing.write_halves(rounded.steps),
        "bias": packing.write_halves(rounded.bias),
    }


def _read_layer(layer):
    """Returns kernel and bias of a compressed layer, float32."""
    shape, bias = (layer["inputs"], layer["units"]), packing.read_halves(layer["bias"])
    if "halves" in layer:
        return packing.read_halves(layer["halves"]).reshape(shape), bias
    integers = packing.read_integers(layer["integers"]).reshape(shape)
    rows = np.float32(2) ** -packing.read_integers(layer["powers"]).astype(np.float32)
    kernel = integers * packing.read_halves(layer["steps"]) * rows[:, None]
    return kernel.astype(np.float32), bias


def _draw_codes(outputs):
    """Draws a code of each image from q(z|x), then as many from all over the plane."""
    rng = np.random.default_rng(SEED)
    z = outputs.get("z", outputs.get("z_mean"))
    anywhere = rng.normal(size=z.shape)
    if "z" in outputs:  # of an autoencoder, which has no prior
        return np.vstack([z, z.mean(axis=0) + z.std(axis=0) * anywhere])
    bounded = LOG_VAR_BOUND * np.tanh(outputs["z_log_var"] / LOG_VAR_BOUND)
    z = z + np.exp(bounded / 2) * rng.normal(size=z.shape)
    return np.vstack([z, anywhere])
