"""Numbers of a run's model, on test images."""

from vae_utils import evaluation, provenance
from vae_utils.configurations import model_class
from vae_utils.models.abilities import missing
from vae_utils.runs import loading

CLASSIFIER = "classifier"  # recorded run that scores generated images
LEFT_OUT = "fdd is not measured: its classifier knows only the digits of MNIST."


def summarise(run, data, is_samples: int | None = None) -> dict:
    """Measures a run's model on test images, and states how and where.

    Args:
        run: as `loading.find` returns it.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        What `metrics.json` holds: the numbers under `metrics`, how each was measured
        under `measured`, and a sentence on what was not, under `left_out`.
    """
    metrics, measured = measure(
        loading.load(run), run.configuration, data, is_samples=is_samples
    )
    return {
        "epoch": run.epoch,
        "minutes": run.minutes,
        "data": data.provenance,
        "versions": provenance.versions(),
        "hardware": provenance.hardware(),
        "metrics": metrics,
        "measured": measured,
        **_name_left_out(run),
    }


def _name_left_out(run):
    """Says which number of generated images these data cannot have."""
    model = model_class(run.configuration.model)
    of_digits = run.data == loading.find_recorded(CLASSIFIER).data
    generates = not missing(model, ("sample", "decode"))
    return {"left_out": LEFT_OUT} if generates and not of_digits else {}


def measure(model, configuration, data, *, is_samples: int | None = None):
    """Measures a model with everything that `evaluation` has for it.

    Args:
        model: as `loading.load` returns it.
        configuration: of the model.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        Name → number, and name → how it was measured.
    """
    return evaluation.measure(
        model,
        data,
        is_samples=is_samples,
        binarisation=configuration.binarisation,
        dequantisation=configuration.dequantisation,
        classifier=_load_classifier(data),
    )


def _load_classifier(data):
    """Loads the recorded classifier, if it was trained on this data."""
    run = loading.find_recorded(CLASSIFIER)
    if not (data.name == run.data and data.complete):
        return None
    return loading.load(run).network
