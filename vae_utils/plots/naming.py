"""Names of classes in figures: short enough, few enough, and drawable as they are."""

import numpy as np
from matplotlib import font_manager

LONGEST = 18  # characters of a name
MOST_NAMED = 20  # classes that are named in one figure
UNKNOWN = "□"  # a character that the figure's font lacks


def write_name(name: str) -> str:
    """Makes a name fit for a figure: shortened, without what its font cannot draw.

    Args:
        name: of a class; any text, such as that of a folder.

    Returns:
        At most `LONGEST` characters, none of which Matplotlib takes for mathematics.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST:
        name = f"{name[: LONGEST - 1].rstrip()}…"
    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    drawn = (c if font.get_char_index(ord(c)) else UNKNOWN for c in name)
    return "".join(drawn).replace("$", r"\$")


def choose_named(labels, count: int) -> list[int]:
    """Chooses the classes that a figure of points names.

    Args:
        labels: class of each point, ints, shape (n,).
        count: number of classes.

    Returns:
        Those with points, the largest if they are many; none if there is only one.
    """
    if count < 2:
        return []
    sizes = np.bincount(labels, minlength=count)
    largest = np.argsort(-sizes, kind="stable")[:MOST_NAMED]
    return sorted(int(label) for label in largest if sizes[label])


def explain_named(labels, count: int) -> str:
    """Says which classes are named, for a title; empty if all are."""
    present = len(np.unique(labels))
    if present <= MOST_NAMED:
        return ""
    return f"the {MOST_NAMED} largest of {present} classes are named; colours repeat"
