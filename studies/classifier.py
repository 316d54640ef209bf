"""The classifier of `90_classifier`, and one of clothes; both score what is drawn."""

import functools

import numpy as np

from studies.protocol import count_images
from studies.recording import SEED, load, train
from vae_utils import evaluation
from vae_utils.configurations import ClassifierConfiguration


def record(name):
    """Trains the classifier on a data set, and keeps its weights."""
    data, configuration = load(name), ClassifierConfiguration()
    trained = train(configuration, data, SEED, rounded=True)
    metrics = measure(trained.model.parts["classifier"], data)
    return {
        "protocol": describe(configuration, data),
        "minutes": trained.source.minutes,
        "results": [trained.make_result(metrics, alone=True)],
        "parts": trained.model.parts,
    }


def describe(configuration, data):
    """States how the classifier was trained and measured."""
    count = len(data.x_test)
    filters = "-".join(map(str, configuration.filters))
    return {
        "data": data.provenance,
        "image_shape": list(data.image_shape),
        "classes": data.classes,
        "split": count_images(data),
        "network": f"convolutions {filters}, each with pooling and dropout",
        "optimiser": "Adam, its learning rate falling to zero along a cosine; grey "
        "images",
        "measured": {
            "…_accuracy": "share of images classified as labelled, after rounding the "
            f"weights to float16; of the training images the first {count}",
            "fdd_train": f"Fréchet digit distance between the first {count} training "
            "images and all test images",
        },
    }


def measure(network, data):
    """Measures accuracies, and the distance of real images from real images."""
    count = len(data.x_test)
    metrics, features = {"parameters": network.count_params()}, {}
    for name, images, labels in (
        ("validation", data.x_val, data.y_val),
        ("test", data.x_test, data.y_test),
        ("train", data.x_train[:count], data.y_train[:count]),
    ):
        predictions, features[name] = evaluation.classify(network, images)
        metrics[f"{name}_accuracy"] = float(np.mean(predictions == labels))
    metrics["fdd_train"] = evaluation.frechet_digit_distance(
        features["train"], features["test"]
    )
    return metrics


STUDIES = {
    "classifier": functools.partial(record, "mnist"),
    "classifier_fashion": functools.partial(record, "fashion_mnist"),
}
