"""Which β does a tutorial really train with? Sums, means and weights of its loss.

`effective_beta` converts a loss to nats per image, `RECIPES` are losses of well-known
tutorials, and `show_calculator` shows both on the page.
"""

from vae_utils.loss_units.beta import effective_beta, implied_sigma
from vae_utils.loss_units.calculator import show_calculator
from vae_utils.loss_units.recipes import RECIPES, Recipe

__all__ = [
    "RECIPES",
    "Recipe",
    "effective_beta",
    "implied_sigma",
    "show_calculator",
]
