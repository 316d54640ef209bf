"""How a notebook shows a figure: sharp on dense screens, and light to load.

Lines, bars, text and a few points are drawn as SVG. Images and many points become a
PNG with two pixels for each pixel of a page. The same holds in the book, in Jupyter,
in VS Code and on Colab, since all of them ask IPython's formatters.
"""

import io
import re
import sys

import matplotlib
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from vae_utils import profile
from vae_utils.plots import encoding, legibility

CSS_DPI = 96  # pixels of a page for an inch of a figure
DENSITY = 2  # pixels of a PNG for a pixel of a page
MOST_MARKS = 200  # points that are still drawn one by one, as shapes
INLINE = "inline"  # ends the name of each backend that shows figures in a notebook
FORMATS = ("image/svg+xml", "image/png", "image/jpeg", "application/pdf")
WITHOUT_DATE = {"Date": None, "Creator": None, "Format": None, "Type": None}
COMMENTS = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)


def register():
    """Makes a notebook show figures as this module says; elsewhere does nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    backend = matplotlib.get_backend(auto_select=False) or ""  # not chosen yet
    if shell is None or not backend.endswith(INLINE):
        return
    from matplotlib import pyplot

    # Loads the backend, which else would replace these formatters at the first figure.
    pyplot.switch_backend(backend)
    formatters = shell.display_formatter.formatters
    for name in FORMATS:
        formatters[name].pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, show_svg)
    formatters["image/png"].for_type(Figure, show_png)


def is_dense(figure) -> bool:
    """Returns whether a figure is better stored as pixels than as shapes.

    Args:
        figure: a Matplotlib figure.

    Returns:
        True if it shows images, or more than `MOST_MARKS` points.
    """
    if figure.findobj(AxesImage):
        return True
    lines = [line for ax in figure.axes for line in ax.lines]
    marked = [line for line in lines if line.get_marker() not in ("None", "", " ")]
    marks = [len(each.get_offsets()) for each in figure.findobj(Collection)]
    return sum(marks) + sum(len(line.get_xdata()) for line in marked) > MOST_MARKS


def show_svg(figure):
    """Draws a figure as SVG, with metadata; returns None if PNG suits it better."""
    if is_dense(figure):
        return None
    return draw_svg(figure), _measure(figure)


def show_png(figure):
    """Draws a figure as PNG, with metadata; returns None if SVG suits it better."""
    if not is_dense(figure):
        return None
    content, width = draw_png(figure)
    # Without the height, a page that is narrower keeps the proportions.
    return content, {"width": width, **_measure(figure)}


def draw_svg(figure) -> str:
    """Draws a figure as SVG, the same at each call, and with its text as outlines.

    Args:
        figure: a Matplotlib figure.

    Returns:
        An <svg> element. Identifiers in it follow from what they name, so that two
        figures on one page may share some.
    """
    stream = io.StringIO()
    figure.savefig(stream, format="svg", bbox_inches="tight", metadata=WITHOUT_DATE)
    text = COMMENTS.sub("", stream.getvalue())
    return re.sub(r"\s*\n\s*", "\n", text[text.index("<svg") :])


def draw_png(figure, density: float = DENSITY):
    """Draws a figure as PNG with as few colours as do not change its look.

    Args:
        figure: a Matplotlib figure.
        density: pixels of the PNG for a pixel of a page.

    Returns:
        The file's content, and the width in pixels at which a page shows it.
    """
    stream = io.BytesIO()
    dpi = density * CSS_DPI
    figure.savefig(stream, format="png", dpi=dpi, bbox_inches="tight")
    image = encoding.open_opaque(stream)
    return encoding.encode_png(image, dpi), round(image.width / density)


def _measure(figure):
    """Returns what tests of the book's pages want to know of a figure's texts."""
    return legibility.measure(figure) if profile.name() == "quick" else {}
