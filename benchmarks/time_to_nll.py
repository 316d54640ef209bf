"""Measures how many seconds of training a validation NLL takes.

    python benchmarks/time_to_nll.py --epochs 60     prints the table
    python benchmarks/record_runs.py time_to_nll     writes the run to the package

Seconds are those of updates alone, the first epoch's compilation among them: neither
validation nor the NLL's own estimation counts. In the table that is printed, a
threshold is seen to be passed at the next estimate, up to five epochs late. The recipe
was chosen on validation images; test images are used once, at the end. Leave the
machine to it: two cores shared with others take longer.
"""

import argparse
import dataclasses
import functools
import time

import keras
from keeping import keep
from recording import (
    IS_SAMPLES,
    PROGRAM,
    SEED,
    SEEDS,
    append_metrics,
    as_run,
    count_parameters,
    describe,
    load,
    write_options,
)
from tabulate import tabulate

from vae_utils import configurations, evaluation, protocol, training
from vae_utils.pixels import binarise
from vae_utils.runs import report

# Chosen by the validation NLL; `recipe_choices.py` says what each choice is worth.
RECIPE = configurations.Configuration(
    hidden=(500, 500),
    latent_dim=40,
    activation="gelu",
    batch_size=256,
    learning_rate=2e-3,
    decay=True,
    epochs=200,
)
SHORT = 60  # epochs: the same recipe with less than a third of the time
THRESHOLDS = (100.0, 95.0, 90.0, 88.0, 86.76)  # nats; the last is published, K = 5,000
FEW = 5  # every so many epochs, and on every so many validation images
VALIDATION_NLL = (
    f"every {FEW}th validation image, binarised once, K = {IS_SAMPLES}; nats"
)
PUBLISHED_SAMPLES = 5000  # K of the papers


class TimeToNLL(keras.callbacks.Callback):
    """Counts seconds of updates, and estimates the validation NLL between them.

    Args:
        images: binarised validation images.
    """

    def __init__(self, images):
        super().__init__()
        self.images = images
        self.seconds = 0.0
        self.curve = {"epoch": [], "seconds": [], "validation NLL": []}

    def find(self, threshold):
        """Finds the seconds after which a threshold was seen to be passed, or None."""
        seconds = zip(self.curve["seconds"], self.curve["validation NLL"], strict=True)
        return next((spent for spent, nll in seconds if nll <= threshold), None)

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_test_begin(self, logs=None):  # the epoch's updates are done
        self.seconds += time.perf_counter() - self.began

    def on_epoch_end(self, epoch, logs=None):
        if epoch >= FEW and (epoch + 1) % FEW:
            return
        nll = evaluation.importance_sampled_nll(
            self.model, self.images, samples=IS_SAMPLES
        ).mean()
        row = epoch + 1, self.seconds, float(nll)
        for values, value in zip(self.curve.values(), row, strict=True):
            values.append(value)
        print(f"epoch {epoch + 1}, {self.seconds:.0f} s: {nll:.2f} nats", flush=True)


def choose_validation_images(data):
    """Binarises the validation images that the NLL is estimated on."""
    return binarise(data.x_val, seed=training.VALIDATION_SEED)[::FEW]


def measure(recipe, data, seed):
    """Trains by a recipe; returns the model, its history, and what was watched."""
    prepared = training.prepare(recipe, data, seed=seed)
    watch = TimeToNLL(choose_validation_images(data))
    history = training.fit(prepared, callbacks=[watch])
    return prepared.model, history, watch


def measure_test(model, data, draws):
    """Measures what came out, on all test images with each number of draws."""
    metrics = report.measure(model, RECIPE, data, is_samples=IS_SAMPLES)[0]
    images = binarise(data.x_test, seed=protocol.BINARISATION_SEED)
    for samples in draws:
        nll = evaluation.importance_sampled_nll(model, images, samples=samples).mean()
        metrics[f"test NLL, K = {samples}"] = float(nll)
        print(f"test NLL, K = {samples}: {nll:.3f} nats", flush=True)
    return metrics


def record(epochs=RECIPE.epochs, seeds=SEEDS):
    """Trains, measures, and names the arguments of `pretrained.save_run`."""
    data, recipe = load("mnist"), dataclasses.replace(RECIPE, epochs=epochs)
    metrics, histories, seconds = {}, {}, 0.0
    for seed in seeds:
        result = keep(
            f"time_to_nll_{epochs}_{seed}",
            command(recipe, data, seed),
            functools.partial(measure_seed, recipe, data, seed),
        )
        append_metrics(metrics, result["metrics"])
        for name, values in result["history"].items():
            histories[f"seed {seed} {name}"] = values
        seconds += result["seconds"]
    about = describe_run(recipe, data, seeds)
    return as_run(about, seconds / 60, histories, metrics)


def command(recipe, data, seed):
    """Writes the command that trains by a recipe."""
    options = " ".join(write_options(recipe))
    return f"{PROGRAM} train {options} --data {data.name} --seed {seed}"


def measure_seed(recipe, data, seed):
    """Trains once, prints when thresholds were passed, and measures."""
    model, history, watch = measure(recipe, data, seed)
    print_thresholds(watch)
    most = recipe == RECIPE and seed == SEED  # ten times the draws of one model suffice
    draws = (IS_SAMPLES, PUBLISHED_SAMPLES) if most else (IS_SAMPLES,)
    metrics = measure_test(model, data, draws)
    metrics["parameters"] = count_parameters(model)
    history = {name: list(map(float, values)) for name, values in history.items()}
    history |= watch.curve
    return {"metrics": metrics, "history": history, "seconds": watch.seconds}


def print_thresholds(watch):
    """Prints when each threshold was seen to be passed."""
    rows = [[threshold, watch.find(threshold)] for threshold in THRESHOLDS]
    headers = ["validation NLL, nats", "seconds"]
    print(tabulate(rows, headers, floatfmt="g", missingval="not reached"))


def describe_run(recipe, data, seeds):
    """States how the runs were made and measured."""
    commands = []
    for seed in seeds:
        commands += [
            f"{command(recipe, data, seed)} --output-dir runs/this",
            f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
        ]
    about = describe(recipe, data, seeds, commands=commands)
    about["minutes"] = "of updates alone, without validation and without the NLL's own"
    about["thresholds"] = THRESHOLDS
    about["measured"] |= {
        "validation NLL": f"{VALIDATION_NLL}; after each of the first {FEW} epochs, "
        f"then every {FEW}th",
        "test NLL": "all test images, binarised once (dynamic, seed "
        f"{protocol.BINARISATION_SEED}), importance-sampled with the K named; nats",
    }
    return about


RUNS = {
    "time_to_nll_short": functools.partial(record, SHORT),
    "time_to_nll": record,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    asked = dataclasses.replace(RECIPE, epochs=options.epochs)
    measure_seed(asked, load("mnist"), options.seed)
