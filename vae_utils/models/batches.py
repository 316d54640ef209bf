"""What a model is given: images are float32 in [0, 1], and labels are classes."""

import keras
from keras import ops

from vae_utils.checks import check_labels
from vae_utils.pixels import to_unit_interval
from vae_utils.precision import as_float32


def split(batch, *, conditional: bool):
    """Returns images and labels of a batch; None for labels where there are none.

    Args:
        batch: tensor of images, (batch, height, width, channels), or `{"x": images,
            "y": labels}`. Images that are uint8 are scaled to [0, 1].
        conditional: whether the model takes labels.

    Raises:
        ValueError: if labels are missing or too many, or the type of pixels says
            nothing of their range.
    """
    _check_labelled(isinstance(batch, dict), conditional)
    return (scale(batch["x"]), batch["y"]) if conditional else (scale(batch), None)


def _check_labelled(labelled, conditional):
    """Raises ValueError unless there are labels exactly where a model takes them."""
    if labelled != conditional:
        raise ValueError(
            "A batch is {'x': images, 'y': labels} for a model that takes labels, and "
            f"the images alone for others. Received: {'no ' * conditional}labels"
        )


def scale(x):
    """Casts images to float32; those that are uint8 are divided by 255."""
    dtype = keras.backend.standardize_dtype(x.dtype)
    if dtype == "uint8":
        return as_float32(x) / 255.0
    if "float" not in dtype:
        raise ValueError(
            "Images must be uint8 in 0 … 255 or float in [0, 1]. "
            f"Received: dtype={dtype}"
        )
    return as_float32(x)


def check_given(model, given):
    """Checks what `fit`, `evaluate` or `predict` is given, before it is compiled.

    Args:
        model: a `models.base.Trainable`.
        given: arrays, which are checked as a whole, and converted; or batches, such as
            a `tf.data.Dataset`, of which the first is checked.

    Returns:
        What to give to Keras.

    Raises:
        ValueError: if images or labels are not what the model takes.
    """
    if isinstance(given, tuple):  # validation data: (x,) or (x, None)
        return (check_given(model, given[0]), *given[1:])
    if isinstance(given, dict):
        return given | _check_arrays(model, given.get("x"), given.get("y"))
    if hasattr(given, "shape"):
        return _check_arrays(model, given)["x"]
    first = _peek(given)
    if isinstance(first, dict) or hasattr(first, "shape"):
        check_given(model, first)
    return given


def _check_arrays(model, x, y=None):
    _check_labelled(y is not None, model.conditional)
    shape = getattr(model, "image_shape", None)
    checked = {"x": to_unit_interval(_as_numpy(x), shape)}
    if y is not None:
        count = len(checked["x"])
        checked["y"] = check_labels(_as_numpy(y), count, model.classes)
    return checked


def _as_numpy(values):
    """Makes an array of a tensor; what else is given is for the checks that follow."""
    return ops.convert_to_numpy(values) if ops.is_tensor(values) else values


def _peek(batches):
    """Returns the first batch where looking at it takes nothing away; else None."""
    if isinstance(batches, keras.utils.PyDataset):
        return batches[0] if batches.num_batches else None
    if hasattr(batches, "element_spec"):  # a tf.data.Dataset
        return next(iter(batches.take(1)), None)
    return None
