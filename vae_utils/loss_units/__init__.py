"""Which β did this tutorial really train? Units of a loss: sums, means and weights.

`effective_beta` brings a loss to nats per image, `RECIPES` are losses of well-known
tutorials, and `show_calculator` puts both on the page.
"""

from vae_utils.loss_units.beta import effective_beta, implied_sigma
from vae_utils.loss_units.calculator import show_calculator
from vae_utils.loss_units.recipe import Recipe
from vae_utils.loss_units.recipes import RECIPES

__all__ = [
    "RECIPES",
    "Recipe",
    "effective_beta",
    "implied_sigma",
    "show_calculator",
]
