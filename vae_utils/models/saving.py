"""Whether Keras's `save` would write a file that `load_model` can read."""

import inspect

import keras


def check_saveable(model):
    """Raises ValueError if a model cannot be made again from what `save` writes.

    Args:
        model: a `models.base.Trainable`.

    Raises:
        ValueError: if its class takes arguments that `get_config` does not list, or one
            of them cannot be written.
    """
    kind = type(model)
    try:
        listed = keras.saving.serialize_keras_object(model)["config"]
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ValueError(
            f"{kind.__name__} cannot be saved whole, since a part of it has no "
            "get_config; save_weights keeps the weights. "
            f"Received: {str(error).splitlines()[0]}"
        ) from error
    lost = _list_arguments(kind) - set(listed)
    if lost:
        raise ValueError(
            f"{kind.__name__} cannot be saved whole, since its get_config lists too "
            "few of its arguments; save_weights keeps the weights. "
            f"Missing: {', '.join(sorted(lost))}"
        )


def _list_arguments(kind):
    """Names the arguments of a class, those of its parents included."""
    names = set()
    for parent in kind.__mro__:
        if parent is keras.Model:
            break
        for parameter in inspect.signature(parent.__init__).parameters.values():
            if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                names.add(parameter.name)
    return names - {"self"}
