"""The losses of well-known tutorials: what their code says, and the β it amounts to.

`recipes.json` is the table: a name, the address of the file at the commit that was
read, the lines of it that decide β, the settings that they amount to, and a remark.
"""

import dataclasses
import json
from pathlib import Path

from vae_utils.loss_units.beta import effective_beta

FILE = Path(__file__).with_name("recipes.json")


@dataclasses.dataclass(frozen=True)
class Recipe:
    """The loss of a tutorial.

    Args:
        name: of the tutorial.
        source: address of the file, at the commit that was read.
        quote: the lines that decide β, one to three.
        settings: arguments of `effective_beta`.
        remark: one or a few sentences on what the lines amount to.
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


def read_recipes() -> dict[str, Recipe]:
    """Reads the table; returns key → recipe, in its order."""
    table = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        key: Recipe(**{**fields, "quote": tuple(fields["quote"])})
        for key, fields in table.items()
    }


RECIPES = read_recipes()
