"""Factors of rendered images: what varies, and which combinations are drawn."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from vae_utils.checks import as_array

SPARE = 2  # combinations drawn for each one wanted, since some look the same


class Factor(NamedTuple):
    """Something that varies from image to image.

    A combination holds, for each factor, the index of one of its values.

    Args:
        name: of the factor.
        values: names or numbers, each of which an image can have.
        unit: of numbers; follows them in `names`.
    """

    name: str
    values: tuple
    unit: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each value."""
        return tuple(f"{value}{self.unit}" for value in self.values)


def check_combinations(combinations, factors: Sequence[Factor]) -> np.ndarray:
    """Checks combinations, and returns them as integers that can be indices.

    Args:
        combinations: integers, shape (n, factors): indices of values.
        factors: what each column stands for.

    Returns:
        Integers, shape (n, factors).

    Raises:
        ValueError: if the shape, the type or a value is invalid.
    """
    rows = as_array(combinations, "Combinations")
    integers = np.issubdtype(rows.dtype, np.integer)
    if rows.ndim != 2 or rows.shape[1] != len(factors) or not integers:
        names = ", ".join(factor.name for factor in factors)
        raise ValueError(
            f"Combinations must be integers of shape (n, {len(factors)}), one column "
            f"each for {names}. Received: shape={rows.shape}, dtype={rows.dtype}"
        )
    for factor, column in zip(factors, rows.T, strict=True):
        last = len(factor.values) - 1
        if len(rows) and not 0 <= column.min() <= column.max() <= last:
            raise ValueError(
                f"Indices of {factor.name} must be 0 … {last}. "
                f"Received: indices from {column.min()} to {column.max()}"
            )
    return rows.astype(np.intp)


def draw_combinations(
    rng: np.random.Generator, count: int, factors: Sequence[Factor]
) -> np.ndarray:
    """Draws combinations at random, each value of a factor with the same probability.

    Args:
        rng: source of randomness.
        count: number of combinations.
        factors: what varies.

    Returns:
        Integers, shape (count, factors).
    """
    columns = [rng.integers(len(factor.values), size=count) for factor in factors]
    return np.stack(columns, axis=1)


def draw_distinct(
    factors: Sequence[Factor], count: int, seed: int, visible: Callable
) -> np.ndarray:
    """Draws combinations that all look different, the same ones on every machine.

    Args:
        factors: what varies, each with at most 256 values.
        count: number of combinations, far fewer than there are.
        seed: of the draw.
        visible: function of combinations that gives those that look the same the same
            row.

    Returns:
        uint8, shape (count, factors).
    """
    sizes = np.array([len(factor.values) for factor in factors], np.uint64)
    # NumPy promises that these raw numbers never change, unlike what it makes of them.
    raw = np.random.PCG64(seed).random_raw((SPARE * count, len(factors)))
    drawn = (raw % sizes).astype(np.uint8)
    _, first = np.unique(visible(drawn), axis=0, return_index=True)
    return drawn[np.sort(first)[:count]]
