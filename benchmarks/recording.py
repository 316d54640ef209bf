"""What every recorded run needs: training with progress, protocol, arrays."""

import dataclasses
import sys
import time

import numpy as np

from vae_utils import configurations, datasets, protocol, training

IS_SAMPLES = 500
SEED = 1  # of single runs, as in the chapters
BAND_SEEDS = tuple(range(11, 21))  # none of them a chapter's own


def train(configuration, data, seed, callbacks=()):
    """Trains; returns the model, its history and the minutes."""
    began = time.monotonic()
    vae, history = training.train(
        configuration, data, seed=seed, callbacks=[training.Progress(), *callbacks]
    )
    return vae, history, (time.monotonic() - began) / 60


def describe(configuration, data, seeds, is_samples=IS_SAMPLES, **more):
    """States how the numbers of a run were made."""
    grey = configuration.binarisation == "none"
    return {
        "data": data.provenance,
        "split": f"{len(data.x_train)} train, {len(data.x_val)} validation, "
        f"{len(data.x_test)} test",
        "configuration": dataclasses.asdict(configuration),
        "network": configuration.encoder_layers,
        "likelihood": "Bernoulli",
        "optimiser": "Adam",
        "epochs": configuration.epochs,
        "seeds": list(seeds),
        "validation": "grey"
        if grey
        else f"binarised once, seed {configurations.VALIDATION_SEED}",
        "measured": protocol.describe(
            is_samples, conditional=configuration.labelled != "none"
        ),
        **more,
    }


def as_bytes(images):
    """Rounds images in [0, 1] to uint8, without the channel."""
    return np.rint(255 * images[..., 0]).astype(np.uint8)


def append_metrics(metrics, measured):
    """Adds one seed's numbers to lists of them."""
    for name, value in measured.items():
        metrics.setdefault(name, []).append(value)


def load(name):
    """Loads a complete data set, or stops."""
    data = datasets.load(name)
    if not data.complete:
        sys.exit(f"Recorded runs need the complete data. Received: {data.provenance}")
    return data


def as_run(about, minutes, history, metrics, arrays=None):
    """Names the arguments of `pretrained.save_run`."""
    return {
        "protocol": about,
        "minutes": minutes,
        "history": history,
        "metrics": metrics,
        "arrays": arrays,
    }
