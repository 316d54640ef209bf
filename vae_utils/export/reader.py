"""Loads exported files in a process of their own, and runs their functions.

A program: `reader.py FORMAT FOLDER CASES RESULTS`. It needs nothing of this package,
and makes sure that it gets nothing: what it loads is what a user elsewhere has.
"""

import sys
from pathlib import Path

import numpy as np


def open_keras(folder):
    """Opens Keras files."""
    import keras

    return lambda name, inputs: keras.saving.load_model(folder / f"{name}.keras")(
        inputs
    )


def open_savedmodel(folder):
    """Opens a SavedModel."""
    import tensorflow as tf

    signatures = tf.saved_model.load(str(folder)).signatures
    return lambda name, inputs: signatures[name](
        **{key: tf.constant(value) for key, value in inputs.items()}
    )


def open_onnx(folder):
    """Opens ONNX files."""
    import onnxruntime

    def run(name, inputs):
        path = folder / f"{name}.onnx"
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(None, inputs), strict=True))

    return run


def open_litert(folder):
    """Opens a LiteRT file."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(folder / "model.tflite"))
    return lambda name, inputs: interpreter.get_signature_runner(name)(**inputs)


def main(kind, folder, cases, results):
    """Runs all cases: arrays named `function/case/input`, then the same of outputs."""
    run, inputs, outputs = globals()[f"open_{kind}"](Path(folder)), {}, {}
    with np.load(cases) as saved:
        for key in saved.files:
            name, case, argument = key.split("/")
            inputs.setdefault((name, case), {})[argument] = saved[key]
    for (name, case), given in inputs.items():
        for key, value in run(name, given).items():
            outputs[f"{name}/{case}/{key}"] = np.asarray(value)
    np.savez(results, **outputs)


if __name__ == "__main__":
    sys.modules["vae_utils"] = None  # importing it fails
    main(*sys.argv[1:])
