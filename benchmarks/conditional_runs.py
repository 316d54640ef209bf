"""Recorded runs of conditional VAEs, and of the classifier that scores digits."""

import functools
import time
from dataclasses import replace

import numpy as np
from recording import (
    IS_SAMPLES,
    SEED,
    append_metrics,
    as_bytes,
    as_run,
    describe,
    load,
    train,
)

from vae_utils import (
    classification,
    configurations,
    evaluation,
    latent,
    networks,
    pretrained,
    protocol,
    training,
)

CHAPTER = configurations.Configuration(
    encoder="conv",
    decoder="conv",
    latent_dim=20,
    hidden=(),
    batch_size=100,
    decay=True,
    epochs=10,
)
PLANE = configurations.Configuration(epochs=15, decay=True)  # two latent dimensions
SEEDS = (11, 12, 13, 14)
POINTS = 2000  # codes kept for figures
STYLES = 10  # rows of digits kept for figures
PROJECT_EPOCHS = 30


def record_classifier():
    """Trains the classifier of `90_classifier`, and keeps its weights."""
    data = load("mnist")
    began = time.monotonic()
    classifier, history = classification.train_classifier(
        data, seed=SEED, callbacks=[training.Progress()]
    )
    minutes = (time.monotonic() - began) / 60
    pretrained.round_weights(classifier)
    train_images = data.x_train[: len(data.x_test)]
    metrics, features = {}, {}
    for name, images, labels in (
        ("validation", data.x_val, data.y_val),
        ("test", data.x_test, data.y_test),
        ("train", train_images, data.y_train[: len(data.x_test)]),
    ):
        found, features[name] = evaluation.classify(classifier, images)
        metrics[f"{name}_accuracy"] = float(np.mean(found == labels))
    metrics["fdd_train"] = evaluation.frechet_digit_distance(
        features["train"], features["test"]
    )
    metrics["parameters"] = classifier.count_params()
    about = {
        "data": data.provenance,
        "split": f"{len(data.x_train)} train, {len(data.x_val)} validation, "
        f"{len(data.x_test)} test",
        "network": classifier.name,
        "training": "the defaults of classification.train_classifier",
        "epochs": len(history["loss"]),
        "seeds": [SEED],
        "measured": {
            "accuracy": "share of images; weights rounded to float16; of the training "
            f"images the first {len(train_images)}",
            "fdd_train": f"Fréchet digit distance between the first "
            f"{len(train_images)} training images and all test images",
        },
    }
    run = as_run(about, minutes, history, metrics)
    return run | {"parts": {"classifier": classifier}}


def load_classifier():
    """Builds the recorded classifier."""
    classifier = networks.build_classifier()
    pretrained.load_weights({"classifier": classifier}, "classifier")
    return classifier


def record_labelled():
    """Trains with the label told to none, both, or one of the networks."""
    data, classifier = load("mnist"), load_classifier()
    metrics, histories, minutes = {}, {}, 0.0
    for labelled in networks.LABELLED:
        configuration = replace(CHAPTER, labelled=labelled)
        for seed in SEEDS:
            print(labelled, seed, flush=True)
            vae, history, spent = train(configuration, data, seed)
            minutes += spent
            for key, values in history.items():
                histories[f"{labelled} seed {seed} {key}"] = values
            measured = protocol.measure(vae, data, is_samples=IS_SAMPLES)
            measured |= protocol.measure_generated(vae, classifier, data)
            named = {f"{labelled} {key}": value for key, value in measured.items()}
            append_metrics(metrics, named)
    about = describe(CHAPTER, data, SEEDS, labelled=list(networks.LABELLED))
    about["measured"] |= protocol.describe_generated()
    del about["configuration"]["labelled"]
    return as_run(about, minutes, histories, metrics)


def record_planes():
    """Trains a VAE and a conditional one of two latent dimensions."""
    data = load("mnist")
    metrics, histories, minutes = {}, {}, 0.0
    arrays = {"labels": data.y_test[:POINTS]}
    for labelled in ("none", "both"):
        vae, history, spent = train(replace(PLANE, labelled=labelled), data, SEED)
        minutes += spent
        labels = None if labelled == "none" else data.y_test[:POINTS]
        z_mean, z_log_var = latent.encode(vae, data.x_test[:POINTS], labels)
        arrays[f"{labelled} z_mean"] = z_mean.astype(np.float16)
        for key, values in history.items():
            histories[f"{labelled} {key}"] = values
        for key, value in protocol.measure(vae, data, is_samples=IS_SAMPLES).items():
            metrics[f"{labelled} {key}"] = value
    about = describe(PLANE, data, [SEED], labelled=["none", "both"])
    del about["configuration"]["labelled"]
    return as_run(about, minutes, histories, metrics, arrays)


def record_project(configuration):
    """Trains a project's conditional network."""
    data, classifier = load("mnist"), load_classifier()
    vae, history, minutes = train(configuration, data, SEED)
    digits = np.tile(np.arange(10), STYLES)
    codes, _ = latent.encode(vae, data.x_train, data.y_train)
    average = np.stack(
        [codes[data.y_train == digit].mean(axis=0) for digit in range(10)]
    )
    random = latent.sample_prior(len(digits), configuration.latent_dim, seed=SEED)
    shown, labels = data.x_test[:10], data.y_test[:10]
    z_mean, _ = latent.encode(vae, shown, labels)
    arrays = {
        "input": shown,
        "labels": labels,
        "reconstructions": as_bytes(latent.decode(vae, z_mean, labels)),
        "class_means": average.astype(np.float16),
        "gen_ave": as_bytes(latent.decode(vae, average, np.arange(10))),
        "gen_rand": as_bytes(latent.decode(vae, random, digits)),
        "styles": as_bytes(
            latent.decode(vae, np.repeat(random[:STYLES], 10, axis=0), digits)
        ),
    }
    metrics = protocol.measure(vae, data, is_samples=IS_SAMPLES)
    metrics |= protocol.measure_generated(vae, classifier, data)
    metrics["parameters"] = vae.encoder.count_params() + vae.decoder.count_params()
    about = describe(configuration, data, [SEED])
    about["measured"] |= protocol.describe_generated()
    return as_run(about, minutes, history, metrics, arrays)


def project_runs():
    """Names the conditional networks of the projects."""
    return {
        f"project_{name}": functools.partial(
            record_project, replace(project, epochs=PROJECT_EPOCHS)
        )
        for name, project in configurations.PROJECTS.items()
        if project.labelled != "none"
    }


CLASSIFIER = {"classifier": record_classifier}
RUNS = {
    "labelled": record_labelled,
    "cvae_planes": record_planes,
    **project_runs(),
}
