"""How many seconds of training a validation NLL takes.

    python -m studies.time_to_nll --recipe time_to_nll_short     prints the table
    python -m studies.record_runs time_to_nll     writes the study to the package

Seconds are those of updates alone, with the first epoch's compilation: neither
validation nor the NLL's own estimation counts. In the table that is printed, a
threshold counts as passed at the next estimate, up to five epochs late. The recipe was
chosen on validation images; test images are used once, at the end. Run nothing else
meanwhile: two cores shared with other programs take longer.
"""

import argparse
import dataclasses
import functools
import time

import keras
from tabulate import tabulate

from studies.commands import PROGRAM, write_options
from studies.keeping import keep
from studies.protocol import IS_SAMPLES, describe
from studies.recording import SEED, SEEDS, load, measure
from vae_utils import evaluation, models, runs, training
from vae_utils.configurations import VAEConfiguration
from vae_utils.pixels import binarise

# Chosen by the validation NLL; `recipe_choices.py` says what each choice is worth.
RECIPE = VAEConfiguration(
    hidden=(500, 500),
    latent_dim=40,
    activation="gelu",
    batch_size=256,
    learning_rate=2e-3,
    decay=True,
    epochs=200,
)
SHORT = dataclasses.replace(RECIPE, epochs=60)  # with less than a third of the time
# The rate is the best one of `recipe_search.py` for this size of batches.
BEST = dataclasses.replace(RECIPE, batch_size=128, learning_rate=1e-3, epochs=300)
THRESHOLDS = (100.0, 95.0, 90.0, 88.0, 86.76)  # nats; the last is published, K = 5,000
FEW = 5  # every so many epochs, and on every so many validation images
VALIDATION_NLL = (
    f"every {FEW}th validation image, binarised once, K = {IS_SAMPLES}; nats"
)
PUBLISHED_SAMPLES = 5000  # K of the papers
MEASURED = {
    "validation NLL": f"{VALIDATION_NLL}; after each of the first {FEW} epochs, then "
    f"every {FEW}th",
    "test NLL": "all test images, binarised once (dynamic, seed "
    f"{evaluation.BINARISATION_SEED}), importance-sampled with the K named; nats",
}


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
        """Finds the seconds after which a threshold had been passed, or None."""
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


def train(recipe, data, seed):
    """Trains by a recipe; returns the model, its history, and what was watched."""
    prepared = training.prepare(recipe, data, seed=seed)
    watch = TimeToNLL(choose_validation_images(data))
    history = training.fit(prepared, callbacks=[watch])
    return prepared.model, history, watch


def measure_test(model, recipe, data, draws):
    """Measures a model, on all test images with each number of draws."""
    metrics, measured = measure(model, recipe, data)
    images = binarise(data.x_test, seed=evaluation.BINARISATION_SEED)
    for samples in draws:
        nll = evaluation.importance_sampled_nll(model, images, samples=samples).mean()
        metrics[f"test NLL, K = {samples}"] = float(nll)
        print(f"test NLL, K = {samples}: {nll:.3f} nats", flush=True)
    return metrics, measured


def measure_seed(recipe, data, seed):
    """Trains once, prints when thresholds were passed, and measures."""
    model, history, watch = train(recipe, data, seed)
    print_thresholds(watch)
    # Of the others ten times the draws of one model suffice.
    most = recipe == BEST or (recipe == RECIPE and seed == SEED)
    draws = (IS_SAMPLES, PUBLISHED_SAMPLES) if most else (IS_SAMPLES,)
    metrics, measured = measure_test(model, recipe, data, draws)
    metrics["parameters"] = models.count_parameters(model)
    history = {name: list(map(float, values)) for name, values in history.items()}
    return {
        "metrics": metrics,
        "measured": measured,
        "history": history | watch.curve,
        "minutes": watch.seconds / 60,
    }


def print_thresholds(watch):
    """Prints when each threshold had been passed."""
    rows = [[threshold, watch.find(threshold)] for threshold in THRESHOLDS]
    headers = ["validation NLL, nats", "seconds"]
    print(tabulate(rows, headers, floatfmt="g", missingval="not reached"))


def record(name, recipe):
    """Trains with each seed, and measures."""
    data, results = load("mnist"), []
    for seed in SEEDS:
        command = make_command(recipe, data, seed)
        make = functools.partial(measure_seed, recipe, data, seed)
        kept = keep(f"{name}_{seed}", command, make)
        commands = (
            f"{command} --output-dir runs/this",
            f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
        )
        parts = {name: kept[name] for name in ("metrics", "history", "minutes")}
        own = {"configuration": recipe, "seed": seed, "images": len(data.x_train)}
        results.append(runs.Result(**own, **parts, commands=commands))
    minutes = "of updates alone, without validation and without estimating the NLL"
    more = {"minutes": minutes, "thresholds": THRESHOLDS}
    return {
        "protocol": describe(data, kept["measured"] | MEASURED, **more),
        "minutes": sum(result.minutes for result in results),
        "results": results,
    }


def make_command(recipe, data, seed):
    """Writes the command that trains by a recipe."""
    options = " ".join(write_options(recipe))
    return f"{PROGRAM} train {options} --data {data.name} --seed {seed}"


RECIPES = {
    "time_to_nll_short": SHORT,
    "time_to_nll": RECIPE,
    "time_to_nll_best": BEST,
}
STUDIES = {
    name: functools.partial(record, name, recipe) for name, recipe in RECIPES.items()
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", choices=RECIPES, default="time_to_nll")
    parser.add_argument("--epochs", type=int, help="other than the recipe's")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    chosen = RECIPES[options.recipe]
    if options.epochs:
        chosen = dataclasses.replace(chosen, epochs=options.epochs)
    measure_seed(chosen, load("mnist"), options.seed)
