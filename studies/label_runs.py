"""Training runs of the networks of `04_cvae`, kept one by one for several studies."""

import functools
import gc
import time
from dataclasses import replace

import keras
import numpy as np

from studies import resident
from studies.commands import PROGRAM, write_options
from studies.keeping import keep
from studies.protocol import CLASSIFIER, IS_SAMPLES
from studies.recording import load_classifier
from vae_utils import evaluation, latent, pixels, runs, training
from vae_utils.configurations import ConditionalVAEConfiguration, VAEConfiguration

OPTIONS = {
    "encoder": "conv",
    "decoder": "conv",
    "latent_dim": 20,
    "hidden": (),
    "batch_size": 100,
    "decay": True,
    "epochs": 10,
}
BOTH = ConditionalVAEConfiguration(**OPTIONS)
ALL = (
    VAEConfiguration(**OPTIONS),
    BOTH,
    replace(BOTH, conditioned="encoder"),
    replace(BOTH, conditioned="decoder"),
)
SEEDS = tuple(range(11, 21))  # of the networks that are compared by who gets the label
CLASSIFIERS = {"mnist": CLASSIFIER, "fashion_mnist": f"{CLASSIFIER}_fashion"}
UNITS = {  # metric → units of the layer
    "dead_encoder_1": 16,
    "dead_encoder_2": 32,
    "dead_decoder_1": 1568,
    "dead_decoder_2": 16,
}


def run(data, configuration, seed) -> runs.Result:
    """Trains and measures a network, or reads what an earlier call has kept."""
    options = [*write_options(configuration), "--data", data.name, "--seed", str(seed)]
    text = " ".join(options)
    make = functools.partial(train_and_measure, configuration, data, seed)
    kept = keep("label_runs_" + "_".join(o.strip("-") for o in options), text, make)
    return runs.Result(
        configuration=configuration,
        seed=seed,
        images=len(data.x_train),
        commands=(
            f"{PROGRAM} train {text} --output-dir runs/this",
            f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
        ),
        **{name: value for name, value in kept.items() if name != "what"},
    )


def choose_run(study, data, *, labels):
    """Chooses what trains and measures a network here: an accelerator, or `run`.

    Args:
        study: that results of an accelerator are for.
        data: what to train on.
        labels: whether to measure what codes reveal about labels.

    Returns:
        Function of configuration and seed that returns a result.
    """
    if not resident.is_available():
        return functools.partial(run, data)

    def measure_one(model):
        metrics = measure(model, data)
        return {"metrics": metrics | (measure_labels(model, data) if labels else {})}

    return lambda configuration, seed: resident.run(
        study, configuration, data, seed, measure_one
    )


def train_and_measure(configuration, data, seed) -> dict:
    """Trains a network; returns minutes, seconds, metrics and the validation loss."""
    began, spent = time.monotonic(), time.process_time()
    model, history = training.train(configuration, data, seed=seed)
    spent, began = time.process_time() - spent, time.monotonic() - began
    metrics = measure(model, data)
    if configuration.activation == "relu" and seed in SEEDS:
        metrics |= measure_labels(model, data)
    del model
    keras.utils.clear_session()  # each leaves compiled functions
    gc.collect()
    return {
        "minutes": began / 60,
        "seconds": spent,
        "metrics": metrics,
        "history": {"val_loss": list(map(float, history["val_loss"]))},
    }


def measure(model, data) -> dict:
    """Measures the ELBO and its terms, IS-NLL, dead units and what is generated."""
    x, y = binarise(data, "test"), data.y_test if model.conditional else None
    metrics = evaluation.elbo_split(model, x, y)
    tenth = slice(None, None, evaluation.TEST_STRIDE)
    labels = None if y is None else y[tenth]
    nll = evaluation.importance_sampled_nll(model, x[tenth], labels, samples=IS_SAMPLES)
    metrics["is_nll"] = float(nll.mean())
    posterior = latent.encode(model, x, y)
    metrics["active_units"] = evaluation.active_units(posterior.mean)
    z = latent.draw_posterior(posterior, seed=0)
    metrics |= count_dead(
        "encoder", model.encoder, x if y is None else {"x": x, "y": y}
    )
    metrics |= count_dead(
        "decoder", model.decoder, z if y is None else {"z": z, "y": y}
    )
    classifier = load_classifier(CLASSIFIERS[data.name])
    return metrics | evaluation.measure_generated(model, classifier, data)


def count_dead(part, network, inputs) -> dict:
    """Counts the dead units of each layer of a network."""
    masks = evaluation.find_dead_units(network, inputs).values()
    dead = {f"dead_{part}_{i}": int(mask.sum()) for i, mask in enumerate(masks, 1)}
    sizes = {f"dead_{part}_{i}": len(mask) for i, mask in enumerate(masks, 1)}
    if not sizes.items() <= UNITS.items():
        raise ValueError(f"The layers are not those described. Received: {sizes}")
    return dead


def measure_labels(model, data) -> dict:
    """Measures what codes reveal about labels, and how far they are from the prior."""
    posteriors = {}
    for split in ("train", "test"):
        y = getattr(data, f"y_{split}") if model.conditional else None
        posteriors[split] = latent.encode(model, binarise(data, split), y)
    labels = data.y_test
    information = evaluation.label_information(
        posteriors["test"], labels, posteriors["train"], data.y_train
    )
    z = latent.draw_posterior(posteriors["test"], seed=0)
    classes = [evaluation.aggregate_kl_bound(z[labels == k]) for k in np.unique(labels)]
    return {f"label_{k}": v for k, v in information._asdict().items()} | {
        "aggregate_kl": evaluation.aggregate_kl_bound(z),
        "class_kl": float(np.average(classes, weights=np.bincount(labels))),
    }


def binarise(data, split):
    """Binarises the images of a split, as for every model."""
    images = getattr(data, f"x_{split}")
    return pixels.binarise(images, seed=evaluation.BINARISATION_SEED)
