"""What a metric is: numbers, what a model needs for them, and how they are measured."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Metric:
    """Numbers that are measured together.

    Args:
        measure: function of a `Measurement` that returns name → number.
        needs: abilities that the model must have, keys of `models.abilities.ABILITIES`.
        describe: name → how it is measured, or a function of a `Measurement`.
        applies: function of a `Measurement`: whether the numbers mean anything here.
    """

    measure: Callable
    needs: tuple[str, ...]
    describe: dict | Callable
    applies: Callable = lambda measurement: True
