"""The registry of metrics: what each measures, how, and what a model needs for it.

This is the book's protocol: every number in a table of results is measured here. Each
metric asks for abilities, so that it works for any model that has them, and describes
itself.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from vae_utils import latent
from vae_utils.evaluation.bounds import elbo_split, importance_sampled_nll
from vae_utils.evaluation.codes import ACTIVE_VARIANCE, active_units
from vae_utils.evaluation.images import classify, frechet_digit_distance, rmse
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
    return _generated(Measurement(model, data, classifier=classifier))


def _bound(m):
    return elbo_split(m.model, m.x_binarised, m.labels)


def _grey_bound(m):
    split = elbo_split(m.model, m.data.x_test, m.labels)
    return {"grey_nll": split["nll"], "grey_kl": split["kl"]}


def _density_bound(m):
    return elbo_split(m.model, m.data.x_test, m.labels)


def _reconstruction(m):
    x = m.x_as_trained
    codes = latent.encode_mean(m.model, x, m.labels)
    logits = latent.decode_logits(m.model, codes, m.labels)
    nll = np.array(m.model.likelihood.negative_log_likelihood(x, logits))
    return {"nll": float(nll.mean())}


def _rmse_mean(m):
    means = latent.decode(m.model, m.posterior.mean, m.labels)
    return {"rmse_mean": rmse(m.data.x_test, means)}


def _rmse_sampled(m):
    z = latent.sample_posterior(*m.posterior, seed=POSTERIOR_SEED)
    return {"rmse_sampled": rmse(m.data.x_test, latent.decode(m.model, z, m.labels))}


def _active_units(m):
    return {"active_units": active_units(m.posterior.mean)}


def _sampled_nll(m):
    images, labels = m.strided
    same = elbo_split(m.model, images, labels, samples=SAME_IMAGES_SAMPLES)
    nll = importance_sampled_nll(m.model, images, labels, samples=m.is_samples)
    return {"elbo_same_images": same["elbo"], "is_nll": float(nll.mean())}


def _sigma(m):
    return {"sigma": m.model.likelihood.sigma}


def _generated(m):
    z = latent.draw_codes(m.model, len(m.data.x_test), seed=PRIOR_SEED)
    images = latent.decode(m.model, z, m.labels)
    predictions, features = classify(m.classifier, images)
    _, real = classify(m.classifier, m.data.x_test)
    numbers = {"fdd": frechet_digit_distance(features, real)}
    if m.labels is not None:
        accuracy = float(np.mean(predictions == m.labels))
        numbers["conditional_accuracy"] = accuracy
    return numbers


def _accuracy(m):
    numbers = {}
    for split in ("val", "test"):
        images, labels = getattr(m.data, f"x_{split}"), getattr(m.data, f"y_{split}")
        predictions, _ = classify(m.model.network, images)
        numbers[f"{split}_accuracy"] = float(np.mean(predictions == labels))
    return numbers


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
    Metric(_bound, BOUND, _describe_bound, _is_probability),
    Metric(
        _grey_bound,
        BOUND,
        {
            "grey_nll": f"{GREY}; one sample of z each; nats; {LOSS}",
            "grey_kl": f"{GREY}; nats",
        },
        _is_probability,
    ),
    Metric(
        _density_bound,
        BOUND,
        {
            "elbo": f"{GREY}; one sample of z each; {DENSITY}",
            "nll": "part of elbo",
            "kl": "part of elbo",
        },
        lambda m: not _is_probability(m),
    ),
    Metric(
        _reconstruction,
        ("encode", "decode"),
        lambda m: {
            "nll": f"all test images, binarisation {m.binarisation}; nats; not a bound "
            "on log p"
        },
        lambda m: bool(missing(m.model, BOUND)),
    ),
    Metric(
        _rmse_mean,
        ("encode", "decode"),
        {"rmse_mean": f"{GREY}; from the mean of q(z|x); mean over images"},
    ),
    Metric(
        _rmse_sampled,
        (*BOUND, "decode"),
        {
            "rmse_sampled": f"{GREY}; from one sample of z (seed {POSTERIOR_SEED}); "
            "mean over images"
        },
        _is_probability,
    ),
    Metric(
        _active_units,
        BOUND,
        {
            "active_units": f"{GREY}; dimensions whose posterior mean has a variance "
            f"above {ACTIVE_VARIANCE}"
        },
    ),
    Metric(
        _sampled_nll,
        BOUND,
        lambda m: {
            "elbo_same_images": f"{STRIDED}; {SAME_IMAGES_SAMPLES} samples of z each; "
            "nats",
            "is_nll": f"{STRIDED}; importance-sampled, K = {m.is_samples}; nats",
        },
        lambda m: _is_probability(m) and m.is_samples is not None,
    ),
    Metric(
        _sigma,
        ("decode",),
        {"sigma": "learned standard deviation of a pixel, grey levels"},
        lambda m: "likelihood" in m.model.parts,
    ),
    Metric(
        _generated,
        ("sample", "decode"),
        _describe_generated,
        lambda m: m.classifier is not None,
    ),
    Metric(
        _accuracy,
        ("classify",),
        lambda m: dict.fromkeys(
            ("val_accuracy", "test_accuracy"), "share of images classified as labelled"
        ),
    ),
)
