"""The small networks of the explorer, whose weights go into the page."""

import functools

import numpy as np

from studies.recording import SEED, load, record_one, train
from vae_utils import latent
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)

OPTIONS = {"hidden": (128,), "epochs": 60, "decay": True}
NETWORKS = {
    "vae": VAEConfiguration(**OPTIONS),
    "beta_4": VAEConfiguration(**OPTIONS, beta=4.0),
    "beta_0.1": VAEConfiguration(**OPTIONS, beta=0.1),
    "ae": AutoencoderConfiguration(**OPTIONS),
    "cvae": ConditionalVAEConfiguration(**OPTIONS),
}
POINTS = 1500  # codes on the map
EACH = 2  # test images of each class that a reader can take


def record(name):
    """Trains one network, and keeps its weights and the codes of test images."""
    data = load("mnist")
    trained = train(NETWORKS[name], data, SEED, rounded=True)
    model, labels = trained.model, data.y_test[:POINTS]
    codes = latent.encode_mean(
        model, data.x_test[:POINTS], labels if model.conditional else None
    )
    arrays = {"z_mean": codes.astype(np.float16), "labels": labels}
    if name == "vae":
        arrays |= choose_images(data)
    return record_one(trained, data, arrays)


def choose_images(data):
    """Takes the first test images of each class, class after class in turn."""
    classes = range(data.classes)
    first = [np.flatnonzero(data.y_test == each)[:EACH] for each in classes]
    chosen = np.array(first).T.ravel()
    return {"images": data.x_test[chosen], "image_labels": data.y_test[chosen]}


STUDIES = {f"explorer_{name}": functools.partial(record, name) for name in NETWORKS}
