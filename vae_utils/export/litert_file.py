"""A LiteRT file (TensorFlow Lite): one signature per function, weights kept once."""

import json
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils

from vae_utils import streams
from vae_utils.export import saved_model

FILE = "model.tflite"
METADATA = "vae_utils"  # the name of the entry among the file's metadata


def write(functions: dict, metadata: dict, folder: Path):
    """Writes `model.tflite` with a signature for each function.

    Args:
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.
        folder: where to.

    Raises:
        ValueError: if a network has an operation that LiteRT lacks.
    """
    with tempfile.TemporaryDirectory() as scratch:
        saved_model.write(functions, metadata, Path(scratch))
        converter = tf.lite.TFLiteConverter.from_saved_model(
            scratch, signature_keys=list(functions)
        )
        try:
            with streams.silence():
                contents = converter.convert()
        except Exception as error:  # of a class that TensorFlow keeps to itself
            raise ValueError(
                "The network has an operation that LiteRT lacks: leave out the format "
                f"litert. Received: {str(error).strip().splitlines()[0]}"
            ) from error
    (folder / FILE).write_bytes(_add_metadata(contents, metadata))


def _add_metadata(contents, metadata):
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(contents))
    text = json.dumps(metadata, ensure_ascii=False).encode()
    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = np.frombuffer(text, np.uint8)
    entry.name, entry.buffer = METADATA, len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [*(model.metadata or ()), entry]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))
