"""The widget as the output of a notebook cell: self-contained HTML."""

from vae_utils import explorer, widgets
from vae_utils.handwriting.scripts import FOLDER, SCRIPTS, SHARED, make_script
from vae_utils.widgets.assembly import ELEMENTS

FALLBACK = (
    "Draw one digit, and a conditional VAE writes all ten digits in the same "
    "handwriting. This needs a page that runs scripts: the book, Colab, or a trusted "
    "Jupyter notebook."
)


def show_handwriting():
    """Shows a pad to draw a digit on, and all ten digits in the same hand.

    The output contains the network's weights, so it works from disk and offline.

    Returns:
        `IPython.display.HTML`, for a notebook to show.
    """
    from IPython.display import HTML

    return HTML(make_html(widgets.new_name("handwriting")))


def make_html(name: str) -> str:
    """Makes the HTML of the widget.

    Args:
        name: `id` of its element, unique on the page.

    Returns:
        An HTML fragment.
    """
    shared = [script for script in SHARED if script != ELEMENTS]
    return widgets.make_html(
        name,
        "vae-handwriting",
        FALLBACK,
        [FOLDER / "handwriting.css"],
        [*shared, *SCRIPTS],
        f"{explorer.make_index()}{make_script()}VAEBook.startHandwriting();",
    )
