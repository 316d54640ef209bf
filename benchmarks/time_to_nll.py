"""Measures how many seconds of training a validation NLL takes.

    python benchmarks/time_to_nll.py              prints the table
    python benchmarks/time_to_nll.py --record     and writes the run to the package

Seconds are those of updates alone: neither validation nor the NLL's own estimation
counts. The recipe was chosen on validation images; test images are used once, at the
end. Leave the machine to it: two cores shared with others take longer.
"""

import sys
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

from vae_utils import configurations, evaluation, pretrained, protocol, training
from vae_utils.pixels import binarise
from vae_utils.runs import report

# Every choice costs nothing but thought: GELU for ReLU, a batch that fills two cores,
# a rate as high as training bears, and a cosine that ends it, so that no average of
# weights is needed.
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


def measure(data):
    """Trains by the recipe; returns the model, its history, and what was watched."""
    prepared = training.prepare(RECIPE, data, seed=SEED)
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


def main(arguments):
    """Prints a table, and records the run if asked to."""
    data = load("mnist")
    model, history, watch = measure(data)
    table = [[t, watch.reached.get(t, float("nan"))] for t in THRESHOLDS]
    print(tabulate(table, ["validation NLL, nats", "seconds"], floatfmt=".1f"))
    metrics = measure_test(model, data) | {"parameters": count_parameters(model)}
    metrics |= {f"seconds to {t:g}": s for t, s in watch.reached.items()}
    metrics["seconds"] = watch.seconds
    if "--record" in arguments:
        pretrained.save_run("time_to_nll", **as_record(data, history, watch, metrics))


def as_record(data, history, watch, metrics):
    """Names the arguments of `pretrained.save_run`."""
    options = " ".join(
        [*write_options(RECIPE), "--data", data.name, "--seed", str(SEED)]
    )
    commands = [
        f"{PROGRAM} train {options} --output-dir runs/this",
        f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
    ]
    about = describe(RECIPE, data, [SEED], commands=commands)
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


if __name__ == "__main__":
    main(sys.argv[1:])
