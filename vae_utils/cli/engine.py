"""TensorFlow: imported when it is needed, quietly, on the device asked for."""

import contextlib
import os
import tempfile

from vae_utils import streams
from vae_utils.cli import backend
from vae_utils.cli.errors import UsageError


def start(device: str, *, debug: bool = False):
    """Imports TensorFlow and chooses the device.

    Args:
        device: `"cpu"`, `"gpu"`, or `"auto"` for a GPU if there is one.
        debug: whether to show the messages of TensorFlow.

    Raises:
        UsageError: if a GPU is asked for, and TensorFlow finds none.
    """
    import_quietly(debug=debug)
    with contextlib.nullcontext() if debug else streams.silence():
        import tensorflow as tf

        if device == "cpu":
            tf.config.set_visible_devices([], "GPU")
        gpus = tf.config.list_physical_devices("GPU")
    if device == "gpu" and not gpus:
        raise UsageError("TensorFlow finds no GPU here. Received: --device gpu")


def import_quietly(*, debug: bool = False):
    """Imports TensorFlow without the greetings of its libraries."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read when it is imported
    backend.start()
    if os.path.expanduser("~") == "~":  # no home: TensorFlow would make a folder "~"
        nowhere = os.path.join(tempfile.gettempdir(), ".keras")  # as Keras itself does
        os.environ.setdefault("KERAS_HOME", nowhere)
    with contextlib.nullcontext() if debug else streams.silence():
        import tensorflow  # noqa: F401
