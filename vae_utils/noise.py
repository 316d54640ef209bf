"""Standard normal noise, drawn where a model asks for it, or before.

A compiled loop of TensorFlow draws random numbers slowly on a CPU. `blocks` therefore
draws before the loop what its steps will ask for, and hands it out here; a model only
says that it wants noise.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import keras
from keras import random


class Request(NamedTuple):
    """What a model asks for.

    Args:
        shape: of the tensor.
        dtype: of the tensor.
        seed: `keras.random.SeedGenerator`, or an int for one fixed draw.
    """

    shape: tuple
    dtype: str
    seed: keras.random.SeedGenerator | int


_sources: list[Callable[[Request], object]] = []


def normal(shape, dtype, seed):
    """Draws standard normal noise, or takes it from a source that has it.

    Args:
        shape: of the noise.
        dtype: of the noise.
        seed: `keras.random.SeedGenerator`, or an int for one fixed draw.

    Returns:
        Tensor of that shape and dtype.
    """
    request = Request(tuple(shape), keras.backend.standardize_dtype(dtype), seed)
    for source in _sources:
        prepared = source(request)
        if prepared is not None:
            return prepared
    return draw(request)


def draw(request: Request):
    """Draws what was asked for, as Keras does."""
    return random.normal(request.shape, dtype=request.dtype, seed=request.seed)


@contextlib.contextmanager
def asked_from(source: Callable[[Request], object]) -> Iterator[None]:
    """Asks a source for noise before it is drawn.

    Args:
        source: function of a request, which returns a tensor, or None to let the noise
            be drawn.
    """
    _sources.append(source)
    try:
        yield
    finally:
        _sources.remove(source)
