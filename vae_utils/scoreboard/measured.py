"""A number of which there may be one for each seed."""

import dataclasses

import numpy as np

from vae_utils.runs.studies import Study

MISSING = "–"


@dataclasses.dataclass(frozen=True)
class Measured:
    """A measured number, once or with several seeds.

    Formatted, it is its mean with the standard deviation behind it:
    `f"{measured:.1f}"` gives `97.8 ± 0.4`.

    Args:
        values: one number per seed, at least one.

    Raises:
        ValueError: if there is no value.
    """

    values: tuple[float, ...]

    def __post_init__(self):
        if not self.values:
            raise ValueError(
                f"At least one value is required. Received: values={self.values!r}"
            )

    @property
    def mean(self) -> float:
        """The mean over seeds."""
        return float(np.mean(self.values))

    @property
    def deviation(self) -> float | None:
        """The standard deviation over seeds (n − 1); None of a single number."""
        if len(self.values) < 2:
            return None
        return float(np.std(self.values, ddof=1))

    def __format__(self, spec):
        mean = format(self.mean, spec)
        if self.deviation is None:
            return mean
        return f"{mean} ± {format(self.deviation, spec)}"


def measured(study: Study, name: str) -> Measured | None:
    """Reads a number of each result of a study; None if no result has it.

    Args:
        study: of one model, or with any other results.
        name: of a metric, or `epochs`, `minutes` or `seconds`.
    """
    numbers = [each.numbers for each in study.results]
    values = tuple(float(each[name]) for each in numbers if name in each)
    return Measured(values) if values else None


def show(value, spec: str = "") -> str:
    """Formats a value of a row for a table; a missing one is an en dash.

    Its spaces do not break: a narrow column would cut a number from its deviation.

    Args:
        value: number, `Measured`, text or None.
        spec: of `format`, such as `".1f"`.
    """
    return MISSING if value is None else format(value, spec).replace(" ", "\u00a0")
