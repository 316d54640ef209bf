"""Recipes for the classifier of `90_classifier`, compared on validation images.

Which recipe the chapter trains was chosen by the validation images; test images are
scored afterwards. The plain recipe's first seed is the study `classifier`. The
chapter's own recipe is trained by the chapter's cells.
"""

import dataclasses
import sys
import time
from pathlib import Path

import keras
import matplotlib
import nbformat
import numpy as np

from studies.keeping import keep
from studies.protocol import CLASSIFIER, count_images
from studies.recording import FOLDER, SEED, SEEDS, load, load_classifier, sum_minutes
from vae_utils import evaluation, runs, training
from vae_utils.configurations import ClassifierConfiguration

CHAPTER = Path(__file__).parents[1] / "notebooks" / "90_classifier.ipynb"
CELLS = ("imports", "hyper", "data", "build-network", "batches", "compile", "fit")
SEEDED = "profile.seed(default=1)"
OWN = "batch normalisation"  # the chapter's recipe
OWN_SEEDS = (11, 12, 13)  # none of them the chapter's own

PLAIN = ClassifierConfiguration()
SHIFTED = dataclasses.replace(PLAIN, augmentation="shifts", dropout=0.0)
WIDE = dataclasses.replace(SHIFTED, filters=(16, 32, 64, 64), kernel=3, epochs=8)
RECIPES = {
    "plain": PLAIN,
    "shifts": SHIFTED,
    "wide, shifts": WIDE,
    # The package's classifier has no batch normalisation: the protocol names it.
    OWN: dataclasses.replace(WIDE, dropout=0.3, epochs=5, learning_rate=4e-3),
}
TRIALS = [
    *(("plain", seed) for seed in SEEDS),
    ("shifts", SEED),
    *(("wide, shifts", seed) for seed in SEEDS),
    *((OWN, seed) for seed in OWN_SEEDS),
]
PREDICTORS = {
    "accuracy": evaluation.class_probabilities,
    "averaged": evaluation.average_over_shifts,
}


def record():
    """Trains each recipe, and measures it with and without averaging over shifts."""
    data, results, right = load("mnist"), [], []
    for label, seed in TRIALS:
        print(label, seed, flush=True)
        network, result = train(label, data, seed)
        metrics, correct = measure(network, data)
        results.append(dataclasses.replace(result, metrics=metrics))
        right.append(correct)
    return {
        "protocol": describe(data),
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": {"test_right": np.packbits(right, axis=-1)},
    }


def describe(data):
    """States how the recipes were trained and measured."""
    return {
        "data": data.provenance,
        "image_shape": list(data.image_shape),
        "classes": data.classes,
        "split": count_images(data),
        "optimiser": "Adam, its learning rate falling to zero along a cosine; grey "
        "images",
        "program": "dropout 0.3: cells of notebooks/90_classifier.ipynb, a network "
        "with batch normalisation, the last convolution without pooling, and dropout "
        "before the last layer only",
        "minutes": "of training, with the validation of every epoch, on a machine that "
        "had other work",
        "measured": {
            "seconds": "processor time of training, of all threads together",
            "…_accuracy": "share of images classified as labelled",
            "…_averaged": "the same, with probabilities averaged over nine copies of "
            "each image, shifted by up to one pixel",
            "…_accuracy_loss, …_averaged_loss": "mean cross-entropy, in nats",
            "test_right": "bits, 1 where a test image is classified as labelled: "
            "result × (accuracy, averaged) × image",
        },
    }


def train(label, data, seed):
    """Trains a recipe, or reads what there is of it; returns network and result."""
    configuration = RECIPES[label]
    if (configuration, seed) == (PLAIN, SEED):
        result = runs.load_study(CLASSIFIER).one
        plain = dataclasses.replace(result, settings=None, commands=())
        return load_classifier(), plain
    name = f"classifier_recipes_{label.replace(', ', '_').replace(' ', '_')}_{seed}"
    file = FOLDER / f"{name}.keras"

    def make():
        began = time.monotonic(), time.process_time()
        if label == OWN:
            network, history = train_chapter(seed)
        else:
            model, history = training.train(configuration, data, seed=seed)
            network = model.network
        seconds = time.process_time() - began[1]
        minutes = (time.monotonic() - began[0]) / 60
        FOLDER.mkdir(parents=True, exist_ok=True)
        network.save(file)
        return {"minutes": minutes, "seconds": seconds, "history": history}

    kept = keep(name, f"{configuration} seed {seed}", make)
    del kept["what"]
    images = len(data.x_train)
    fields = {"seed": seed, "images": images, "metrics": {}}
    result = runs.Result(configuration=configuration, **fields, **kept)
    return keras.models.load_model(file, compile=False), result


def train_chapter(seed):
    """Executes the chapter's cells with another seed; returns network and history."""
    matplotlib.use("agg")
    cells, names = read_cells(seed), {}
    for name in CELLS:
        exec(cells[name], names)
    return names["ours"], names["history"]


def read_cells(seed):
    """Reads the chapter's code, name → text, with another seed."""
    cells = {c.id: c.source for c in nbformat.read(CHAPTER, as_version=4).cells}
    if cells["hyper"].count(SEEDED) != 1:
        sys.exit(f"The chapter should set its seed once, by {SEEDED}.")
    cells["hyper"] = cells["hyper"].replace(SEEDED, str(seed))
    return cells


def measure(network, data):
    """Measures a network; returns numbers, and which test images are right."""
    metrics, right = {"parameters": network.count_params()}, []
    for name, predict in PREDICTORS.items():
        for split, x, y in (
            ("validation", data.x_val, data.y_val),
            ("test", data.x_test, data.y_test),
        ):
            p = predict(network, x)
            correct = p.argmax(axis=1) == y
            metrics[f"{split}_{name}"] = float(correct.mean())
            costs = -np.log(p[np.arange(len(y)), y])
            metrics[f"{split}_{name}_loss"] = float(costs.mean())
        right.append(correct)  # of the test images, the last split
    return metrics, right


STUDIES = {"classifier_recipes": record}
