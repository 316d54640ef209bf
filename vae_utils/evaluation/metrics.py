"""The registry of metrics: what each measures, how, and what a model needs for it.

This is the book's protocol: every number in a table of results is measured here. Each
metric asks for abilities, so that it works for any model that has them, and describes
itself.
"""

from vae_utils.evaluation import likelihood_metrics, measures
from vae_utils.evaluation.codes import ACTIVE_VARIANCE
from vae_utils.evaluation.likelihood_metrics import BOUND, DISCRETE, name_images
from vae_utils.evaluation.measurement import PRIOR_SEED, Measurement
from vae_utils.evaluation.metric import Metric
from vae_utils.models.abilities import missing


def measure(model, data, **options) -> tuple[dict, dict]:
    """Measures a model on test images, with every metric that it has abilities for.

    Args:
        model: `models.VAE` or another model.
        data: `datasets.Dataset`.
        **options: as for `Measurement`.

    Returns:
        Name → number, in nats per image, bits per dimension, grey levels (RMSE) or
        units, and name → how it was measured.
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


def _is_not_bounded(m):
    """Tells whether no bound has the reconstruction term as its part."""
    has_codes = not missing(m.model, DISCRETE) and m.levels is not None
    return bool(missing(m.model, BOUND)) and not has_codes


def _describe_rmse(m):
    source = "their codes" if missing(m.model, BOUND) else "the mean of q(z|x)"
    return {"rmse_mean": f"{name_images(m)}; from {source}; mean over images"}


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


METRICS = (
    *likelihood_metrics.BOUNDS,
    likelihood_metrics.BOUND_BY_CODES,
    Metric(
        measures.codebook,
        DISCRETE,
        lambda m: {
            "codes_used": f"of {m.model.codebook.size}, by all test images, "
            f"binarisation {m.binarisation}",
            "perplexity": "number of codes that would have the same entropy, if used "
            "equally",
        },
    ),
    Metric(
        measures.reconstruction,
        ("encode", "decode"),
        lambda m: {
            "nll": f"all test images, binarisation {m.binarisation}; nats; not a bound "
            "on log p"
        },
        _is_not_bounded,
    ),
    Metric(
        measures.rmse_mean,
        ("encode", "decode"),
        _describe_rmse,
    ),
    likelihood_metrics.RMSE_SAMPLED,
    Metric(
        measures.active_units,
        BOUND,
        lambda m: {
            "active_units": f"{name_images(m)}; dimensions whose posterior mean has a "
            f"variance above {ACTIVE_VARIANCE}"
        },
        lambda m: len(m.data.x_test) > 1,
    ),
    likelihood_metrics.SAMPLED,
    likelihood_metrics.DEQUANTISED,
    *likelihood_metrics.SPREAD,
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
