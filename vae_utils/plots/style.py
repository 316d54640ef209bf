"""The style of the book's figures."""

import contextlib

import matplotlib
import matplotlib.pyplot as plt
import matplotlib.style

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
    """Sets Matplotlib's own defaults, then those of the book's figures.

    Whatever a matplotlibrc says has no effect on figures made afterwards. The backend
    stays, and so does whether figures are shown at once.
    """
    matplotlib.style.use(["default", STYLE])


@contextlib.contextmanager
def book_style():
    """Draws in the book's style inside a `with`, and then restores the settings.

    It decorates functions, too. Text is laid out when a figure is drawn, so drawing and
    saving belong inside.
    """
    interactive = matplotlib.is_interactive()
    try:
        with matplotlib.rc_context():
            use_book_style()
            try:
                yield
            finally:
                # A notebook's backend turns this on when the first figure is made.
                interactive = matplotlib.is_interactive()
    finally:
        matplotlib.interactive(interactive)
