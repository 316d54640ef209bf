"""The networks of the five projects, trained as long as theirs.

Some are trained more than once, with one thing changed. One conditional network is
trained with what the project's latest program gives to all its models, and with what
the program made for this one had.
"""

import dataclasses
import functools

import numpy as np

from studies.recording import SEED, load, record_one, train
from vae_utils import latent
from vae_utils.configurations import PROJECTS
from vae_utils.pixels import to_bytes

CHANGES = {
    "nocty-chan_5": {"latent_dim": 5},
    "nocty-chan_2": {"latent_dim": 2},
    "asahi417-vae_2": {"latent_dim": 2},
    "conormdurkan_fast": {"learning_rate": 1e-3},
    "conormdurkan_conv": {"encoder": "conv3", "decoder": "conv3", "hidden": (500, 200)},
    "asahi417-cvae-2cnn_slow": {"learning_rate": 1e-3, "epochs": 200},
}
WEIGHTS = ("nocty-chan", "asahi417-cvae-2cnn", "asahi417-cvae-3cnn")  # are kept
GRIDS = ("asahi417-vae_2",)  # networks whose grid a chapter shows
FILMED = ("conormdurkan", "conormdurkan_fast")  # codes of every epoch are kept
SIDE = 20  # images along each side of a grid
SHOWN = 20  # reconstructions and new digits kept for figures
POINTS, FEW_POINTS = 2000, 1000  # codes kept for figures; fewer of many dimensions
FILMED_POINTS = 500  # codes kept for every epoch
STYLES = 10  # rows of digits kept of a conditional network


def record(name):
    """Trains the network of a project, or a changed one.

    Args:
        name: of the project, or a key of `CHANGES`.
    """
    data, preset = load("mnist"), name if name in PROJECTS else name.rsplit("_", 1)[0]
    configuration = dataclasses.replace(PROJECTS[preset], **CHANGES.get(name, {}))
    rounded = preset in WEIGHTS
    trained = train(configuration, data, SEED, preset=preset, rounded=rounded)
    is_conditional = configuration.model == "cvae"
    arrays = (
        draw_labelled(trained.model, data)
        if is_conditional
        else draw(name, trained, data)
    )
    return record_one(trained, data, arrays)


def draw(name, trained, data):
    """Draws what chapters show of a project's network."""
    (latent_dim,) = trained.model.latent_shape
    points = POINTS if latent_dim <= 20 else FEW_POINTS
    z_mean = latent.encode_mean(trained.model, data.x_test[:points])
    prior = latent.sample_prior(SHOWN, latent_dim, seed=SEED)
    arrays = {
        "input": data.x_test[:SHOWN],
        "labels": data.y_test[:points],
        "z_mean": z_mean.astype(np.float16),
        "reconstructions": to_bytes(latent.decode(trained.model, z_mean[:SHOWN])),
        "prior_means": to_bytes(latent.decode(trained.model, prior)),
    }
    if name in GRIDS:
        grid = latent.prior_quantile_grid(SIDE)
        arrays["grid"] = to_bytes(latent.decode(trained.model, grid))
    if name in FILMED:
        codes = trained.snapshots["z_mean"][:, :FILMED_POINTS]
        arrays["film"] = codes.astype(np.float16)
    return arrays


def draw_labelled(vae, data):
    """Reconstructs digits, and generates each of the ten in several ways."""
    classes = data.classes
    digits, count = np.arange(classes), classes * STYLES
    codes = latent.encode_mean(vae, data.x_train, data.y_train)
    means = np.stack([codes[data.y_train == digit].mean(axis=0) for digit in digits])
    random = latent.sample_prior(count, means.shape[1], seed=SEED)
    shown, labels = data.x_test[:10], data.y_test[:10]
    generated = {
        "reconstructions": (latent.encode_mean(vae, shown, labels), labels),
        "gen_ave": (means, digits),
        "gen_rand": (random, np.tile(digits, STYLES)),
        "styles": (
            np.repeat(random[:STYLES], classes, axis=0),
            np.tile(digits, STYLES),
        ),
    }
    arrays = {
        name: to_bytes(latent.decode(vae, *each)) for name, each in generated.items()
    }
    kept = {"input": shown, "labels": labels, "class_means": means.astype(np.float16)}
    return arrays | kept


STUDIES = {
    f"project_{name}": functools.partial(record, name) for name in [*PROJECTS, *CHANGES]
}
