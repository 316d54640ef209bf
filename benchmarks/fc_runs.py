"""Recorded runs of fully connected networks, and of the five projects' networks."""

import dataclasses
import functools
from pathlib import Path

import imageio.v3 as imageio
import keras
import numpy as np
from recording import (
    BAND_SEEDS,
    IS_SAMPLES,
    SEED,
    append_metrics,
    as_bytes,
    as_run,
    describe,
    load,
    train,
)

from vae_utils import configurations, latent, plots, protocol, training

CHAPTER = configurations.Configuration()
LONG_EPOCHS = 200
SIZES, SIZE_SEEDS = (2, 5, 10, 20, 128), (11, 12, 13)
CANVAS_SIDE = 20
SHOWN = 20  # reconstructions and new digits kept for figures
POINTS = 2000  # codes kept for figures
FILM_POINTS = 500  # codes kept for every epoch
TEASER = Path(__file__).parents[1] / "book" / "_static" / "teaser.png"


class Film(keras.callbacks.Callback):
    """Keeps the codes of some images after every epoch."""

    def __init__(self, images):
        super().__init__()
        self.images, self.codes = images, []

    def on_epoch_end(self, epoch, logs=None):
        """Encodes the images."""
        self.codes.append(latent.encode(self.model, self.images)[0])


def record_seeds():
    """Trains as the chapter does, with ten seeds."""
    data = load("mnist")
    metrics, histories, minutes = {}, {}, 0.0
    for seed in BAND_SEEDS:
        vae, history, spent = train(CHAPTER, data, seed)
        minutes += spent
        histories |= {f"seed {seed} {key}": values for key, values in history.items()}
        append_metrics(metrics, protocol.measure(vae, data, is_samples=IS_SAMPLES))
    about = describe(CHAPTER, data, BAND_SEEDS)
    return as_run(about, minutes, histories, metrics)


def record_long():
    """Trains longer, keeps what figures need, and paints the book's teaser."""
    data = load("mnist")
    configuration = dataclasses.replace(CHAPTER, epochs=LONG_EPOCHS)
    vae, history, minutes = train(configuration, data, SEED)
    grid = as_bytes(latent.decode(vae, latent.prior_quantile_grid(CANVAS_SIDE)))
    canvas = plots.tile(grid, CANVAS_SIDE)  # in [0, 1]
    imageio.imwrite(TEASER, np.rint(255 * canvas).astype(np.uint8))
    about = describe(configuration, data, [SEED])
    metrics = protocol.measure(vae, data, is_samples=IS_SAMPLES)
    return as_run(about, minutes, history, metrics, {"grid": grid})


def record_sizes():
    """Trains with other numbers of latent dimensions."""
    data = load("mnist")
    metrics, histories, minutes = {}, {}, 0.0
    for latent_dim in SIZES:
        configuration = dataclasses.replace(CHAPTER, latent_dim=latent_dim)
        for seed in SIZE_SEEDS:
            vae, history, spent = train(configuration, data, seed)
            minutes += spent
            histories[f"d={latent_dim} seed {seed} val_loss"] = history["val_loss"]
            measured = protocol.measure(vae, data, is_samples=IS_SAMPLES)
            named = {f"d={latent_dim} {name}": v for name, v in measured.items()}
            append_metrics(metrics, named)
    about = describe(CHAPTER, data, SIZE_SEEDS, latent_dims=list(SIZES))
    about["network"] = about["network"].removesuffix(str(CHAPTER.latent_dim)) + "d"
    del about["configuration"]["latent_dim"]
    return as_run(about, minutes, histories, metrics)


def record_fashion():
    """Keeps reconstructions of clothes from the first epochs."""
    data = load("fashion_mnist")
    epochs = (1, 3, 5, 7)
    watch = training.Reconstructions(data.x_test[:10], epochs)
    configuration = dataclasses.replace(CHAPTER, epochs=max(epochs))
    vae, history, minutes = train(configuration, data, SEED, [watch])
    arrays = {f"epoch {epoch}": as_bytes(kept) for epoch, kept in watch.kept.items()}
    arrays["input"] = data.x_test[:10]
    about = describe(configuration, data, [SEED], is_samples=None)
    return as_run(about, minutes, history, protocol.measure(vae, data), arrays)


def record_project(configuration, films=False):
    """Trains a project's network for as long as it does."""
    data = load("mnist")
    film = Film(data.x_test[:FILM_POINTS])
    callbacks = [film] if films else []
    vae, history, minutes = train(configuration, data, SEED, callbacks)
    z_mean, _ = latent.encode(vae, data.x_test[:POINTS])
    prior = latent.sample_prior(SHOWN, configuration.latent_dim, seed=SEED)
    arrays = {
        "input": data.x_test[:SHOWN],
        "labels": data.y_test[:POINTS],
        "z_mean": z_mean.astype(np.float16),
        "reconstructions": as_bytes(latent.decode(vae, z_mean[:SHOWN])),
        "prior_means": as_bytes(latent.decode(vae, prior)),
    }
    if configuration.latent_dim == 2:
        grid = latent.prior_quantile_grid(CANVAS_SIDE)
        arrays["grid"] = as_bytes(latent.decode(vae, grid))
    if films:
        arrays["film"] = np.stack(film.codes).astype(np.float16)
    metrics = protocol.measure(vae, data, is_samples=IS_SAMPLES)
    metrics["parameters"] = vae.encoder.count_params() + vae.decoder.count_params()
    about = describe(configuration, data, [SEED])
    return as_run(about, minutes, history, metrics, arrays)


def project_runs():
    """Names every network of a project that the book shows."""
    projects = {
        name: project
        for name, project in configurations.PROJECTS.items()
        if project.labelled == "none"
    }
    films = {"conormdurkan"}
    runs = {
        name: functools.partial(record_project, project, films=name in films)
        for name, project in projects.items()
    }
    for name, latent_dims in {"nocty-chan": (5, 2), "asahi417-vae": (2,)}.items():
        for latent_dim in latent_dims:
            changed = dataclasses.replace(projects[name], latent_dim=latent_dim)
            runs[f"{name}_{latent_dim}"] = functools.partial(record_project, changed)
    conv = dataclasses.replace(
        projects["conormdurkan"], encoder="conv3", decoder="conv3", hidden=(500, 200)
    )
    runs["conormdurkan_conv"] = functools.partial(record_project, conv)
    faster = dataclasses.replace(projects["conormdurkan"], learning_rate=1e-3)
    runs["conormdurkan_fast"] = functools.partial(record_project, faster, films=True)
    return {f"project_{name}": record for name, record in runs.items()}


RUNS = {
    "fc_vae_seeds": record_seeds,
    "fc_vae_long": record_long,
    "fc_vae_sizes": record_sizes,
    "fc_vae_fashion": record_fashion,
    **project_runs(),
}
