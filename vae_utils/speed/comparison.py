"""Several ways to train one network, measured in turns.

The first epoch of a variant compiles; the *rounds* are those after it. Ratios are taken
within a round, since the machine is about as busy for one variant as for the next.
"""

import dataclasses

import numpy as np


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
        return find(name, self.variants, "variants")

    def __contains__(self, name: str) -> bool:
        return name in [variant.name for variant in self.variants]

    @property
    def trained(self) -> list[Variant]:
        """All variants that train, those with the fewest processor seconds first."""
        trained = [each for each in self.variants if each.name != self.ceiling]
        return sorted(trained, key=lambda each: np.median(each.rounds("cpu")))

    @property
    def listed(self) -> list[Variant]:
        """The variants that train, as `trained` has them, then the ceiling."""
        return [*self.trained, *(v for v in self.variants if v.name == self.ceiling)]

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

    def describe(self) -> str:
        """Names the network, and how busy the machine was."""
        begin, end = self.load
        return (
            f"{self.layers}, {self.parameters:,} parameters "
            f"(load average {begin:.1f} at the beginning, {end:.1f} at the end)"
        )

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


def find(name: str, named: tuple, what: str):
    """Returns the one of several things that has a name.

    Args:
        name: of the one that is wanted.
        named: several things, each with a `name`.
        what: they are, in the plural.

    Raises:
        ValueError: if none has this name.
    """
    found = {each.name: each for each in named}
    if name not in found:
        raise ValueError(f"The {what} are {', '.join(found)}. Received: name={name!r}")
    return found[name]
