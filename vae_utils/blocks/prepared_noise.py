"""Noise of a block, drawn before it: the same numbers that single steps would draw.

The generator that XLA takes on a CPU by default is thirty times slower than the one
that TensorFlow takes outside it.
"""

import math

import keras
import tensorflow as tf

from vae_utils import noise
from vae_utils.blocks.sizes import to_symbol


def list_requests(model, batch) -> list[noise.Request] | None:
    """Lists the noise that a training step asks for, and that can be drawn before it.

    Args:
        model: a model that is built.
        batch: specification of a batch, with `shape` and `dtype`.

    Returns:
        The requests in their order; None if the model has another generator, whose
        numbers it draws in the step.
    """
    requests = []

    def listen(request):
        if can_prepare(request):
            requests.append(request)

    with noise.asked_from(listen):
        model(keras.tree.map_structure(to_symbol, batch), training=True)
    known = {id(request.seed.state) for request in requests}
    states = (v for v in model.variables if v.name == "seed_generator_state")
    return requests if all(id(state) in known for state in states) else None


def can_prepare(request: noise.Request) -> bool:
    """Tells whether noise can be drawn before the step that asks for it."""
    known = all(isinstance(size, int) for size in request.shape)
    return known and isinstance(request.seed, keras.random.SeedGenerator)


def count_bytes(requests: list[noise.Request]) -> int:
    """Counts the bytes of the noise of one step."""
    return sum(math.prod(r.shape) * tf.as_dtype(r.dtype).size for r in requests)


class Handed:
    """Hands out noise in the order in which it was listed.

    Args:
        requests: what a step asks for.
        drawn: as many tensors.
    """

    def __init__(self, requests: list[noise.Request], drawn):
        self._rest = list(zip(requests, drawn, strict=True))

    def __call__(self, request):
        if not can_prepare(request) or not self._rest or self._rest[0][0] != request:
            return None
        return self._rest.pop(0)[1]


def draw(requests: list[noise.Request], steps: int, count) -> list:
    """Draws the noise of a block, and counts its generators on.

    Args:
        requests: what a step asks for.
        steps: number of steps of a block.
        count: tensor, how many of them are taken.

    Returns:
        For each request a tensor, its first axis of length `steps`.
    """
    drawn = [_draw_for_steps(requests, i, steps) for i in range(len(requests))]
    for generator in {id(r.seed): r.seed for r in requests}.values():
        each = sum(r.seed is generator for r in requests)
        generator.state.assign(_later(generator, each * count))
    return drawn


def _draw_for_steps(requests, index, steps):
    """Draws what `requests[index]` is in each step."""
    request = requests[index]
    generator = request.seed
    each = sum(r.seed is generator for r in requests)
    before = sum(r.seed is generator for r in requests[:index])

    def draw_for_step(step):
        state = _later(generator, each * step + before)
        with keras.StatelessScope([(generator.state, state)]):
            return noise.draw(request)

    return tf.map_fn(draw_for_step, tf.range(steps), fn_output_signature=request.dtype)


def _later(generator, draws):
    """Returns the state of a generator after a number of draws."""
    state = tf.convert_to_tensor(generator.state)
    return state + tf.stack([0, tf.cast(draws, state.dtype)])
