"""The style of the book's figures."""

import matplotlib.pyplot as plt

STYLE = {
    # Opaque, so that black text stays readable on a dark page.
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.grid": False,
    "legend.frameon": False,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
}
CLASS_COLORS = plt.get_cmap("tab10").colors


def class_color(label: int) -> tuple[float, float, float]:
    """Returns the colour of a class, RGB in [0, 1]; they repeat after ten."""
    return CLASS_COLORS[label % len(CLASS_COLORS)]


def use_book_style():
    """Sets Matplotlib's defaults to those of the book's figures."""
    plt.rcParams.update(STYLE)
