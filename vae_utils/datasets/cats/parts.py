"""The parts of a cat: their names, and which of them can be seen."""

import numpy as np

from vae_utils.datasets.factors import Factor, draw_combinations

CREDIT = "cats by David Revoy, peppercarrot.com, CC BY 4.0"
#: What varies, in the order in which parts are laid on each other. The body has the
#: colour of the cat, the fur is a pattern on it.
FACTORS = (
    Factor(
        "body",
        (
            "maroon",
            "lime",
            "charcoal",
            "mauve",
            "coral",
            "sand",
            "pink",
            "brown",
            "blue",
            "yellow",
            "ochre",
            "grey",
            "caramel",
            "cream",
            "orange",
        ),
    ),
    Factor(
        "fur",
        (
            "faint stripes",
            "dark stripes",
            "plain",
            "rosettes",
            "dark patch",
            "light patch",
            "light muzzle",
            "light blocks",
            "light dots",
        ),
    ),
    Factor(
        "eyes",
        (
            "round",
            "almond",
            "dots",
            "pointed",
            "monocle",
            "square",
            "closed",
            "round grey",
            "outlined",
            "green",
            "winged",
            "oval",
            "glasses",
            "tall",
            "lashes",
        ),
    ),
    Factor(
        "mouth",
        (
            "red smile",
            "wide line",
            "dot",
            "shout",
            "dark smile",
            "lopsided smile",
            "short line",
            "narrow smile",
            "grin",
            "broad smile",
        ),
    ),
    Factor(
        "accessory",
        (
            "red scarf",
            "bell collar",
            "red collar",
            "red headband",
            "pink bow",
            "black hat",
            "red headphones",
            "blue scarf",
            "barrel collar",
            "typewriter",
            "gem collar",
            "black bandana",
            "blue bow",
            "red hat",
            "silver headphones",
            "none",
        ),
    ),
)
NAMES = tuple(factor.name for factor in FACTORS)
SCARVES = [i for i, name in enumerate(FACTORS[-1].values) if name.endswith("scarf")]


def draw(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draws combinations of parts at random, to be composed.

    Args:
        rng: source of randomness.
        count: number of cats.

    Returns:
        Integers, shape (count, 5), the index of a value for each of `FACTORS`.
    """
    return draw_combinations(rng, count, FACTORS)


def visible(combinations) -> np.ndarray:
    """Gives cats that look the same, or almost, the same row.

    Args:
        combinations: integers, shape (n, 5).

    Returns:
        A copy, where the mouth under a scarf is 0.
    """
    rows = np.array(combinations)
    rows[np.isin(rows[:, NAMES.index("accessory")], SCARVES), NAMES.index("mouth")] = 0
    return rows
