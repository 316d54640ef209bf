"""Measures how many seconds of training a validation NLL takes.

    python benchmarks/time_to_nll.py --epochs 60     prints the table
    python benchmarks/record_runs.py time_to_nll     writes the run to the package

Seconds are those of updates alone, the first epoch's compilation among them: neither
validation nor the NLL's own estimation counts. A threshold is seen to be passed at the
next estimate, up to five epochs late. The recipe was chosen on validation images; test
images are used once, at the end. Leave the machine to it: two cores shared with others
take longer.
"""

import argparse
import dataclasses
import time

import keras
from recording import (
    IS_SAMPLES,
    PROGRAM,
    SEED,
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

# Chosen by the validation NLL: GELU was ahead of ReLU after two epochs, a rate of 2e-3
# ahead of 1e-3 after sixty. An average of the weights (EMA) came out where the cosine
# did, and so did without.
RECIPE = configurations.Configuration(
    hidden=(500, 500),
    latent_dim=40,
    activation="gelu",
    batch_size=256,
    learning_rate=2e-3,
    decay=True,
    epochs=200,
)
THRESHOLDS = (100.0, 95.0, 90.0, 88.0, 86.76)  # nats; the last is published, K = 5,000
FEW = 5  # every so many epochs, and on every so many validation images
PUBLISHED_SAMPLES = 5000  # K of the papers


class TimeToNLL(keras.callbacks.Callback):
    """Counts seconds of updates, and estimates the validation NLL between them.

    Args:
        images: binarised validation images.
    """

    def __init__(self, images):
        super().__init__()
        self.images = images
        self.seconds, self.rows, self.reached = 0.0, [], {}

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
        self.rows.append((epoch + 1, self.seconds, float(nll)))
        for threshold in THRESHOLDS:
            if nll <= threshold:
                self.reached.setdefault(threshold, self.seconds)
        print(f"epoch {epoch + 1}, {self.seconds:.0f} s: {nll:.2f} nats", flush=True)


def measure(recipe, data):
    """Trains by a recipe; returns the model, its history, and what was watched."""
    prepared = training.prepare(recipe, data, seed=SEED)
    images = binarise(data.x_val, seed=training.VALIDATION_SEED)[::FEW]
    watch = TimeToNLL(images)
    history = training.fit(prepared, callbacks=[watch])
    return prepared.model, history, watch


def measure_test(model, data):
    """Measures what came out, on all test images with few and with many draws."""
    metrics = report.measure(model, RECIPE, data, is_samples=IS_SAMPLES)[0]
    images = binarise(data.x_test, seed=protocol.BINARISATION_SEED)
    for samples in (IS_SAMPLES, PUBLISHED_SAMPLES):
        began = time.perf_counter()
        nll = evaluation.importance_sampled_nll(model, images, samples=samples)
        metrics[f"test NLL, K = {samples}"] = float(nll.mean())
        seconds = time.perf_counter() - began
        print(f"test NLL, K = {samples}: {nll.mean():.3f} nats, in {seconds:.0f} s")
    return metrics


def record(epochs=RECIPE.epochs):
    """Trains, measures, and names the arguments of `pretrained.save_run`."""
    data, recipe = load("mnist"), dataclasses.replace(RECIPE, epochs=epochs)
    model, history, watch = measure(recipe, data)
    table = [[t, watch.reached.get(t, float("nan"))] for t in THRESHOLDS]
    print(tabulate(table, ["validation NLL, nats", "seconds"], floatfmt=".1f"))
    metrics = measure_test(model, data) | {"parameters": count_parameters(model)}
    metrics |= {f"seconds to {t:g}": s for t, s in watch.reached.items()}
    metrics["seconds of updates"] = watch.seconds
    return describe_run(recipe, data, history, watch, metrics)


def describe_run(recipe, data, history, watch, metrics):
    """Names the arguments of `pretrained.save_run`."""
    options = " ".join(
        [*write_options(recipe), "--data", data.name, "--seed", str(SEED)]
    )
    commands = [
        f"{PROGRAM} train {options} --output-dir runs/this",
        f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
    ]
    about = describe(recipe, data, [SEED], commands=commands)
    about["minutes"] = "of updates alone, without validation and without the NLL's own"
    about["measured"] |= {
        "validation NLL": f"every {FEW}th validation image, binarised once, "
        f"K = {IS_SAMPLES}; nats; after each of the first {FEW} epochs, then every "
        f"{FEW}th",
        "test NLL": "all test images, binarised once (dynamic, seed "
        f"{protocol.BINARISATION_SEED}), importance-sampled with the K named; nats",
    }
    epochs, seconds, nll = zip(*watch.rows, strict=True)
    curve = {"epoch": epochs, "seconds": seconds, "validation NLL": nll}
    history = history | {name: list(values) for name, values in curve.items()}
    return as_run(about, watch.seconds / 60, history, metrics)


RUNS = {"time_to_nll": record}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    record(parser.parse_args().epochs)
