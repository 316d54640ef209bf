"""Describes Functional models as lists of nodes, which JavaScript computes in order.

A node has the name of its class in Keras, its settings, and what it takes: results of
nodes before it, numbers, and places among the weights, which all functions share.
"""

import json

import numpy as np
from keras import ops

from vae_utils.export.javascript.operations import ACTIVATIONS, OPERATIONS

TENSOR, CONSTANTS = "__keras_tensor__", ("__tensor__", "__numpy__")


class Weights:
    """All weights in one row, each once, however many functions have it."""

    def __init__(self):
        self._rows, self._known, self.count = [], {}, 0

    def add(self, values, key=None) -> dict:
        """Adds an array, unless its key is known; returns its place and shape."""
        if key is not None and key in self._known:
            return self._known[key]
        array = np.asarray(values, np.float32)
        place = {"at": self.count, "shape": list(array.shape)}
        self._rows.append(array.ravel())
        self.count += array.size
        if key is not None:
            self._known[key] = place
        return place

    def join(self) -> np.ndarray:
        """Returns all of them, float32."""
        return np.concatenate([np.zeros(0, np.float32), *self._rows])


def describe(function, weights: Weights) -> dict:
    """Describes a function.

    Args:
        function: Functional model with a list of inputs and a dict of outputs.
        weights: to which its weights are added.

    Returns:
        `inputs` with name, shape of one example and dtype; `nodes`; and `outputs`,
        name → [node, number among its results].

    Raises:
        ValueError: if it has a layer, or a setting of one, that JavaScript lacks.
    """
    nodes = [{"op": "Input", "input": tensor.name} for tensor in function.inputs]
    inputs = [[index, 0] for index in range(len(nodes))]
    outputs = _add_model(function, inputs, nodes, weights)
    found = dict(zip(sorted(function.output), outputs, strict=True))
    return {
        "inputs": [
            {"name": t.name, "shape": list(t.shape[1:]), "dtype": t.dtype}
            for t in function.inputs
        ],
        "nodes": nodes,
        "outputs": {name: found[name] for name in function.output},
    }


def _add_model(model, inputs, nodes, weights) -> list:
    """Adds the nodes of a model; returns where its outputs are."""
    config = json.loads(json.dumps(model.get_config()))  # tuples become lists
    made = {}  # (layer, number of its call) → node, or where a model's outputs are
    for history, place in zip(_histories(config["input_layers"]), inputs, strict=True):
        made[history[:2]] = [place]
    pending = [
        (entry, number, call)
        for entry in config["layers"]
        for number, call in enumerate(entry["inbound_nodes"])
    ]
    while pending:
        waiting = []
        for entry, number, call in pending:
            if any(history[:2] not in made for history in _tensors(call["args"])):
                waiting.append((entry, number, call))
                continue
            layer = model.get_layer(entry["name"]) if _has_weights(entry) else None
            made[entry["name"], number] = _add(entry, layer, call, made, nodes, weights)
        pending = waiting
    models = {e["name"] for e in config["layers"] if e["class_name"] == "Functional"}
    return [
        _find((name, call - (name in models), number), made)  # Keras counts a call more
        for name, call, number in _histories(config["output_layers"])
    ]


def _has_weights(entry):
    known = OPERATIONS.get(entry["class_name"])
    return entry["class_name"] == "Functional" or bool(known and known.weights)


def _shape_after(layer, call):
    """Returns the shape of one example's result, which strides alone leave open."""
    (tensor,) = call["args"]
    return [1, *layer.compute_output_shape(tuple(tensor["config"]["shape"]))[1:]]


def _add(entry, layer, call, made, nodes, weights):
    """Adds one call of a layer or operation."""
    if entry["class_name"] == "Functional":
        places = [_find(history, made) for history in _tensors(call["args"])]
        return _add_model(layer, places, nodes, weights)
    operation = _check(entry, call)
    node = {"op": entry["class_name"], "args": _convert(call["args"], made, weights)}
    settings = entry["config"]
    if kept := {n: settings[n] for n in operation.settings if n in settings}:
        node["settings"] = kept
    for name in operation.weights:
        if (variable := getattr(layer, name, None)) is not None:
            place = weights.add(ops.convert_to_numpy(variable), id(variable))
            node.setdefault("weights", {})[name] = place
    if node["op"] == "Conv2DTranspose":
        node["shape"] = _shape_after(layer, call)
    nodes.append(node)
    return len(nodes) - 1


def _check(entry, call):
    """Returns what is known of a layer; raises ValueError if it is not computed."""
    name, settings = entry["class_name"], entry["config"]
    operation = OPERATIONS.get(name)
    lacking = [] if operation else ["none of its kind"]
    if operation:
        for setting, value in operation.only.items():
            if settings.get(setting, value) not in (value, [value]):
                lacking.append(f"{setting}={settings[setting]!r}")
        activation = settings.get("activation") or "linear"
        if "activation" in operation.settings and activation not in ACTIVATIONS:
            lacking.append(f"activation={activation!r}")
        lacking += [f"{k}={v!r}" for k, v in call["kwargs"].items() if v]
    if lacking:
        raise ValueError(
            "The network has a layer that the format js does not compute: leave out "
            f"that format. Received: {name} with {', '.join(lacking)}"
        )
    return operation


def _convert(value, made, weights):
    """Converts an argument: tensors, constants, numbers, indices, and lists of them."""
    if isinstance(value, list):
        return [_convert(each, made, weights) for each in value]
    if not isinstance(value, dict):
        return value
    kind, content = value["class_name"], value["config"]
    if kind == TENSOR:
        return {"from": _find(tuple(content["keras_history"]), made)}
    if kind in CONSTANTS:
        return {"weight": weights.add(content["value"])}
    if kind == "__slice__":
        return {"slice": [content[name] for name in ("start", "stop", "step")]}
    return {"ellipsis": True}


def _find(history, made):
    """Returns [node, number among its results] of a tensor."""
    place = made[history[:2]]
    return place[history[2]] if isinstance(place, list) else [place, history[2]]


def _histories(structure):
    """Lists (layer, call, number) of tensors in the order in which Keras has them."""
    if isinstance(structure, dict):
        return [h for key in sorted(structure) for h in _histories(structure[key])]
    if structure and isinstance(structure[0], str):
        return [tuple(structure)]
    return [history for each in structure for history in _histories(each)]


def _tensors(structure):
    """Lists the same of tensors among arguments."""
    if isinstance(structure, dict):
        if "class_name" not in structure:
            return [h for key in sorted(structure) for h in _tensors(structure[key])]
        tensor = structure["class_name"] == TENSOR
        return [tuple(structure["config"]["keras_history"])] if tensor else []
    if isinstance(structure, list):
        return [history for each in structure for history in _tensors(each)]
    return []
