"""Noise of a block, drawn before it: the same numbers that single steps would draw.

The generator that XLA takes on a CPU by default is thirty times slower than the one
that TensorFlow takes outside it.
"""

from typing import NamedTuple

import keras
import tensorflow as tf

from vae_utils import noise


class Draw(NamedTuple):
    """What a step asks for once."""

    shape: tuple[int, ...]
    dtype: str
    generator: keras.random.SeedGenerator

    @classmethod
    def of(cls, shape, dtype, seed) -> "Draw":
        """Makes one of the arguments of `noise.normal`."""
        return cls(tuple(shape), keras.backend.standardize_dtype(dtype), seed)


class Asked:
    """Keeps what `noise.normal` is asked for, and lets it be drawn."""

    def __init__(self):
        self.draws: list[Draw] = []

    @classmethod
    def by(cls, model, batch) -> list[Draw]:
        """Lists the noise that a training step of the model asks for."""
        asked = cls()

        def to_symbol(v):
            return keras.KerasTensor(v.shape, v.dtype.name)

        with noise.asked_from(asked):
            model(keras.tree.map_structure(to_symbol, batch), training=True)
        return asked.draws

    def __call__(self, shape, dtype, seed):
        if can_prepare(shape, seed):
            self.draws.append(Draw.of(shape, dtype, seed))


class Handed:
    """Hands out noise in the order in which it was asked for.

    Args:
        asked: what a step asks for.
        drawn: as many tensors.
    """

    def __init__(self, asked: list[Draw], drawn):
        self._rest = list(zip(asked, drawn, strict=True))

    def __call__(self, shape, dtype, seed):
        if not can_prepare(shape, seed) or not self._rest:
            return None
        asked, drawn = self._rest[0]
        if asked != Draw.of(shape, dtype, seed):
            return None
        del self._rest[0]
        return drawn


def can_prepare(shape, seed) -> bool:
    """Tells whether noise can be drawn before the step that asks for it."""
    known = all(isinstance(size, int) for size in shape)
    return known and isinstance(seed, keras.random.SeedGenerator)


def draw(asked: list[Draw], steps: int, count) -> list:
    """Draws the noise of a block, and counts its generators on.

    Args:
        asked: what a step asks for.
        steps: number of steps of a block.
        count: tensor, how many of them are taken.

    Returns:
        For each draw a tensor, its first axis of length `steps`.
    """
    drawn = [_draw_for_steps(asked, index, steps) for index in range(len(asked))]
    for generator in {id(draw.generator): draw.generator for draw in asked}.values():
        each = sum(draw.generator is generator for draw in asked)
        generator.state.assign(_later(generator, each * count))
    return drawn


def _draw_for_steps(asked, index, steps):
    """Draws what `asked[index]` is in each step."""
    shape, dtype, generator = asked[index]
    each = sum(draw.generator is generator for draw in asked)
    before = sum(draw.generator is generator for draw in asked[:index])

    def draw_for_step(step):
        state = _later(generator, each * step + before)
        with keras.StatelessScope([(generator.state, state)]):
            return keras.random.normal(shape, dtype=dtype, seed=generator)

    return tf.map_fn(draw_for_step, tf.range(steps), fn_output_signature=dtype)


def _later(generator, draws):
    """Returns the state of a generator after a number of draws."""
    state = tf.convert_to_tensor(generator.state)
    return state + tf.stack([0, tf.cast(draws, state.dtype)])
