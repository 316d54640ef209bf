"""A tutorial's loss: what its code says, and the β that this amounts to."""

import dataclasses

from vae_utils.loss_units.beta import effective_beta


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A tutorial's loss.

    Args:
        name: of the tutorial.
        source: address of the file, at the commit that was read.
        quote: the lines that decide, one to three.
        settings: arguments of `effective_beta`.
        remark: a sentence on what they amount to.
    """

    name: str
    source: str
    quote: tuple[str, ...]
    settings: dict
    remark: str

    @property
    def beta(self) -> float:
        """The β that the loss trains with."""
        return effective_beta(**self.settings)


def link_file(repository: str, commit: str, path: str) -> str:
    """Makes the address of a file at a commit, which no later change moves."""
    return f"https://github.com/{repository}/blob/{commit}/{path}"
