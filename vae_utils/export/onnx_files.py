"""ONNX files: one graph a function, converted from TensorFlow's."""

import json
from pathlib import Path

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

from vae_utils import streams

OPSET = 18


def write(functions: dict, metadata: dict, folder: Path):
    """Writes `NAME.onnx` for each function, with the metadata inside.

    Args:
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.
        folder: where to.

    Raises:
        ValueError: if a network has an operation that ONNX lacks.
    """
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in metadata.items()
    }
    for name, function in functions.items():
        model = convert(function)
        model.graph.name = name
        model.producer_name = "vae_utils"
        onnx.helper.set_model_props(model, texts)
        onnx.save(model, folder / f"{name}.onnx")


def convert(function):
    """Converts a Functional model; inputs and outputs have its names and its order.

    Args:
        function: Functional model with named inputs and outputs.

    Returns:
        `onnx.ModelProto`.

    Raises:
        ValueError: if the network has an operation that ONNX lacks.
    """
    specs = [tf.TensorSpec(t.shape, t.dtype, t.name) for t in function.inputs]
    traced = tf.function(
        lambda *tensors: function(list(tensors), training=False),
        input_signature=specs,
        autograph=False,
    )
    with streams.silence():
        model, _ = tf2onnx.convert.from_function(
            traced, specs, OPSET, custom_op_handlers=HANDLERS
        )
    _keep_constants(model, traced.get_concrete_function())
    _pad_outputs(model)
    _order(model.graph.input, [spec.name for spec in specs])
    _order(model.graph.output, list(function.output))
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ValueError(
            "The network has an operation that ONNX lacks: leave out the format onnx. "
            f"Received: {str(error).strip().splitlines()[0]}"
        ) from error
    return model


def _keep_constants(model, traced):
    """Stores tensors that a graph captured, which the conversion takes for inputs."""
    captured = traced.captured_inputs
    places = traced.inputs[len(traced.inputs) - len(captured) :]
    values = {
        place.name: value
        for place, value in zip(places, captured, strict=True)
        if place.dtype != tf.resource
    }
    for entry in [entry for entry in model.graph.input if entry.name in values]:
        model.graph.input.remove(entry)
        value = values[entry.name].numpy()
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, entry.name))


def _pad_outputs(model):
    """Gives transposed convolutions what tf2onnx writes as padding below zero.

    They lead to an image that is larger than their kernels reach. ONNX has a setting
    for that, and forbids such padding, though ONNX Runtime may compute with it.
    """
    for node in model.graph.node:
        found = {attribute.name: attribute for attribute in node.attribute}
        pads = list(found["pads"].ints) if "pads" in found else []
        if node.op_type != "ConvTranspose" or min(pads, default=0) >= 0:
            continue
        over = [max(0, -pad) for pad in pads[len(pads) // 2 :]]
        found["pads"].ints[:] = [max(0, pad) for pad in pads]
        node.attribute.append(onnx.helper.make_attribute("output_padding", over))


def _order(entries, names):
    """Puts inputs or outputs of a graph in order: tf2onnx sorts them by name."""
    found = {entry.name: entry for entry in entries}
    ordered = [
        onnx.ValueInfoProto.FromString(found[n].SerializeToString()) for n in names
    ]
    del entries[:]
    entries.extend(ordered)


def _convert_log1p(graph, node, name, args):
    """Makes log(1 + x) of TensorFlow's Log1p, which tf2onnx does not know."""
    added = graph.make_node("Add", [node.input[0], _one(graph)])
    node.type, node.domain = "Log", ""
    graph.replace_inputs(node, added.output)


def _convert_expm1(graph, node, name, args):
    """Makes exp(x) − 1 of TensorFlow's Expm1, which tf2onnx does not know."""
    raised = graph.make_node("Exp", [node.input[0]])
    node.type, node.domain = "Sub", ""
    graph.replace_inputs(node, [raised.output[0], _one(graph)])


def _one(graph):
    name = tf2onnx.utils.make_name("one")
    return graph.make_const(name, np.ones((), np.float32)).output[0]


HANDLERS = {"Log1p": (_convert_log1p, []), "Expm1": (_convert_expm1, [])}
