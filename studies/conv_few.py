"""Fully connected and convolutional networks on few images, about equal seconds."""

import time
from dataclasses import replace

from studies.conv_pairs import SEEDS, make_pairs
from studies.protocol import describe
from studies.recording import load, sum_minutes
from vae_utils import evaluation, runs, training

COUNTS = (500, 2000, 10_000, 55_000)  # training images
UPDATES = {"fc | fc": 2800, "conv | conv": 1100}  # about equal processor seconds
EPOCHS = 20  # whatever the number of images: validations
MEASURED = {
    "train_loss": f"−ELBO over the last of {EPOCHS} equal parts of the updates",
    "seconds": "processor time of training, of all threads together, compilation and "
    "validation included",
}


def make_configurations() -> list:
    """Returns the two configurations that are trained on few images."""
    pairs, schedule = make_pairs(), {"decay": True, "epochs": EPOCHS}
    return [
        replace(pairs[name], **schedule, updates_per_epoch=updates // EPOCHS)
        for name, updates in UPDATES.items()
    ]


def record():
    """Trains both on each number of images, with each seed."""
    data, results, measured = load("mnist"), [], {}
    for count in COUNTS:
        some = replace(data, x_train=data.x_train[:count], y_train=data.y_train[:count])
        for configuration in make_configurations():
            for seed in SEEDS:
                print(count, configuration.encoder, seed, flush=True)
                result, measured = train(configuration, some, seed)
                results.append(result)
    minutes = "of training, with the validation of every epoch"
    return {
        "protocol": describe(data, measured | MEASURED, minutes=minutes),
        "minutes": sum_minutes(results),
        "results": results,
    }


def train(configuration, data, seed):
    """Trains once; returns the result, and how it was measured."""
    began = time.monotonic(), time.process_time()
    vae, history = training.train(configuration, data, seed=seed)
    seconds = time.process_time() - began[1]
    minutes = (time.monotonic() - began[0]) / 60
    metrics, measured = evaluation.measure(vae, data)
    result = runs.Result(
        configuration=configuration,
        seed=seed,
        images=len(data.x_train),
        minutes=minutes,
        seconds=seconds,
        metrics=metrics | {"train_loss": history["loss"][-1]},
        history={"val_loss": history["val_loss"]},
    )
    return result, measured


STUDIES = {"conv_few": record}
