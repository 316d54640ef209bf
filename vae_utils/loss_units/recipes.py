"""All recipes: losses of well-known tutorials, as they were read."""

from vae_utils.loss_units.cross_entropies import CROSS_ENTROPIES
from vae_utils.loss_units.squared_errors import SQUARED_ERRORS

RECIPES = CROSS_ENTROPIES | SQUARED_ERRORS
