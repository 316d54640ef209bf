"""The calculator of `effective_beta` that a notebook shows: HTML with all it needs."""

import dataclasses
import json
import uuid
from importlib.resources import files

from vae_utils.loss_units.recipes import RECIPES

PART = files("vae_utils.loss_units")
SCRIPTS = ("beta.js", "parts.js", "form.js", "calculator.js")  # in the order of loading
FALLBACK = (
    "The calculator runs where a page may run scripts: in the book, in Colab, in a "
    "trusted Jupyter notebook. In Python, <code>loss_units.effective_beta</code> "
    "computes the same."
)


def show_calculator():
    """Shows a calculator of β: choose a tutorial's loss, or describe one.

    The style, the scripts and the recipes are in the output itself, so it works from
    disk, and asks nothing of the network.

    Returns:
        `IPython.display.HTML`, for a notebook to show.
    """
    from IPython.display import HTML

    return HTML(make_html(f"loss-units-{uuid.uuid4().hex}"))


def make_html(name: str) -> str:
    """Makes the calculator.

    Args:
        name: `id` of its element, which no other element of the page has.

    Returns:
        HTML, a fragment.
    """
    recipes = [dataclasses.asdict(recipe) for recipe in RECIPES.values()]
    # Within a script, `</` could end it.
    packed = json.dumps(recipes, ensure_ascii=False).replace("</", "<\\/")
    scripts = "".join(_read(script) for script in SCRIPTS)
    return (
        f'<div class="loss-units" id="{name}"><p>{FALLBACK}</p></div>\n'
        f"<style>\n{_read('calculator.css')}</style>\n"
        f"<script>\n{scripts}"
        f'VAELossUnits.start("{name}", {packed});\n</script>\n'
    )


def _read(name):
    return (PART / name).read_text(encoding="utf-8")
