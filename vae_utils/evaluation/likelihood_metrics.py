"""Metrics that depend on what the likelihood is a probability of, if of anything.

Of binarised images, of bytes, or of neither: then its nats are those of a density. No
number of one kind has the images or the words of another.
"""

from vae_utils.dequantisation import LEVELS
from vae_utils.evaluation import measures
from vae_utils.evaluation.measurement import (
    BINARISATION_SEED,
    DEQUANTISATION_SEED,
    POSTERIOR_SEED,
    SAME_IMAGES_SAMPLES,
    TEST_STRIDE,
)
from vae_utils.evaluation.metric import Metric
from vae_utils.models.abilities import missing

BINARISED = f"test images, binarised once (dynamic, seed {BINARISATION_SEED})"
GREY = "all grey test images"  # what was not made black and white
COLOUR = "all test images in colour"
BYTES = "test images of 256 levels"
BOUND = ("encode", "log_weights")
DISCRETE = ("find_codes",)
LOSS = (
    "with its KL term an upper bound on −log p averaged over all dynamic "
    "binarisations of these images; what a program trained on {} images prints"
)
DEQUANTISED_IMAGES = (
    f"all test images, level k at (k + u) / {LEVELS}, u uniform (seed "
    f"{DEQUANTISATION_SEED})"
)
DENSITY = "nats of a density, not comparable with a probability or another sigma"
PARTS = {"nll": "part of elbo", "kl": "part of elbo"}


def _has_levels(count):
    return lambda m: m.levels == count


def _is_probability(m):
    return m.levels is not None


def _is_sampled(m):
    return _is_probability(m) and m.is_samples is not None


def _describe_bound(images):
    def describe(m):
        described = {"elbo": f"all {images}; one sample of z each; nats", **PARTS}
        if m.model.conditional:
            described["labels"] = (
                "the model gets those of the test images; elbo and is_nll are of "
                "p(x|y), or of p(x) if its decoder ignores them"
            )
        return described

    return describe


def name_images(m) -> str:
    """Names the test images as they are, not binarised."""
    return GREY if m.model.image_shape[-1] == 1 else COLOUR


def _describe_grey(m):
    images = name_images(m)
    loss = LOSS.format("grey" if images == GREY else "such")
    return {
        "grey_nll": f"{images}; one sample of z each; nats; {loss}",
        "grey_kl": f"{images}; nats",
    }


def _describe_bound_by_codes(m):
    images = BINARISED if m.levels == 2 else BYTES
    if not missing(m.model, ["weigh_codes"]):
        return {
            "elbo": f"all {images}; one grid of codes drawn from q(k|x) of each (seed "
            f"{POSTERIOR_SEED}); nats",
            "nll": "part of elbo; −log p(x|k)",
            "kl": "part of elbo; log q(k|x) − log p(k), of the model's own prior",
        }
    return {
        "elbo": f"all {images}; of a q(k|x) that is certain of one grid of codes, and "
        "so without noise; nats",
        "nll": "part of elbo; −log p(x|k)",
        "kl": "part of elbo; −log p(k), of the model's own prior",
    }


def _describe_density(m):
    images = name_images(m) if m.dequantisation == "none" else DEQUANTISED_IMAGES
    return {"elbo": f"{images}; one sample of z each; {DENSITY}", **PARTS}


def _describe_sampled_rmse(m):
    return {
        "rmse_sampled": f"{name_images(m)}; from one sample of z (seed "
        f"{POSTERIOR_SEED}); mean over images"
    }


def _describe_bytes(m):
    bits = "upper bound on −log₂ of the probability of a byte: −elbo"
    return _describe_bound(BYTES)(m) | {
        "bits_per_dim": f"{bits} / (values of an image · ln 2)"
    }


def _describe_sampled(m):
    images = BINARISED if m.levels == 2 else BYTES
    strided = f"every {TEST_STRIDE}th of the {images}"
    described = {
        "elbo_same_images": f"{strided}; {SAME_IMAGES_SAMPLES} samples of z each; nats",
        "is_nll": f"{strided}; importance-sampled, K = {m.is_samples}; nats",
    }
    if m.levels == LEVELS:
        described["is_bits_per_dim"] = "is_nll / (values of an image · ln 2)"
    return described


def _describe_scale(m):
    levels = "grey levels" if m.model.image_shape[-1] == 1 else "levels"
    return {
        "logistic_scale": "mean of the learned scales of the logistic distribution of "
        f"a pixel, {levels} of [0, 1]"
    }


def _name_levels(m):
    return "grey levels" if m.model.image_shape[-1] == 1 else "levels of [0, 1]"


BOUNDS = (
    Metric(measures.bound, BOUND, _describe_bound(BINARISED), _has_levels(2)),
    Metric(
        measures.grey_bound,
        BOUND,
        _describe_grey,
        _has_levels(2),
    ),
    Metric(measures.byte_bound, BOUND, _describe_bytes, _has_levels(LEVELS)),
    Metric(
        measures.density_bound,
        BOUND,
        _describe_density,
        lambda m: not _is_probability(m),
    ),
)
BOUND_BY_CODES = Metric(
    measures.bound_by_codes,
    DISCRETE,
    _describe_bound_by_codes,
    _is_probability,
)
RMSE_SAMPLED = Metric(
    measures.rmse_sampled,
    (*BOUND, "decode"),
    _describe_sampled_rmse,
    _is_probability,
)
SAMPLED = Metric(measures.sampled_nll, BOUND, _describe_sampled, _is_sampled)
DEQUANTISED = Metric(
    measures.dequantised_bound,
    BOUND,
    {
        "bits_per_dim_dequantised": "upper bound on −log₂ of the probability that the "
        f"density gives to the cell of a byte: {DEQUANTISED_IMAGES}; one sample of z "
        "each; −elbo of these / (values of an image · ln 2) + 8"
    },
    lambda m: not _is_probability(m) and m.has_bytes,
)
SPREAD = (
    Metric(
        measures.sigma,
        ("decode",),
        lambda m: {
            "sigma": f"learned standard deviation of a pixel, {_name_levels(m)}"
        },
        lambda m: hasattr(m.model.likelihood, "log_sigma"),
    ),
    Metric(
        measures.logistic_scale,
        ("decode",),
        _describe_scale,
        lambda m: hasattr(m.model.likelihood, "log_scale"),
    ),
)
