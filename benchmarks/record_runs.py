"""Trains again what chapters show as recorded runs, and writes it to the package.

    python benchmarks/record_runs.py            every run
    python benchmarks/record_runs.py fc_vae_seeds project_cryer

`fc_vae_seeds` trains the network of `02_fc_vae` as the chapter does, with ten seeds:
the bands that its numbers should fall into. `fc_vae_long` trains it for 200 epochs,
`fc_vae_sizes` with other latent dimensions, `fc_vae_fashion` on clothes.
`project_…` trains the networks of the five projects for as long as they do.
"""

import dataclasses
import functools
import sys
import time
from pathlib import Path

import imageio.v3 as imageio
import keras
import numpy as np

from vae_utils import (
    configurations,
    datasets,
    latent,
    plots,
    pretrained,
    protocol,
    training,
)

CHAPTER = configurations.Configuration()
LONG_EPOCHS = 200
CHAPTER_SEED = 1
BAND_SEEDS = tuple(range(11, 21))  # none of them the chapter's own
SIZES, SIZE_SEEDS = (2, 5, 10, 20, 128), (11, 12, 13)
IS_SAMPLES = 500
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


def train(configuration, data, seed, callbacks=()):
    """Trains; returns the model, its history and the minutes."""
    began = time.monotonic()
    vae, history = configurations.train(
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
        "network": configuration.encoder_widths,
        "likelihood": "Bernoulli",
        "optimiser": "Adam",
        "epochs": configuration.epochs,
        "seeds": list(seeds),
        "validation": "grey"
        if grey
        else f"binarised once, seed {configurations.VALIDATION_SEED}",
        "measured": protocol.describe(is_samples),
        **more,
    }


def as_bytes(images):
    """Rounds images in [0, 1] to uint8, without the channel."""
    return np.rint(255 * images[..., 0]).astype(np.uint8)


def append_metrics(metrics, measured):
    """Adds one seed's numbers to lists of them."""
    for name, value in measured.items():
        metrics.setdefault(name, []).append(value)


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
    vae, history, minutes = train(configuration, data, CHAPTER_SEED)
    grid = as_bytes(latent.decode(vae, latent.prior_quantile_grid(CANVAS_SIDE)))
    canvas = plots.tile(grid, CANVAS_SIDE)  # in [0, 1]
    imageio.imwrite(TEASER, np.rint(255 * canvas).astype(np.uint8))
    about = describe(configuration, data, [CHAPTER_SEED])
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
    vae, history, minutes = train(configuration, data, CHAPTER_SEED, [watch])
    arrays = {f"epoch {epoch}": as_bytes(kept) for epoch, kept in watch.kept.items()}
    arrays["input"] = data.x_test[:10]
    about = describe(configuration, data, [CHAPTER_SEED], is_samples=None)
    return as_run(about, minutes, history, protocol.measure(vae, data), arrays)


def record_project(configuration, films=False):
    """Trains a project's network for as long as it does."""
    data = load("mnist")
    film = Film(data.x_test[:FILM_POINTS])
    callbacks = [film] if films else []
    vae, history, minutes = train(configuration, data, CHAPTER_SEED, callbacks)
    z_mean, _ = latent.encode(vae, data.x_test[:POINTS])
    prior = latent.sample_prior(SHOWN, configuration.latent_dim, seed=CHAPTER_SEED)
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
    about = describe(configuration, data, [CHAPTER_SEED])
    return as_run(about, minutes, history, metrics, arrays)


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


def project_runs():
    """Names every network of a project that the book shows."""
    projects = configurations.PROJECTS
    films = {"conormdurkan"}
    runs = {
        name: functools.partial(record_project, project, films=name in films)
        for name, project in projects.items()
    }
    for name, latent_dims in {"nocty-chan": (5, 2), "asahi417-vae": (2,)}.items():
        for latent_dim in latent_dims:
            changed = dataclasses.replace(projects[name], latent_dim=latent_dim)
            runs[f"{name}_{latent_dim}"] = functools.partial(record_project, changed)
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


def main(names):
    """Records the runs named, or all."""
    unknown = sorted(set(names) - set(RUNS))
    if unknown:
        sys.exit(f"The runs are {', '.join(RUNS)}. Received: {', '.join(unknown)}")
    for name in names or RUNS:
        print(name, flush=True)
        pretrained.save_run(name, **RUNS[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
