"""The loop on TensorFlow: one XLA computation a block, with the variables inside."""

import keras
import tensorflow as tf

from vae_utils import noise
from vae_utils.blocks import prepared_noise, sizes
from vae_utils.blocks.shared import compile_once
from vae_utils.precision import list_layers


def can_compile(model) -> bool:
    """Tells whether the model may be compiled.

    With CPUs alone, Keras compiles only on request, since a single step gains little by
    it. A loop gains much.
    """
    if model.jit_compile or tf.distribute.has_strategy():
        return model.jit_compile and not tf.distribute.has_strategy()
    layers = (layer for part in model.parts.values() for layer in list_layers(part))
    allowed = model.automatic_jit and all(layer.supports_jit for layer in layers)
    return allowed and on_cpu()


def on_cpu() -> bool:
    """Tells whether models are trained on a CPU."""
    return all(d.device_type == "CPU" for d in tf.config.list_physical_devices())


def make_loop(model, batch) -> "Loop | None":
    """Makes the loop of a model, unless it would draw its noise inside.

    Args:
        model: compiled, and built.
        batch: specification of a batch.
    """
    requests = prepared_noise.list_requests(model, batch)
    return None if requests is None else Loop(model, batch, requests)


class Loop:
    """Trains a model a block at a time, in place of Keras's `train_function`.

    Args:
        model: compiled, and built.
        batch: specification of a batch.
        requests: the noise that a step asks for.

    Attributes:
        step_bytes: what a step needs in a block.
        test_function: for validation; None for Keras's own.
    """

    def __init__(self, model, batch, requests: list[noise.Request]):
        self._model, self._requests = model, requests
        self._runs = {}  # number of steps of a block → what trains on it
        self.test_function = Validation(model)
        self.step_bytes = sizes.count_bytes(batch)
        self.step_bytes += prepared_noise.count_bytes(requests)

    @staticmethod
    def feed(blocks):
        """Returns what Keras's `fit` is given."""
        return blocks

    def __call__(self, iterator):
        block = next(iterator)
        steps = len(keras.tree.flatten(block["batches"])[0])
        if steps not in self._runs:
            self._runs[steps] = self._compile(steps, **block)
        self._runs[steps](**block)
        return self._model.get_metrics_result()

    def _compile(self, steps, batches, count):
        """Makes the function that trains on blocks of so many steps."""
        requests, model = self._requests, self._model

        # A concrete function, for the reason that `Validation` gives.
        @tf.function(autograph=False)
        def draw(count):
            return prepared_noise.draw(requests, steps, count)

        draw = draw.get_concrete_function(count)

        @tf.function(jit_compile=True, autograph=False)
        def train(batches, drawn, count):
            def step(i):
                own = keras.tree.map_structure(lambda v: v[i], (batches, drawn))
                batch, prepared = own
                with noise.asked_from(prepared_noise.Handed(requests, prepared)):
                    model.train_step(batch)
                return i + 1

            tf.while_loop(lambda i: i < count, step, [tf.constant(0)])

        train = _share(train, batches, draw(tf.constant(0)), count)
        return lambda batches, count: train(batches, draw(count), count)


class Validation:
    """Scores a batch, in place of Keras's `test_function`.

    Keras's is compiled for each model, and called once an epoch if the images make one
    batch. TensorFlow counts how often calls compile, and would warn if several models
    were trained for an epoch each. It does not count calls of concrete functions.

    Args:
        model: compiled, and built.
    """

    def __init__(self, model):
        self._step = tf.function(model.test_step, autograph=False)
        self._runs = {}  # specification of a batch → what scores it

    def __call__(self, iterator):
        batch = next(iterator)
        key = str(keras.tree.map_structure(lambda v: (v.shape, v.dtype), batch))
        if key not in self._runs:
            self._runs[key] = self._step.get_concrete_function(batch)
        return self._runs[key](batch)


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
