"""How fast training is: the record that `benchmarks.training_speed` writes.

Every variant trained an epoch in turn with the others. Its first epoch compiles; the
*rounds* are those after it. Ratios are taken within a round, since the machine is as
busy for one variant as for the next.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np
from tabulate import tabulate

FILE = Path(__file__).parent / "recorded" / "training_speed.json"
MISSING = "–"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant:
    """One way to train a network.

    Args:
        name: such as `"jax_scan"`.
        label: its name in tables and figures.
        versions: package → version.
        preparation: seconds from the imports to the first epoch.
        memory: largest resident memory of its process, in megabytes.
        epochs: for each epoch, the first included, `wall` and `cpu` seconds, the mean
            `loss` in nats per image, and the number of `images`.
    """

    name: str
    label: str
    versions: dict
    preparation: float
    memory: float
    epochs: tuple[dict, ...]

    def rounds(self, key: str) -> np.ndarray:
        """Returns a number of each round: `wall`, `cpu`, `loss` or `images`."""
        return np.array([epoch[key] for epoch in self.epochs[1:]])

    @property
    def rates(self) -> np.ndarray:
        """Images per second of each round."""
        return self.rounds("images") / self.rounds("wall")

    @property
    def start(self) -> float:
        """Seconds of preparation, and what the first epoch took longer than others."""
        longer = self.epochs[0]["wall"] - np.median(self.rounds("wall"))
        return self.preparation + max(0.0, float(longer))

    @property
    def seconds_per_image(self) -> np.ndarray:
        """Processor seconds of an image, in each round."""
        return self.rounds("cpu") / self.rounds("images")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """One network, trained by several variants in turns.

    Args:
        name: of the network.
        layers: their widths, such as `784-500-2`.
        parameters: number of weights and biases.
        load: load average at the beginning and at the end.
        variants: one for each way to train it.
        yardstick: name of the variant that ratios refer to.
        ceiling: name of the variant that only multiplies; it may be missing.
    """

    name: str
    layers: str
    parameters: int
    load: tuple[float, float]
    variants: tuple[Variant, ...]
    yardstick: str
    ceiling: str

    def __getitem__(self, name: str) -> Variant:
        """Returns a variant by its name.

        Raises:
            ValueError: if there is no such variant.
        """
        for variant in self.variants:
            if variant.name == name:
                return variant
        names = ", ".join(variant.name for variant in self.variants)
        raise ValueError(f"The variants are {names}. Received: name={name!r}")

    def __contains__(self, name: str) -> bool:
        return name in [variant.name for variant in self.variants]

    @property
    def trained(self) -> list[Variant]:
        """All variants that train, those with the fewest processor seconds first."""
        trained = [each for each in self.variants if each.name != self.ceiling]
        return sorted(trained, key=lambda each: np.median(each.rounds("cpu")))

    def ratios(self, name: str, to: str | None = None, of: str = "cpu") -> np.ndarray:
        """Divides the seconds of a variant by those of another, round by round.

        Args:
            name: of the variant.
            to: name of the other one; None for the yardstick.
            of: `"cpu"` or `"wall"`.

        Raises:
            ValueError: if there is no such variant.
        """
        return self[name].rounds(of) / self[to or self.yardstick].rounds(of)

    def share_of_ceiling(self, name: str) -> float | None:
        """Returns the share of a variant's processor time that its products need.

        Args:
            name: of the variant.

        Returns:
            The median over rounds, in percent; None if the ceiling was not measured.
        """
        if self.ceiling not in self:
            return None
        ceiling = self[self.ceiling].seconds_per_image
        return float(100 * np.median(ceiling / self[name].seconds_per_image))

    def speed_table(self, style: str = "simple") -> str:
        """Writes seconds and ratios of every variant, in a format of `tabulate`."""
        rows = [
            [
                each.label,
                f"{each.rates.max():,.0f}",
                f"{np.median(each.rates):,.0f}",
                f"{np.median(each.rounds('cpu')):.2f}",
                f"{each.rounds('cpu').min():.2f}",
                _span(self.ratios(each.name)),
                _span(self.ratios(each.name, of="wall")),
            ]
            for each in self._listed()
        ]
        headers = ["", "images/s, best", "images/s", "CPU s", "CPU s, least"]
        headers += ["CPU ratio", "wall ratio"]
        return tabulate(rows, headers, style, disable_numparse=True, stralign="right")

    def cost_table(self, style: str = "simple") -> str:
        """Writes what else every variant costs, in a format of `tabulate`."""
        rows = []
        for each in self._listed():
            trains = each.name != self.ceiling
            share = self.share_of_ceiling(each.name)
            rows.append(
                [
                    each.label,
                    MISSING if share is None else f"{share:.0f}",
                    f"{each.memory:,.0f}",
                    f"{each.start:.1f}",
                    f"{each.epochs[-1]['loss']:.1f}" if trains else MISSING,
                ]
            )
        headers = ["", "of the ceiling, %", "memory, MB", "start, s", "loss, nats"]
        return tabulate(rows, headers, style, disable_numparse=True, stralign="right")

    def _listed(self):
        ceiling = [self[self.ceiling]] if self.ceiling in self else []
        return [*self.trained, *ceiling]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record:
    """Several networks, compared in one run of the program.

    Args:
        date: of the run, year first.
        data: line of provenance.
        images: number of training images.
        batch_size: images in a batch.
        rounds: number of epochs measured, after the one that compiles.
        hardware: processor and number of cores.
        threads: variables of the environment that set numbers of threads.
        versions: package → version.
        comparisons: one for each network.
    """

    date: str
    data: str
    images: int
    batch_size: int
    rounds: int
    hardware: str
    threads: dict
    versions: dict
    comparisons: tuple[Comparison, ...]

    def __getitem__(self, name: str) -> Comparison:
        """Returns the comparison of a network.

        Raises:
            ValueError: if the network was not compared.
        """
        for comparison in self.comparisons:
            if comparison.name == name:
                return comparison
        names = ", ".join(comparison.name for comparison in self.comparisons)
        raise ValueError(f"The networks are {names}. Received: name={name!r}")

    def describe(self) -> str:
        """Lists when and on what the numbers were measured."""
        versions = ", ".join(f"{name} {it}" for name, it in self.versions.items())
        threads = ", ".join(f"{name}={it}" for name, it in self.threads.items())
        lines = [
            self.data,
            f"{self.images:,} images, batch {self.batch_size}, {self.rounds} rounds",
            f"{self.date}, {self.hardware}",
            f"threads: {threads or 'as each library chooses'}",
            versions,
        ]
        return "\n".join(lines)

    def report(self) -> str:
        """Writes everything as text."""
        parts = [self.describe()]
        for each in self.comparisons:
            begin, end = each.load
            parts += [
                f"{each.layers}, {each.parameters:,} parameters "
                f"(load average {begin:.1f} at the beginning, {end:.1f} at the end)",
                each.speed_table(),
                each.cost_table(),
            ]
        return "\n\n".join(parts)


def read_record(text: str | bytes) -> Record:
    """Makes a record from its JSON.

    Raises:
        ValueError: if it is not a record.
    """
    try:
        fields = json.loads(text)
        shared = {name: fields.pop(name) for name in ("yardstick", "ceiling")}
        comparisons = tuple(
            _read_comparison(each | shared) for each in fields.pop("comparisons")
        )
        return Record(**fields, comparisons=comparisons)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(
            "The JSON is not a record of benchmarks.training_speed. "
            f"Received: {error!r}"
        ) from error


def load_record(file=FILE) -> Record:
    """Reads a record from a file, by default the one that ships with the package.

    Raises:
        ValueError: if it is not a record.
        OSError: if it cannot be read.
    """
    return read_record(Path(file).read_bytes())


def _read_comparison(fields):
    variants = (
        Variant(**each | {"epochs": tuple(each["epochs"])})
        for each in fields.pop("variants")
    )
    return Comparison(**fields, variants=tuple(variants))


def _span(ratios):
    """Writes median, least and most of several ratios."""
    least, most = np.min(ratios), np.max(ratios)
    return f"{np.median(ratios):.2f} ({least:.2f}–{most:.2f})"
