"""The calculator of `effective_beta` in a notebook: self-contained HTML."""

import dataclasses
from importlib.resources import files

from vae_utils import widgets
from vae_utils.loss_units.recipes import RECIPES
from vae_utils.loss_units.recorded import describe_networks

FOLDER = files("vae_utils.loss_units")
SCRIPTS = (
    "beta.js",
    "form.js",
    "recorded.js",
    "calculator.js",
)  # in the order of loading
FALLBACK = (
    "The calculator runs where pages can run scripts: in the book, in Colab, or in a "
    "trusted Jupyter notebook. In Python, loss_units.effective_beta computes the same."
)


def show_calculator():
    """Shows a calculator of β for the loss of a tutorial, or one you describe.

    Below the result is what a network reconstructs and generates that was trained with
    that β, or with the nearest of nine. The output contains the style, the scripts, the
    recipes and the pictures, so it works from disk and without the network.

    Returns:
        `IPython.display.HTML`, for a notebook to show.
    """
    from IPython.display import HTML

    return HTML(make_html(widgets.new_name("loss-units")))


def make_html(name: str) -> str:
    """Makes the HTML of the calculator.

    Args:
        name: `id` of its element, unique on the page.

    Returns:
        An HTML fragment.
    """
    recipes = [dataclasses.asdict(recipe) for recipe in RECIPES.values()]
    data = f"{widgets.pack(recipes)}, {widgets.pack(describe_networks())}"
    return widgets.make_html(
        name,
        "loss-units",
        FALLBACK,
        [FOLDER / "calculator.css"],
        [FOLDER / script for script in SCRIPTS],
        f'VAELossUnits.start("{name}", {data});',
    )
