"""The calculator of `effective_beta` in a notebook: self-contained HTML."""

import dataclasses
import json
import uuid
from importlib.resources import files

from vae_utils.loss_units.recipes import RECIPES

FOLDER = files("vae_utils.loss_units")
SCRIPTS = ("beta.js", "form.js", "calculator.js")  # in the order of loading
FALLBACK = (
    "The calculator runs where pages can run scripts: in the book, in Colab, or in a "
    "trusted Jupyter notebook. In Python, <code>loss_units.effective_beta</code> "
    "computes the same."
)


def show_calculator():
    """Shows a calculator of β for the loss of a tutorial, or one you describe.

    The output contains the style, the scripts and the recipes, so it works from disk
    and without the network.

    Returns:
        `IPython.display.HTML`, for a notebook to show.
    """
    from IPython.display import HTML

    return HTML(make_html(f"loss-units-{uuid.uuid4().hex}"))


def make_html(name: str) -> str:
    """Makes the HTML of the calculator.

    Args:
        name: `id` of its element, unique on the page.

    Returns:
        An HTML fragment.
    """
    recipes = [dataclasses.asdict(recipe) for recipe in RECIPES.values()]
    # Inside a script, `</script>` would end it.
    packed = json.dumps(recipes, ensure_ascii=False).replace("</", "<\\/")
    scripts = "".join(_read(script) for script in SCRIPTS)
    return (
        f'<div class="loss-units" id="{name}"><p>{FALLBACK}</p></div>\n'
        f"<style>\n{_read('calculator.css')}</style>\n"
        f"<script>\n{scripts}"
        f'VAELossUnits.start("{name}", {packed});\n</script>\n'
    )


def _read(name):
    return (FOLDER / name).read_text(encoding="utf-8")
