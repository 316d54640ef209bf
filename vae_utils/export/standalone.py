"""Makes networks plain: layers of this package become the operations they consist of.

A file that names a class of this package loads only where the package is. What such a
layer computes is made of Keras's operations, which every file can hold.
"""

import keras


def without_own_layers(function: keras.Model) -> keras.Model:
    """Replaces layers that are not Keras's by the operations in their `call`.

    Args:
        function: Functional model.

    Returns:
        The model itself if all its layers are Keras's; or else one that computes the
        same, shares the weights of all other layers, and holds those of the replaced
        ones as constants.
    """
    if all(map(_is_keras, _list_layers(function))):
        return function
    return keras.models.clone_model(
        function,
        clone_function=lambda layer: layer,
        call_function=_call,
        recursive=True,
    )


def _call(layer, *args, **options):
    if _is_keras(layer):
        return layer(*args, **options)
    return layer.call(*args, **options)


def _is_keras(layer):
    return type(layer).__module__.partition(".")[0] == "keras"


def _list_layers(model):
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _list_layers(layer)
