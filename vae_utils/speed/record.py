"""The record of one run of `benchmarks.training_speed`: what it measured, and where."""

import dataclasses
import json
from pathlib import Path

from vae_utils.speed.comparison import Comparison, Variant, find

FILE = Path(__file__).with_name("training_speed.json")


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
        return find(name, self.comparisons, "networks")

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


def read_record(text: str | bytes) -> Record:
    """Makes a record from its JSON.

    Raises:
        ValueError: if it is not a record.
    """
    try:
        fields = json.loads(text)
        shared = {"ceiling": fields.pop("ceiling")}
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
