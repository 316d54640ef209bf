"""A TensorFlow SavedModel: one signature per function, all with the same weights."""

import json
from pathlib import Path

import keras

METADATA = Path("assets.extra") / "vae_utils.json"  # a folder that TensorFlow leaves


def write(functions: dict, metadata: dict, folder: Path):
    """Writes a SavedModel with a signature for each function.

    Args:
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.
        folder: where to.
    """
    archive = keras.export.ExportArchive()
    for name, function in functions.items():
        inputs = {
            tensor.name: keras.InputSpec(tensor.dtype, tensor.shape, name=tensor.name)
            for tensor in function.inputs
        }
        archive.add_endpoint(name, _in_inference(function), [inputs])
    archive.write_out(folder, verbose=False)
    path = folder / METADATA
    path.parent.mkdir()
    path.write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")


def _in_inference(function):
    """Makes a function of a dict of tensors that never trains."""
    return lambda batch: function(batch, training=False)
