"""Standard normal noise, drawn where it is asked for, or taken from what is prepared.

A compiled loop of TensorFlow draws random numbers slowly on a CPU. `blocks` therefore
draws before the loop what its steps will ask for, and hands it out here; a model only
says that it wants noise.
"""

import contextlib
from collections.abc import Callable, Iterator

from keras import random

_sources: list[Callable] = []


def normal(shape, dtype, seed):
    """Draws standard normal noise.

    Args:
        shape: of the noise.
        dtype: of the noise.
        seed: `keras.random.SeedGenerator`, or an int for one fixed draw.

    Returns:
        Tensor of that shape and dtype.
    """
    for source in _sources:
        prepared = source(shape, dtype, seed)
        if prepared is not None:
            return prepared
    return random.normal(shape, dtype=dtype, seed=seed)


@contextlib.contextmanager
def asked_from(source: Callable) -> Iterator[None]:
    """Asks a source before noise is drawn.

    Args:
        source: function of the arguments of `normal`, which returns a tensor, or None
            to let the noise be drawn.
    """
    _sources.append(source)
    try:
        yield
    finally:
        _sources.remove(source)
