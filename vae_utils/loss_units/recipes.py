"""The losses of well-known recipes: what their code says, and the β it amounts to.

`recipes.json` is the table: a name, the address of the file at the commit that was
read, the lines of it that decide β, the settings that they amount to, and a remark.
Where another version of the file was read that reduces otherwise, it follows.
"""

import dataclasses
import json
from pathlib import Path

from vae_utils.loss_units.beta import effective_beta, implied_sigma

FILE = Path(__file__).with_name("recipes.json")
GROUPS = ("examples of frameworks", "books and courses", "repositories")
WHEN = ("earlier", "later")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss as a file writes it.

    Args:
        source: address of the file, at the commit that was read.
        quote: the lines that decide β, one to three.
        settings: arguments of `effective_beta`.
        remark: one or a few sentences on what the lines amount to.
        pixel_range: of the recipe's pixels: 1 from 0 to 1, 2 from −1 to 1. It matters
            for σ only.
    """

    source: str
    quote: tuple[str, ...]
    settings: dict
    remark: str
    pixel_range: float = 1

    @property
    def beta(self) -> float:
        """The β that the loss trains with; of a squared error, next to σ² = ½."""
        return effective_beta(**self.settings)

    @property
    def is_squared(self) -> bool:
        """Whether the error per pixel is a squared one, so that the loss has a σ."""
        return self.settings.get("reconstruction") == "squared_error"

    @property
    def sigma(self) -> float | None:
        """The σ for which a loss of squared errors is an ELBO; None of other losses.

        It is for pixels from 0 to 1, also where the recipe's own run from −1 to 1.
        """
        if not self.is_squared:
            return None
        return implied_sigma(**self.settings) / self.pixel_range


@dataclasses.dataclass(frozen=True, kw_only=True)
class Version(Loss):
    """Another version of a recipe's file.

    Args:
        when: `"earlier"` or `"later"` than the version that the recipe is about.
    """

    when: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipe(Loss):
    """The loss of a tutorial, a book or a library.

    Args:
        name: of the recipe.
        short: a name for figures.
        group: one of `GROUPS`.
        dated: a sentence on what dates the version, `""` if nothing that we read does.
        versions: other versions of the file, mostly none.
    """

    name: str
    short: str
    group: str
    dated: str = ""
    versions: tuple[Version, ...] = ()


def read_recipes() -> dict[str, Recipe]:
    """Reads the table; returns key → recipe, in its order."""
    table = json.loads(FILE.read_text(encoding="utf-8"))
    return {key: _make(Recipe, fields) for key, fields in table.items()}


def _make(kind, fields):
    quote = tuple(fields["quote"])
    made = {**fields, "quote": quote}
    if "versions" in fields:
        made["versions"] = tuple(_make(Version, each) for each in fields["versions"])
    return kind(**made)


RECIPES = read_recipes()
