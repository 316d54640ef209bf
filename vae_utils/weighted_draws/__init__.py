"""Importance sampling in two dimensions: a proposal to move, and what its draws weigh.

`show_draws` shows the true posterior of an image, codes drawn from a proposal q, and
how far their estimate of −log p(x) is from the exact value.
"""

from vae_utils.weighted_draws.page import Case, show_draws

__all__ = ["Case", "show_draws"]
