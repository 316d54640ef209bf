"""Compares training on `pipeline` batches with plain Keras `fit` on NumPy arrays.

    python -m benchmarks.training_speed [ROUNDS]

Same network (784-500-2 and back), batch 128, the same optimiser, one process. The
variants take turns, so that a machine that slows down slows all of them; only ratios
inside one run mean anything. The first epoch of each round compiles and is left out.
"""

import contextlib
import io
import os
import sys
import time

import keras
import numpy as np
from tabulate import tabulate

from vae_utils import datasets, likelihoods, models, networks, pipeline, training

BATCH, EPOCHS = 128, 4


class EpochTimes(keras.callbacks.Callback):
    """Keeps wall-clock and processor seconds of every epoch."""

    def __init__(self):
        super().__init__()
        self.wall, self.cpu = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.wall.append(time.perf_counter() - self.began[0])
        self.cpu.append(time.process_time() - self.began[1])


def build(image_shape, steps_per_execution=1):
    """Builds and compiles the network that all variants train."""
    vae = models.VAE(
        networks.build_fc_encoder(2, hidden=(500,), image_shape=image_shape),
        networks.build_fc_decoder(2, hidden=(500,), image_shape=image_shape),
        likelihoods.Bernoulli(),
    )
    vae.compile("adam", steps_per_execution=steps_per_execution)
    return vae


def fit_arrays(images):
    """Trains as most tutorials do: float32 arrays in memory, default arguments."""
    times = EpochTimes()
    x = images[..., None].astype("float32") / 255
    with contextlib.redirect_stdout(io.StringIO()):  # the default progress bar
        build(x.shape[1:]).fit(x, batch_size=BATCH, epochs=EPOCHS, callbacks=[times])
    return times


def fit_pipeline(images, binarisation):
    """Trains as this book does."""
    times = EpochTimes()
    batches, steps = pipeline.training_batches(
        images, batch_size=BATCH, epochs=EPOCHS, seed=0, binarisation=binarisation
    )
    vae = build((*images.shape[1:], 1), training.choose_steps_per_execution(steps))
    vae.fit(
        batches,
        epochs=EPOCHS,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[times],
    )
    return times


def main(rounds):
    """Prints images per second of each variant, and its ratio to plain `fit`."""
    data = datasets.load("mnist")
    variants = {
        "fit on NumPy arrays, grey": lambda: fit_arrays(data.x_train),
        "pipeline, grey": lambda: fit_pipeline(data.x_train, "none"),
        "pipeline, dynamic binarisation": lambda: fit_pipeline(data.x_train, "dynamic"),
    }
    wall = {name: [] for name in variants}
    cpu = {name: [] for name in variants}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for name, run in variants.items():
            times = run()
            wall[name].append(np.median(times.wall[1:]))
            cpu[name].append(np.median(times.cpu[1:]))
    base = np.array(wall["fit on NumPy arrays, grey"])
    rows = [
        [
            name,
            len(data.x_train) / np.median(wall[name]),
            np.median(cpu[name]),
            np.median(base / wall[name]),
            np.min(base / wall[name]),
            np.max(base / wall[name]),
        ]
        for name in variants
    ]
    headers = ["", "images/s", "CPU s/epoch", "speed-up", "least", "most"]
    print(data.provenance)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(tabulate(rows, headers, floatfmt=("", ".0f", ".1f", ".2f", ".2f", ".2f")))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
