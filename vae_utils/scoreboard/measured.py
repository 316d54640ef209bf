"""A number of which there may be one for each seed."""

import dataclasses

import numpy as np

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
                f"There must be a value at least. Received: values={self.values!r}"
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


def measured(metrics: dict, key: str) -> Measured | None:
    """Reads a number of a recorded run; None if it was not measured.

    Args:
        metrics: of the run, name → number, or a list with one number per seed.
        key: name of the number.
    """
    if key not in metrics:
        return None
    return Measured(tuple(map(float, np.atleast_1d(metrics[key]))))


def show(value, spec: str = "") -> str:
    """Formats a value of a row for a table; a missing one is an en dash.

    Its spaces do not break: a narrow column would cut a number from its deviation.

    Args:
        value: number, `Measured`, text or None.
        spec: of `format`, such as `".1f"`.
    """
    return MISSING if value is None else format(value, spec).replace(" ", "\u00a0")
