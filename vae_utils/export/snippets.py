"""Short programs that call an exported model, for its card: they run as they are."""

import math

#: Format → how its functions are called, as a function `call(function, **inputs)`.
OPENERS = {
    "keras": """\
import keras
import numpy as np


def call(function, **inputs):
    return keras.saving.load_model(f"keras/{function}.keras")(inputs)
""",
    "savedmodel": """\
import numpy as np
import tensorflow as tf

signatures = tf.saved_model.load("savedmodel").signatures


def call(function, **inputs):
    tensors = {name: tf.constant(value) for name, value in inputs.items()}
    return signatures[function](**tensors)
""",
    "onnx": """\
import numpy as np
import onnxruntime


def call(function, **inputs):
    session = onnxruntime.InferenceSession(f"onnx/{function}.onnx")
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, inputs)))
""",
    "litert": """\
import numpy as np
from ai_edge_litert.interpreter import Interpreter

interpreter = Interpreter("litert/model.tflite")


def call(function, **inputs):
    return interpreter.get_signature_runner(function)(**inputs)
""",
}
IN_NODE = 'const model = require("./js/model.js"); // in a page, VAEModel\n'
COMMENTS = {
    "x": "images",
    "y": "their labels",
    "z": "codes",
    "eps": "noise of the code; zeros for the mean code",
    "noise": "noise, from which codes of the prior are made",
}


def write_snippet(kind: str, metadata: dict) -> tuple[str, str]:
    """Writes a program that calls every function of an exported model.

    Args:
        kind: name of the format.
        metadata: as `metadata.describe` returns it.

    Returns:
        The language, and the program; it runs in the folder of the export.
    """
    script = kind == "js"
    value = _value_in_javascript if script else _value_in_python
    lines = [IN_NODE if script else OPENERS[kind], ""][: 1 if script else 2]
    inputs = _collect_inputs(metadata)
    count = metadata["batch_size"] or 1
    for name, described in inputs.items():
        comment = f"{'//' if script else '#'} {COMMENTS[name]}"
        start = f"const {name} = " if script else f"{name} = "
        end = ";" if script else ""
        lines.append(
            f"{start}{value(described, count)}{end}{' ' * (2 - script)}{comment}"
        )
    for name, function in metadata["functions"].items():
        names = [entry["name"] for entry in function["inputs"]]
        outputs = ", ".join(entry["name"] for entry in function["outputs"])
        lines.append(_call(script, name, names, outputs))
    return ("javascript" if script else "python"), "\n".join(lines)


def _collect_inputs(metadata):
    """Returns name → description of every input, where functions agree on it."""
    return {
        entry["name"]: entry
        for function in metadata["functions"].values()
        for entry in function["inputs"]
    }


def _call(script, name, inputs, outputs):
    if script:
        given = ", ".join(inputs)
        return f"console.log(model.{name}({{ {given} }})); // {outputs}"
    given = ", ".join(f"{each}={each}" for each in inputs)
    return f'print(call("{name}", {given}))  # {outputs}'


def _value_in_python(entry, count):
    shape = tuple([count, *entry["shape"]])
    if entry["name"] in ("eps", "noise"):
        return f"np.random.default_rng(0).standard_normal({shape}, np.float32)"
    return f"np.zeros({shape}, np.{entry['dtype']})"


def _value_in_javascript(entry, count):
    kinds = {"uint8": "Uint8Array", "int32": "Int32Array", "float32": "Float32Array"}
    return f"new {kinds[entry['dtype']]}({math.prod([count, *entry['shape']])})"
