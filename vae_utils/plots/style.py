"""The style of the book's figures.

A phone shows a figure about 340 pixels wide: `WIDTH` and the size of the text are
chosen together, so that no label is then smaller than nine pixels.
"""

import contextlib

import matplotlib
import matplotlib.style

from vae_utils.plots import display

WIDTH = 6.0  # inches of the widest figure
TEXT = 11.5  # points
# Petroff's ten colours, which Matplotlib calls "petroff10": any two of them differ for
# colour-blind readers, too. https://arxiv.org/abs/2107.02270
HEX_COLORS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
    "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
# The same for lines: first those that are dark enough for a thin line on white.
LINE_ORDER = (0, 6, 4, 8, 2, 5, 3, 7, 1, 9)
CLASS_COLORS = tuple(matplotlib.colors.to_rgb(color) for color in HEX_COLORS)
STYLE = {
    # Opaque, so that black text stays readable on a dark page.
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.figsize": (WIDTH, 3.4),
    "figure.dpi": display.CSS_DPI,
    "savefig.dpi": display.DENSITY * display.CSS_DPI,
    "savefig.pad_inches": 0.04,
    "figure.constrained_layout.use": True,
    "font.size": TEXT,
    "figure.titlesize": "medium",
    "axes.titlesize": "medium",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": matplotlib.cycler(color=[HEX_COLORS[i] for i in LINE_ORDER]),
    "legend.frameon": False,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
    # Text becomes outlines, which look alike whatever fonts a reader has.
    "svg.fonttype": "path",
    "svg.hashsalt": "vae_utils",
}


def class_color(label: int) -> tuple[float, float, float]:
    """Returns the colour of a class, RGB in [0, 1]; they repeat after ten."""
    return CLASS_COLORS[label % len(CLASS_COLORS)]


def use_book_style():
    """Sets Matplotlib's own defaults, then those of the book's figures.

    Whatever a matplotlibrc says has no effect on figures made afterwards. The backend
    stays, and so does whether figures are shown at once. A notebook shows figures as
    `display` says: sharp on dense screens.
    """
    display.register()
    _set_style()


def _set_style():
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
            _set_style()
            try:
                yield
            finally:
                # A notebook's backend turns this on when the first figure is made.
                interactive = matplotlib.is_interactive()
    finally:
        matplotlib.interactive(interactive)


def line_color(index: int) -> tuple[float, float, float]:
    """Returns the colour of a line, RGB in [0, 1]; they repeat after ten."""
    return CLASS_COLORS[LINE_ORDER[index % len(LINE_ORDER)]]
