"""Measures which share of an epoch its checkpoint takes.

    python benchmarks/checkpoint_overhead.py

Both are timed in the same run, epoch by epoch; the table has medians. Validation counts
as part of the epoch, snapshots and logs are off.
"""

import dataclasses
import statistics
import tempfile
import time

import keras
from tabulate import tabulate

from vae_utils import configurations, datasets, training
from vae_utils.cli.choosing import DEFAULT

EPOCHS = 12  # the first, which compiles, is left out
NETWORKS = {
    "train without a preset": DEFAULT,
    "02_fc_vae": configurations.Configuration(),
    "04_cvae": configurations.Configuration(
        encoder="conv",
        decoder="conv",
        latent_dim=20,
        hidden=(),
        batch_size=100,
        labelled="both",
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


class Timed(training.Checkpoints):
    """Checkpoints that time themselves."""

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.seconds = []

    def on_epoch_end(self, epoch, logs=None):
        began = time.perf_counter()
        super().on_epoch_end(epoch, logs)
        self.seconds.append(time.perf_counter() - began)


def measure(configuration, data, folder):
    """Returns seconds of each epoch but the first, and of each checkpoint."""
    configuration = dataclasses.replace(configuration, epochs=EPOCHS)
    prepared = training.prepare(configuration, data, seed=1)
    saver, ends = Timed(folder), []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: ends.append(time.perf_counter())
    )
    training.fit(prepared, callbacks=[watch], checkpoints=saver)
    epochs = [after - before for before, after in zip(ends[1:], ends[2:], strict=False)]
    return epochs, saver.seconds[1:-1]


def main():
    """Prints a table."""
    data, rows = datasets.load("mnist"), []
    for name, configuration in NETWORKS.items():
        with tempfile.TemporaryDirectory() as folder:
            epochs, checkpoints = measure(configuration, data, folder)
        epoch, kept = statistics.median(epochs), statistics.median(checkpoints)
        rows.append([name, epoch, 1000 * kept, 100 * kept / (epoch - kept)])
        print(f"{name}: {rows[-1][-1]:.2f} %", flush=True)
    headers = ["", "epoch, s", "checkpoint, ms", "share of an epoch without, %"]
    print(tabulate(rows, headers, floatfmt=("", ".2f", ".1f", ".2f")))


if __name__ == "__main__":
    main()
