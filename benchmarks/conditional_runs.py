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
MORE_SEEDS = (15, 16, 17, 18, 19, 20)  # for the band of `04_cvae`
POINTS = 2000  # codes kept for figures
STYLES = 10  # rows of digits kept for figures
PROJECT_EPOCHS = 30  # a fifth of theirs
CLASSIFIER_CHOICES = {
    "epochs": 12,
    "batch_size": 128,
    "learning_rate": 2e-3,
    "dropout": 0.1,
}


def record_classifier():
    """Trains the classifier of `90_classifier`, and keeps its weights."""
    data = load("mnist")
    began = time.monotonic()
    classifier, history = classification.train_classifier(
        data, seed=SEED, callbacks=[training.Progress()], **CLASSIFIER_CHOICES
    )
    minutes = (time.monotonic() - began) / 60
    pretrained.round_weights(classifier)
    metrics = measure_classifier(classifier, data)
    run = as_run(describe_classifier(data), minutes, history, metrics)
    return run | {"parts": {"classifier": classifier}}


def describe_classifier(data):
    """States how the classifier was trained and measured."""
    count = len(data.x_test)
    return {
        "data": data.provenance,
        "split": f"{len(data.x_train)} train, {len(data.x_val)} validation, "
        f"{count} test",
        "network": "convolutions 8-16-32-64, each with pooling and dropout",
        "optimiser": "Adam, its rate falling to zero along a cosine; grey images",
        "choices": CLASSIFIER_CHOICES,
        "epochs": CLASSIFIER_CHOICES["epochs"],
        "seeds": [SEED],
        "measured": {
            "…_accuracy": "share of images classified as labelled, after rounding the "
            f"weights to float16; of the training images the first {count}",
            "fdd_train": f"Fréchet digit distance between the first {count} training "
            "images and all test images",
        },
    }


def measure_classifier(classifier, data):
    """Measures accuracies, and the distance of real digits from real digits."""
    count = len(data.x_test)
    metrics, features = {"parameters": classifier.count_params()}, {}
    for name, images, labels in (
        ("validation", data.x_val, data.y_val),
        ("test", data.x_test, data.y_test),
        ("train", data.x_train[:count], data.y_train[:count]),
    ):
        found, features[name] = evaluation.classify(classifier, images)
        metrics[f"{name}_accuracy"] = float(np.mean(found == labels))
    metrics["fdd_train"] = evaluation.frechet_digit_distance(
        features["train"], features["test"]
    )
    return metrics


def load_classifier():
    """Builds the recorded classifier."""
    classifier = networks.build_classifier()
    pretrained.load_weights({"classifier": classifier}, "classifier")
    return classifier


def record_labelled(ways, seeds):
    """Trains with the label told to none, both, or one of the networks."""
    data, classifier = load("mnist"), load_classifier()
    metrics, histories, minutes = {}, {}, 0.0
    for labelled in ways:
        configuration = replace(CHAPTER, labelled=labelled)
        for seed in seeds:
            print(labelled, seed, flush=True)
            vae, history, spent = train(configuration, data, seed)
            minutes += spent
            for key, values in history.items():
                histories[f"{labelled} seed {seed} {key}"] = values
            measured = protocol.measure(vae, data, is_samples=IS_SAMPLES)
            measured |= protocol.measure_generated(vae, classifier, data)
            named = {f"{labelled} {key}": value for key, value in measured.items()}
            append_metrics(metrics, named)
    about = describe_labelled(data, ways, seeds)
    return as_run(about, minutes, histories, metrics)


def describe_labelled(data, ways, seeds):
    """States how the four ways to tell the label were trained and measured."""
    told = replace(CHAPTER, labelled="both")
    about = describe(told, data, seeds, labelled=list(ways))
    about["measured"] |= describe_generated()
    del about["configuration"]["labelled"]
    return about


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
    about = describe_planes(data)
    return as_run(about, minutes, histories, metrics, arrays)


def describe_planes(data):
    """States how the two models of two latent dimensions were trained."""
    told = replace(PLANE, labelled="both")
    about = describe(told, data, [SEED], labelled=["none", "both"])
    about["network"] = replace(PLANE, labelled="none").encoder_layers
    del about["configuration"]["labelled"]
    return about


def record_project(configuration):
    """Trains a project's conditional network."""
    data, classifier = load("mnist"), load_classifier()
    vae, history, minutes = train(configuration, data, SEED)
    metrics = protocol.measure(vae, data, is_samples=IS_SAMPLES)
    metrics |= protocol.measure_generated(vae, classifier, data)
    metrics["parameters"] = vae.encoder.count_params() + vae.decoder.count_params()
    about = describe_project(configuration, data)
    return as_run(about, minutes, history, metrics, draw(vae, data))


def describe_project(configuration, data):
    """States how a project's conditional network was trained and measured."""
    about = describe(configuration, data, [SEED])
    about["measured"] |= describe_generated()
    return about


def draw(vae, data):
    """Reconstructs digits, and asks for each of the ten in several ways."""
    digits, count = np.arange(10), 10 * STYLES
    codes, _ = latent.encode(vae, data.x_train, data.y_train)
    average = np.stack([codes[data.y_train == d].mean(axis=0) for d in digits])
    random = latent.sample_prior(count, codes.shape[1], seed=SEED)
    shown, labels = data.x_test[:10], data.y_test[:10]
    z_mean, _ = latent.encode(vae, shown, labels)
    asked = {
        "reconstructions": (z_mean, labels),
        "gen_ave": (average, digits),
        "gen_rand": (random, np.tile(digits, STYLES)),
        "styles": (np.repeat(random[:STYLES], 10, axis=0), np.tile(digits, STYLES)),
    }
    arrays = {name: as_bytes(latent.decode(vae, *each)) for name, each in asked.items()}
    means = average.astype(np.float16)
    return arrays | {"input": shown, "labels": labels, "class_means": means}


def describe_generated():
    """States how generated digits were measured, and by which classifier."""
    files = pretrained.load_run("classifier").files
    return protocol.describe_generated() | {"classifier": files}


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
    "labelled": functools.partial(record_labelled, networks.LABELLED, SEEDS),
    "labelled_more": functools.partial(record_labelled, ("both",), MORE_SEEDS),
    "cvae_planes": record_planes,
    **project_runs(),
}
