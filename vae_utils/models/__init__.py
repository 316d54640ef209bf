"""Models: the contract in `base`, one idea a file; `build` makes any of them."""

from vae_utils.models.autoencoder import Autoencoder
from vae_utils.models.base import Trainable, count_parameters
from vae_utils.models.building import (
    build,
    build_decoder,
    build_encoder,
    build_likelihood,
    build_prior,
)
from vae_utils.models.classifier import Classifier
from vae_utils.models.code_prior import CodePrior
from vae_utils.models.codebook import Codebook
from vae_utils.models.conditional import ConditionalVAE
from vae_utils.models.vae import VAE
from vae_utils.models.vq_vae import VQVAE

__all__ = [
    "VAE",
    "VQVAE",
    "Autoencoder",
    "Classifier",
    "CodePrior",
    "Codebook",
    "ConditionalVAE",
    "Trainable",
    "build",
    "build_decoder",
    "build_encoder",
    "build_likelihood",
    "build_prior",
    "count_parameters",
]
