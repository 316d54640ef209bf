"""Likelihoods p(x|z): what the decoder's output means.

A decoder returns one logit per pixel; a likelihood turns logits into a negative
log-likelihood in nats, a mean image and a sampled image. Nats of different
likelihoods are not comparable: one is a probability, another a density.
"""

from vae_utils.likelihoods.bernoulli import Bernoulli, ContinuousBernoulli
from vae_utils.likelihoods.discretised_logistic import DiscretisedLogistic
from vae_utils.likelihoods.gaussian import Gaussian, LearnedGaussian
from vae_utils.likelihoods.optimal_gaussian import OptimalGaussian

__all__ = [
    "Bernoulli",
    "ContinuousBernoulli",
    "DiscretisedLogistic",
    "Gaussian",
    "LearnedGaussian",
    "OptimalGaussian",
]
