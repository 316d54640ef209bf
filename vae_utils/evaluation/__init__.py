"""Numbers of a trained model, each with its unit, its protocol and its source."""

from vae_utils.dequantisation import dequantise
from vae_utils.evaluation.aggregate import aggregate_kl_bound
from vae_utils.evaluation.annealing import Annealed, anneal
from vae_utils.evaluation.anomalies import (
    Detection,
    auroc_error,
    detect,
    find_threshold,
)
from vae_utils.evaluation.bits import bits_of_density, bits_per_dimension
from vae_utils.evaluation.bounds import elbo_split, elbo_terms
from vae_utils.evaluation.code_bound import CodeBound, bound_by_codes
from vae_utils.evaluation.codebook_usage import Usage, codebook_usage
from vae_utils.evaluation.codes import (
    ACTIVE_VARIANCE,
    active_units,
    kl_per_dimension,
    mutual_information,
)
from vae_utils.evaluation.copies import nearest_distances
from vae_utils.evaluation.dead_units import find_dead_units
from vae_utils.evaluation.differences import (
    Difference,
    compare_paired,
    smallest_difference,
)
from vae_utils.evaluation.exact import exact_nll
from vae_utils.evaluation.images import (
    classify,
    frechet_digit_distance,
    rmse,
)
from vae_utils.evaluation.importance import (
    effective_sample_size,
    importance_sampled_nll,
    log_weights,
)
from vae_utils.evaluation.label_bounds import (
    LabelInformation,
    label_information,
)
from vae_utils.evaluation.measurement import (
    BINARISATION_SEED,
    PRIOR_SEED,
    SAME_IMAGES_SAMPLES,
    TEST_STRIDE,
    Measurement,
)
from vae_utils.evaluation.metric import Metric
from vae_utils.evaluation.metrics import METRICS, measure, measure_generated
from vae_utils.evaluation.per_image import (
    SCORES,
    Score,
    bits_of,
    describe_images,
    negative_elbo,
    sampled_nll,
    score_images,
    squared_error,
)
from vae_utils.evaluation.probabilities import (
    average_over_shifts,
    class_probabilities,
    confidence,
)
from vae_utils.evaluation.proposals import fit_proposals
from vae_utils.evaluation.quadrature import Quadrature, integrate_grid
from vae_utils.evaluation.two_phase import TwoPhase, combine_two_phase

__all__ = [
    "ACTIVE_VARIANCE",
    "BINARISATION_SEED",
    "METRICS",
    "PRIOR_SEED",
    "SAME_IMAGES_SAMPLES",
    "SCORES",
    "TEST_STRIDE",
    "Annealed",
    "CodeBound",
    "Detection",
    "Difference",
    "LabelInformation",
    "Measurement",
    "Metric",
    "Quadrature",
    "Score",
    "TwoPhase",
    "Usage",
    "active_units",
    "anneal",
    "aggregate_kl_bound",
    "auroc_error",
    "average_over_shifts",
    "bits_of",
    "bits_of_density",
    "bits_per_dimension",
    "bound_by_codes",
    "class_probabilities",
    "codebook_usage",
    "classify",
    "combine_two_phase",
    "compare_paired",
    "confidence",
    "dequantise",
    "describe_images",
    "detect",
    "effective_sample_size",
    "elbo_split",
    "elbo_terms",
    "exact_nll",
    "find_dead_units",
    "find_threshold",
    "fit_proposals",
    "frechet_digit_distance",
    "importance_sampled_nll",
    "integrate_grid",
    "kl_per_dimension",
    "label_information",
    "log_weights",
    "measure",
    "measure_generated",
    "mutual_information",
    "nearest_distances",
    "negative_elbo",
    "rmse",
    "sampled_nll",
    "score_images",
    "smallest_difference",
    "squared_error",
]
