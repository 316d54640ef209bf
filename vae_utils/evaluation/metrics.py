"""The registry of metrics: what each measures, how, and what a model needs for it.

This is the book's protocol: every number in a table of results is measured here. Each
metric asks for abilities, so that it works for any model that has them, and describes
itself.
"""

import dataclasses
from collections.abc import Callable

from vae_utils.evaluation import measures
from vae_utils.evaluation.codes import ACTIVE_VARIANCE
from vae_utils.evaluation.measurement import (
    BINARISATION_SEED,
    POSTERIOR_SEED,
    PRIOR_SEED,
    SAME_IMAGES_SAMPLES,
    TEST_STRIDE,
    Measurement,
)
from vae_utils.models.abilities import missing

BINARISED = f"test images, binarised once (dynamic, seed {BINARISATION_SEED})"
STRIDED = f"every {TEST_STRIDE}th of the {BINARISED}"
GREY = "all grey test images"
BOUND = ("encode", "log_weights")


@dataclasses.dataclass(frozen=True)
class Metric:
    """Numbers that are measured together.

    Args:
        measure: function of a `Measurement` that returns name → number.
        needs: abilities that the model must have, keys of `models.abilities.ABILITIES`.
        describe: name → how it is measured, or a function of a `Measurement`.
        applies: function of a `Measurement`: whether the numbers mean anything here.
    """

    measure: Callable
    needs: tuple[str, ...]
    describe: dict | Callable
    applies: Callable = lambda measurement: True


def measure(model, data, **options) -> tuple[dict, dict]:
    """Measures a model on test images, with every metric that it has abilities for.

    Args:
        model: `models.VAE` or another model.
        data: `datasets.Dataset`.
        **options: as for `Measurement`.

    Returns:
        Name → number, in nats per image, grey levels (RMSE) or units, and name → how it
        was measured.
    """
    measurement = Measurement(model, data, **options)
    numbers, descriptions = {}, {}
    for metric in METRICS:
        if missing(model, metric.needs) or not metric.applies(measurement):
            continue
        numbers |= metric.measure(measurement)
        described = metric.describe
        descriptions |= described(measurement) if callable(described) else described
    return numbers, descriptions


def measure_generated(model, classifier, data) -> dict[str, float]:
    """Measures generated images, as the metric of that name describes.

    Args:
        model: `models.VAE`, or another model with a prior; a conditional one gets the
            labels of the test images.
        classifier: as built by `networks.build_classifier`, trained.
        data: `datasets.Dataset`.

    Returns:
        `fdd`, in squared units of the classifier's features; of a conditional model
        also `conditional_accuracy`, in [0, 1].
    """
    return measures.generated(Measurement(model, data, classifier=classifier))


def _describe_bound(m):
    described = {
        "elbo": f"all {BINARISED}; one sample of z each; nats",
        "nll": "part of elbo",
        "kl": "part of elbo",
    }
    if m.model.conditional:
        described["labels"] = (
            "the model gets those of the test images; elbo and is_nll are of p(x|y), "
            "or of p(x) if its decoder ignores them"
        )
    return described


def _describe_rmse(m):
    source = "their codes" if missing(m.model, BOUND) else "the mean of q(z|x)"
    return {"rmse_mean": f"{GREY}; from {source}; mean over images"}


def _describe_generated(m):
    described = {
        "generated": "one image per test image, with that image's label if the model "
        f"is conditional: decoder mean, z from the prior (seed {PRIOR_SEED})",
        "fdd": "Fréchet digit distance between these and the grey test images",
    }
    if m.model.conditional:
        described["conditional_accuracy"] = (
            "share of these that the classifier assigns to the label they were "
            "generated with"
        )
    return described


def _is_probability(m):
    return m.model.likelihood.is_probability


LOSS = "not a bound on a probability, but what a program trained on grey images prints"
DENSITY = "nats of a density, not comparable with a probability or another sigma"
METRICS = (
    Metric(measures.bound, BOUND, _describe_bound, _is_probability),
    Metric(
        measures.grey_bound,
        BOUND,
        {
            "grey_nll": f"{GREY}; one sample of z each; nats; {LOSS}",
            "grey_kl": f"{GREY}; nats",
        },
        _is_probability,
    ),
    Metric(
        measures.density_bound,
        BOUND,
        {
            "elbo": f"{GREY}; one sample of z each; {DENSITY}",
            "nll": "part of elbo",
            "kl": "part of elbo",
        },
        lambda m: not _is_probability(m),
    ),
    Metric(
        measures.reconstruction,
        ("encode", "decode"),
        lambda m: {
            "nll": f"all test images, binarisation {m.binarisation}; nats; not a bound "
            "on log p"
        },
        lambda m: bool(missing(m.model, BOUND)),
    ),
    Metric(
        measures.rmse_mean,
        ("encode", "decode"),
        _describe_rmse,
    ),
    Metric(
        measures.rmse_sampled,
        (*BOUND, "decode"),
        {
            "rmse_sampled": f"{GREY}; from one sample of z (seed {POSTERIOR_SEED}); "
            "mean over images"
        },
        _is_probability,
    ),
    Metric(
        measures.active_units,
        BOUND,
        {
            "active_units": f"{GREY}; dimensions whose posterior mean has a variance "
            f"above {ACTIVE_VARIANCE}"
        },
    ),
    Metric(
        measures.sampled_nll,
        BOUND,
        lambda m: {
            "elbo_same_images": f"{STRIDED}; {SAME_IMAGES_SAMPLES} samples of z each; "
            "nats",
            "is_nll": f"{STRIDED}; importance-sampled, K = {m.is_samples}; nats",
        },
        lambda m: _is_probability(m) and m.is_samples is not None,
    ),
    Metric(
        measures.sigma,
        ("decode",),
        {"sigma": "learned standard deviation of a pixel, grey levels"},
        lambda m: "likelihood" in m.model.parts,
    ),
    Metric(
        measures.generated,
        ("sample", "decode"),
        _describe_generated,
        lambda m: m.classifier is not None,
    ),
    Metric(
        measures.accuracy,
        ("classify",),
        lambda m: dict.fromkeys(
            ("val_accuracy", "test_accuracy"), "share of images classified as labelled"
        ),
    ),
)
