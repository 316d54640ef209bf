"""The book's scoreboard: a row for every recorded autoencoder, and published numbers.

No number is typed in here: those of the book are read from recorded runs, published
ones from `published.json`, where each has its source.
"""

from vae_utils.scoreboard.measured import Measured, measured, show
from vae_utils.scoreboard.published import TAGS, Published, published
from vae_utils.scoreboard.ranking import find_places, smallest_difference
from vae_utils.scoreboard.rows import Row, rows

__all__ = [
    "TAGS",
    "Measured",
    "Published",
    "Row",
    "find_places",
    "measured",
    "published",
    "rows",
    "show",
    "smallest_difference",
]
