"""TensorFlow, and Keras's backend: imported when needed, quietly, on the device asked.

TensorFlow makes the batches on every backend, but may be missing where Keras runs on
JAX.
"""

import contextlib
import os
import tempfile

from vae_utils import streams
from vae_utils.cli import backend
from vae_utils.cli.errors import UsageError


def start(device: str, *, debug: bool = False):
    """Imports TensorFlow and Keras's backend, and chooses the device.

    Args:
        device: `"cpu"`, `"gpu"`, or `"auto"` for a GPU if there is one.
        debug: whether to show the messages of TensorFlow.

    Raises:
        UsageError: if a GPU is asked for, and there is none.
    """
    import_quietly(debug=debug)
    with contextlib.nullcontext() if debug else streams.silence():
        import keras

        choose = _choose_in_jax if keras.backend.backend() == "jax" else _choose
        missing = choose(device)
    if device == "gpu" and missing:
        raise UsageError(f"{missing}. Received: --device gpu")


def _choose(device):
    """Chooses the device of TensorFlow; returns a sentence if there is no GPU."""
    import tensorflow as tf

    if device == "cpu":
        tf.config.set_visible_devices([], "GPU")
    found = tf.config.list_physical_devices("GPU")
    return "" if found else "TensorFlow finds no GPU here"


def _choose_in_jax(device):
    """Chooses the device of JAX; returns a sentence if there is no GPU."""
    import jax

    with contextlib.suppress(ModuleNotFoundError):
        import tensorflow as tf

        tf.config.set_visible_devices([], "GPU")  # it only makes batches
    if device == "cpu":
        jax.config.update("jax_platforms", "cpu")
    return "JAX finds no GPU here" if jax.default_backend() == "cpu" else ""


def import_quietly(*, debug: bool = False):
    """Imports TensorFlow, if it is there, without the greetings of its libraries."""
    backend.start()
    if os.path.expanduser("~") == "~":  # no home: TensorFlow would make a folder "~"
        nowhere = os.path.join(tempfile.gettempdir(), ".keras")  # as Keras itself does
        os.environ.setdefault("KERAS_HOME", nowhere)
    with contextlib.nullcontext() if debug else streams.silence():
        try:
            import tensorflow  # noqa: F401
        except ModuleNotFoundError as error:
            _check_another_backend(error)


def _check_another_backend(missing):
    """Raises ModuleNotFoundError if Keras runs on TensorFlow, which is missing."""
    try:
        import keras  # noqa: F401
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "TensorFlow is not installed: pip install tensorflow, or let Keras run on "
            "JAX (pip install jax; KERAS_BACKEND=jax)."
        ) from missing
