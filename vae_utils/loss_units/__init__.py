"""Which β does a tutorial really train with? Sums, means and weights of its loss.

`effective_beta` converts a loss to nats per image, and `implied_sigma` a squared error
to a Gaussian. `RECIPES` are losses of well-known tutorials, books and libraries;
`show_calculator`, `plot_recipes` and `list_recipes` show them on the page.
"""

from vae_utils.loss_units.beta import effective_beta, implied_sigma
from vae_utils.loss_units.calculator import show_calculator
from vae_utils.loss_units.census import list_recipes, plot_recipes
from vae_utils.loss_units.recipes import RECIPES, Loss, Recipe, Version

__all__ = [
    "RECIPES",
    "Loss",
    "Recipe",
    "Version",
    "effective_beta",
    "implied_sigma",
    "list_recipes",
    "plot_recipes",
    "show_calculator",
]
