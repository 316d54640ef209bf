"""Distributions over codes: q(z|x) of an image, and priors p(z).

A posterior is a named tuple of tensors or arrays with `mean`, `sample` (with
gradients), `draw` (with NumPy), `log_prob`, `rows` and `copy`; a prior has `draw`,
`log_prob` and `from_noise`. A prior whose weights are trained is a Keras layer.
"""

from vae_utils.distributions.defensive import DefensiveGaussian
from vae_utils.distributions.divergence import has_closed_form, kl_divergence
from vae_utils.distributions.gaussian import DiagonalGaussian
from vae_utils.distributions.point import Point
from vae_utils.distributions.standard_normal import StandardNormal

__all__ = [
    "DefensiveGaussian",
    "DiagonalGaussian",
    "Point",
    "StandardNormal",
    "has_closed_form",
    "kl_divergence",
]
