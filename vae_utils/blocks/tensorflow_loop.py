"""The loop on TensorFlow: one XLA computation a block, with the variables inside."""

import keras
import tensorflow as tf

from vae_utils import noise
from vae_utils.blocks.prepared_noise import Asked, Handed, draw
from vae_utils.blocks.shared import compile_once
from vae_utils.precision import list_layers


class Loop:
    """Trains a model a block at a time, in place of Keras's `train_function`.

    Args:
        model: compiled, and built.
    """

    def __init__(self, model):
        self._model = model
        self._runs = {}  # specification of a block → what trains on it

    @staticmethod
    def takes(model) -> bool:
        """Tells whether the model may be compiled.

        Keras does not compile on a machine that has only CPUs, unless told to: single
        steps gain little from it. A loop gains much.
        """
        if model.jit_compile or tf.distribute.has_strategy():
            return model.jit_compile
        devices = {device.device_type for device in tf.config.list_physical_devices()}
        layers = (layer for part in model.parts.values() for layer in list_layers(part))
        allowed = model.automatic_jit and all(layer.supports_jit for layer in layers)
        return allowed and devices == {"CPU"}

    def __call__(self, iterator):
        block = next(iterator)
        key = str(keras.tree.map_structure(lambda v: (v.shape, v.dtype), block))
        if key not in self._runs:
            self._runs[key] = self._compile(**block)
        self._runs[key](**block)
        return self._model.get_metrics_result()

    def _compile(self, batches, count):
        """Makes the function that trains on blocks of this shape."""
        model = self._model
        step_of = keras.tree.map_structure(lambda v: v[0], batches)
        asked = Asked.by(model, step_of)

        @tf.function(autograph=False)
        def prepare(count):
            return draw(asked, len(keras.tree.flatten(batches)[0]), count)

        @tf.function(jit_compile=True, autograph=False)
        def train(batches, prepared, count):
            def step(i):
                batch, drawn = keras.tree.map_structure(
                    lambda v: v[i], (batches, prepared)
                )
                with noise.asked_from(Handed(asked, drawn)):
                    model.train_step(batch)
                return i + 1

            tf.while_loop(lambda i: i < count, step, [tf.constant(0)])

        train = _share(train, batches, prepare(tf.constant(0)), count)
        return lambda batches, count: train(batches, prepare(count), count)


def _share(function, *arguments):
    """Returns what runs a function, compiled by an earlier model if one had the same.

    The program's arguments are those of the function and the variables that it uses.
    """
    own = function.get_concrete_function(*arguments)
    program = function.experimental_get_compiler_ir(*arguments)("hlo_no_metadata")
    compiled = compile_once(program, lambda: own)
    variables = own.captured_inputs

    def run(*arguments):
        compiled.set_external_captures(variables)
        compiled(*arguments)

    return run
