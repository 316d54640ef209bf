"""Recorded runs of conditional VAEs, and of the classifier that scores digits."""

import functools
from dataclasses import asdict, replace

import numpy as np
from recording import (
    SEED,
    append_metrics,
    as_run,
    as_single_run,
    count_images,
    describe,
    load,
    measure,
    train,
)

from vae_utils import configurations, evaluation, latent, networks, training
from vae_utils.pixels import to_bytes
from vae_utils.runs import pictures

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


def record_classifier():
    """Trains the classifier of `90_classifier`, and keeps its weights."""
    data = load("mnist")
    configuration = configurations.ClassifierConfiguration()
    trained = train(configuration, data, SEED, rounded=True)
    return as_run(
        describe_classifier(configuration, data, trained),
        trained.minutes,
        trained.history,
        measure_classifier(trained.model, data),
        parts=training.parts_of(trained.model),
    )


def describe_classifier(configuration, data, trained):
    """States how the classifier was trained and measured."""
    count = len(data.x_test)
    return {
        "data": data.provenance,
        "split": count_images(data),
        "network": "convolutions 8-16-32-64, each with pooling and dropout",
        "optimiser": "Adam, its rate falling to zero along a cosine; grey images",
        "configuration": asdict(configuration),
        "epochs": configuration.epochs,
        "seeds": [SEED],
        **trained.about,
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


def record_labelled(ways, seeds):
    """Trains with the label told to none, both, or one of the networks."""
    data = load("mnist")
    metrics, histories, minutes, commands = {}, {}, 0.0, []
    for labelled in ways:
        configuration = replace(CHAPTER, labelled=labelled)
        for seed in seeds:
            trained = train(configuration, data, seed)
            minutes += trained.minutes
            commands += trained.commands
            for key, values in trained.history.items():
                histories[f"{labelled} seed {seed} {key}"] = values
            measured = measure(trained, data).items()
            append_metrics(metrics, {f"{labelled} {k}": v for k, v in measured})
    told = replace(CHAPTER, labelled="both")
    about = describe(told, data, seeds, labelled=list(ways), commands=commands)
    del about["configuration"]["labelled"]
    return as_run(about, minutes, histories, metrics)


def record_planes():
    """Trains a VAE and a conditional one of two latent dimensions."""
    data = load("mnist")
    metrics, histories, minutes, commands = {}, {}, 0.0, []
    arrays = {"labels": data.y_test[:POINTS]}
    for labelled in ("none", "both"):
        trained = train(replace(PLANE, labelled=labelled), data, SEED)
        minutes += trained.minutes
        commands += trained.commands
        labels = None if labelled == "none" else data.y_test[:POINTS]
        z_mean, _ = latent.encode(trained.model, data.x_test[:POINTS], labels)
        arrays[f"{labelled} z_mean"] = z_mean.astype(np.float16)
        for key, values in trained.history.items():
            histories[f"{labelled} {key}"] = values
        for key, value in measure(trained, data).items():
            metrics[f"{labelled} {key}"] = value
    told = replace(PLANE, labelled="both")
    about = describe(told, data, [SEED], labelled=["none", "both"], commands=commands)
    about["network"] = replace(PLANE, labelled="none").encoder_layers
    del about["configuration"]["labelled"]
    return as_run(about, minutes, histories, metrics, arrays)


def record_project(preset, configuration, weights=False):
    """Trains a project's conditional network for as long as it does."""
    data = load("mnist")
    trained = train(configuration, data, SEED, preset=preset, rounded=weights)
    return as_single_run(configuration, data, trained, draw(trained.model, data))


def draw(vae, data):
    """Reconstructs digits, and asks for each of the ten in several ways."""
    digits, count = np.arange(10), 10 * STYLES
    average = pictures.average_codes(vae, data)
    random = latent.sample_prior(count, average.shape[1], seed=SEED)
    shown, labels = data.x_test[:10], data.y_test[:10]
    z_mean, _ = latent.encode(vae, shown, labels)
    asked = {
        "reconstructions": (z_mean, labels),
        "gen_ave": (average, digits),
        "gen_rand": (random, np.tile(digits, STYLES)),
        "styles": (np.repeat(random[:STYLES], 10, axis=0), np.tile(digits, STYLES)),
    }
    arrays = {name: to_bytes(latent.decode(vae, *each)) for name, each in asked.items()}
    means = average.astype(np.float16)
    return arrays | {"input": shown, "labels": labels, "class_means": means}


def project_runs():
    """Names the conditional networks of the projects; the small ones keep weights.

    One of them is trained twice: with what the project's latest program gives to all
    its models, and with what the program made for this one had.
    """
    slow = {"learning_rate": 1e-3, "epochs": 200}
    changes = {("asahi417-cvae-2cnn", "_slow"): slow}
    projects = configurations.PROJECTS
    labelled = [name for name in projects if projects[name].labelled != "none"]
    return {
        f"project_{preset}{ending}": functools.partial(
            record_project,
            preset,
            replace(projects[preset], **changes.get((preset, ending), {})),
            weights=projects[preset].encoder != "fc",
        )
        for preset, ending in [*((name, "") for name in labelled), *changes]
    }


CLASSIFIER = {"classifier": record_classifier}
RUNS = {
    "labelled": functools.partial(record_labelled, networks.LABELLED, SEEDS),
    "labelled_more": functools.partial(record_labelled, ("both",), MORE_SEEDS),
    "cvae_planes": record_planes,
    **project_runs(),
}
