"""Recorded runs of the small networks that the explorer carries into the page."""

import functools
from dataclasses import replace

import numpy as np
from recording import SEED, as_single_run, load, train

from vae_utils import configurations, latent

NETWORK = configurations.Configuration(hidden=(128,), epochs=60, decay=True)
CHANGES = {
    "vae": {},
    "beta_4": {"beta": 4.0},
    "beta_0.1": {"beta": 0.1},
    "ae": {"variational": False},
    "cvae": {"labelled": "both"},
}
POINTS = 1500  # codes on the map
EACH = 2  # test images per digit that a reader can take


def record(name, changes):
    """Trains one network, and keeps its weights and the codes of test images."""
    data = load("mnist")
    configuration = replace(NETWORK, **changes)
    trained = train(configuration, data, SEED, rounded=True)
    labels = data.y_test[:POINTS]
    told = labels if latent.takes_labels(trained.model) else None
    codes = latent.encode_mean(trained.model, data.x_test[:POINTS], told)
    arrays = {"z_mean": codes.astype(np.float16), "labels": labels}
    if name == "vae":
        arrays |= choose_images(data)
    return as_single_run(configuration, data, trained, arrays)


def choose_images(data):
    """Takes the first test images of each digit, 0 to 9 in turn."""
    first = [np.flatnonzero(data.y_test == digit)[:EACH] for digit in range(10)]
    chosen = np.array(first).T.ravel()
    return {"images": data.x_test[chosen], "image_labels": data.y_test[chosen]}


RUNS = {
    f"explorer_{name}": functools.partial(record, name, changes)
    for name, changes in CHANGES.items()
}
