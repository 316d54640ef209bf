"""Numbers of a trained model, each with its unit, its protocol and its source."""

from vae_utils.evaluation.bounds import (
    elbo_split,
    importance_sampled_nll,
    log_weights,
)
from vae_utils.evaluation.codes import (
    ACTIVE_VARIANCE,
    active_units,
    kl_per_dimension,
    mutual_information,
)
from vae_utils.evaluation.images import classify, frechet_digit_distance, rmse
from vae_utils.evaluation.plane import Plane, integrate_plane
from vae_utils.evaluation.proposals import fit_proposals

__all__ = [
    "ACTIVE_VARIANCE",
    "Plane",
    "active_units",
    "classify",
    "elbo_split",
    "fit_proposals",
    "frechet_digit_distance",
    "importance_sampled_nll",
    "integrate_plane",
    "kl_per_dimension",
    "log_weights",
    "mutual_information",
    "rmse",
]
