"""Measures which share of an epoch its checkpoint takes.

    python -m benchmarks.checkpoint_overhead            every network
    python -m benchmarks.checkpoint_overhead 04_cvae    those named

A file is written while the next epoch trains, so it slows that one too. Of every four
epochs of a run the first ends in a checkpoint, so that two epochs with one are compared
with two without. The table has medians. Validation counts as part of the epoch,
snapshots and logs are off.
"""

import dataclasses
import sys
import tempfile
import time

import numpy as np
from tabulate import tabulate

from vae_utils import configurations, datasets, training

ROUNDS = 9  # of four epochs; the first, which compiles, is left out
NETWORKS = {
    "02_fc_vae": configurations.VAEConfiguration(),
    "04_cvae": configurations.ConditionalVAEConfiguration(
        encoder="conv",
        decoder="conv",
        latent_dim=20,
        hidden=(),
        batch_size=100,
    ),
    "asahi417-cvae-3cnn": configurations.PROJECTS["asahi417-cvae-3cnn"],
    "asahi417-vae": configurations.PROJECTS["asahi417-vae"],
    "conormdurkan, conv3": dataclasses.replace(
        configurations.PROJECTS["conormdurkan"],
        encoder="conv3",
        decoder="conv3",
        hidden=(500, 200),
    ),
}


class EveryFourth(training.Checkpoints):
    """Checkpoints after the first of every four epochs, which time themselves."""

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.begins, self.seconds = [], []

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self.begins.append(time.perf_counter())

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 4:
            self.epoch = epoch + 1
            return
        began = time.perf_counter()
        super().on_epoch_end(epoch, logs)
        self.seconds.append(time.perf_counter() - began)


def measure(configuration, data, folder):
    """Returns medians: of an epoch, and how long its checkpoint delays it and adds."""
    configuration = dataclasses.replace(configuration, epochs=4 * ROUNDS + 1)
    prepared = training.prepare(configuration, data, seed=1)
    saver = EveryFourth(folder)
    training.fit(prepared, checkpoints=saver)
    epochs = np.diff(saver.begins).reshape(ROUNDS, 2, 2)[1:].sum(axis=2)
    added = np.median(epochs[:, 0] - epochs[:, 1])
    return np.median(epochs[:, 1]) / 2, np.median(saver.seconds[1:]), added


def main(names):
    """Prints a table."""
    data, rows = datasets.load("mnist"), []
    for name in names or NETWORKS:
        with tempfile.TemporaryDirectory() as folder:
            epoch, waiting, added = measure(NETWORKS[name], data, folder)
        rows.append([name, epoch, 1000 * waiting, 1000 * added, 100 * added / epoch])
        print(f"{name}: {rows[-1][-1]:.2f} %", flush=True)
    headers = ["", "epoch, s", "waiting, ms", "added, ms", "added to an epoch, %"]
    print(tabulate(rows, headers, floatfmt=("", ".2f", ".1f", ".1f", ".2f")))


if __name__ == "__main__":
    main(sys.argv[1:])
