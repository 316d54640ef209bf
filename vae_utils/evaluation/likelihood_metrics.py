"""Metrics that depend on what the likelihood is a probability of, if of anything.

Of binarised images, of bytes, or of neither: then its nats are those of a density. No
number of one kind has the images or the words of another.
"""

from vae_utils.evaluation import measures
from vae_utils.evaluation.bits import LEVELS
from vae_utils.evaluation.measurement import (
    BINARISATION_SEED,
    DEQUANTISATION_SEED,
    POSTERIOR_SEED,
    SAME_IMAGES_SAMPLES,
    TEST_STRIDE,
)
from vae_utils.evaluation.metric import Metric

BINARISED = f"test images, binarised once (dynamic, seed {BINARISATION_SEED})"
GREY = "all grey test images"
BYTES = "test images of 256 levels"
BOUND = ("encode", "log_weights")
LOSS = "not a bound on a probability, but what a program trained on grey images prints"
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


BOUNDS = (
    Metric(measures.bound, BOUND, _describe_bound(BINARISED), _has_levels(2)),
    Metric(
        measures.grey_bound,
        BOUND,
        {
            "grey_nll": f"{GREY}; one sample of z each; nats; {LOSS}",
            "grey_kl": f"{GREY}; nats",
        },
        _has_levels(2),
    ),
    Metric(measures.byte_bound, BOUND, _describe_bytes, _has_levels(LEVELS)),
    Metric(
        measures.density_bound,
        BOUND,
        {"elbo": f"{GREY}; one sample of z each; {DENSITY}", **PARTS},
        lambda m: not _is_probability(m),
    ),
)
RMSE_SAMPLED = Metric(
    measures.rmse_sampled,
    (*BOUND, "decode"),
    {
        "rmse_sampled": f"{GREY}; from one sample of z (seed {POSTERIOR_SEED}); "
        "mean over images"
    },
    _is_probability,
)
SAMPLED = Metric(measures.sampled_nll, BOUND, _describe_sampled, _is_sampled)
DEQUANTISED = Metric(
    measures.dequantised_bound,
    BOUND,
    {
        "bits_per_dim_dequantised": "upper bound on −log₂ of the probability that the "
        "density gives to the cell of a byte: all test images, level k at (k + u) / "
        f"256, u uniform (seed {DEQUANTISATION_SEED}); one sample of z each; −elbo of "
        "these / (values of an image · ln 2) + 8"
    },
    lambda m: not _is_probability(m) and m.has_bytes,
)
SPREAD = (
    Metric(
        measures.sigma,
        ("decode",),
        {"sigma": "learned standard deviation of a pixel, grey levels"},
        lambda m: hasattr(m.model.likelihood, "log_sigma"),
    ),
    Metric(
        measures.logistic_scale,
        ("decode",),
        {
            "logistic_scale": "mean of the learned scales of the logistic distribution "
            "of a pixel, grey levels of [0, 1]"
        },
        lambda m: hasattr(m.model.likelihood, "log_scale"),
    ),
)
