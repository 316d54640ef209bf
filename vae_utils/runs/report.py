"""Numbers of a trained network, on test images."""

import numpy as np

from vae_utils import evaluation, latent, networks, pretrained, protocol
from vae_utils.configurations import Configuration
from vae_utils.likelihoods import Bernoulli, LearnedGaussian
from vae_utils.models import VAE, ConditionalVAE
from vae_utils.pixels import binarise
from vae_utils.provenance import hardware, versions
from vae_utils.runs import loading

JUDGE = "classifier"  # recorded run that scores generated digits
GREY = "all grey test images"


def summarise(source, data, is_samples: int | None = None) -> dict:
    """Measures a trained network on test images, and says how and where.

    Args:
        source: as `loading.find` returns it.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        What `metrics.json` holds: the numbers under `metrics`, what each is under
        `measured`.
    """
    metrics, measured = measure(
        loading.load(source), source.configuration, data, is_samples=is_samples
    )
    return {
        "epoch": source.epoch,
        "minutes": source.minutes,
        "data": data.provenance,
        "versions": versions(),
        "hardware": hardware(),
        "metrics": metrics,
        "measured": measured,
    }


def measure(model, configuration, data, *, is_samples: int | None = None):
    """Measures a trained network on test images.

    Args:
        model: as `loading.load` returns it.
        configuration: its record.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        Name → number, and name → how it was measured.
    """
    if not isinstance(configuration, Configuration):
        return _measure_classifier(model, data)
    if not isinstance(model, VAE):
        return _measure_autoencoder(model, configuration, data)
    if not isinstance(model.likelihood, Bernoulli):
        return _measure_density(model, data)
    conditional = configuration.labelled != "none"
    measured = protocol.measure(model, data, is_samples=is_samples)
    described = protocol.describe(is_samples, conditional=conditional)
    generated, how = _measure_generated(model, data)
    return measured | generated, described | how


def _measure_generated(model, data):
    """Judges generated digits, where the data is what the judge was trained on."""
    if not (data.name == "mnist" and data.complete):
        return {}, {}
    classifier = networks.build_classifier()
    pretrained.load_weights({"classifier": classifier}, JUDGE)
    described = protocol.describe_generated()
    if not isinstance(model, ConditionalVAE):
        del described["conditional_accuracy"]
    return protocol.measure_generated(model, classifier, data), described


def _measure_classifier(model, data):
    measured = {}
    for split in ("val", "test"):
        images, labels = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        found, _ = evaluation.classify(model, images)
        measured[f"{split}_accuracy"] = float(np.mean(found == labels))
    described = dict.fromkeys(measured, "share of images classified as labelled")
    return measured, described


def _measure_autoencoder(model, configuration, data):
    binarisation = configuration.binarisation
    x = binarise(data.x_test, binarisation, protocol.BINARISATION_SEED)
    logits = networks.call_in_batches(
        model.decoder, latent.encode(model, x), batch_size=1000
    )
    nll = np.array(model.likelihood.negative_log_likelihood(x, logits))
    measured = {
        "nll": float(nll.mean()),
        "rmse_mean": evaluation.rmse(
            data.x_test, latent.reconstruct(model, data.x_test)
        ),
    }
    described = {
        "nll": f"all test images, binarisation {binarisation}; nats; no bound on log p",
        "rmse_mean": f"{GREY}; from their codes; mean over images",
    }
    return measured, described


def _measure_density(model, data):
    labels = data.y_test if latent.takes_labels(model) else None
    split = evaluation.elbo_split(model, data.x_test, labels)
    z_mean, _ = latent.encode(model, data.x_test, labels)
    means = latent.decode(model, z_mean, labels)
    measured = split | {
        "rmse_mean": evaluation.rmse(data.x_test, means),
        "active_units": evaluation.active_units(z_mean),
    }
    described = protocol.describe()
    density = f"{GREY}; one sample of z each; nats of a density, comparable with no "
    described = {name: described[name] for name in measured} | {
        "elbo": f"{density}probability and no other sigma"
    }
    if isinstance(model.likelihood, LearnedGaussian):
        measured["sigma"] = model.likelihood.sigma
        described["sigma"] = "learned standard deviation of a pixel, grey levels"
    generated, how = _measure_generated(model, data)
    measured |= generated
    described |= how
    return measured, described
