"""Recorded runs of fully connected networks, and of the five projects' networks."""

import dataclasses
import functools
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
from recording import (
    BAND_SEEDS,
    SEED,
    append_metrics,
    as_run,
    as_single_run,
    describe,
    load,
    measure,
    train,
)

from vae_utils import configurations, latent, networks, plots
from vae_utils.pixels import to_bytes

CHAPTER = configurations.Configuration()
LONG_EPOCHS = 200
SIZES, SIZE_SEEDS = (2, 5, 10, 20, 128), (11, 12, 13)
CANVAS_SIDE = 20
GRIDS = ("asahi417-vae_2",)  # projects whose canvas a chapter shows
POINT_FILMS = ("conormdurkan", "conormdurkan_fast")  # codes of every epoch
FILMS = {"conormdurkan": ("spread.gif", "canvas.gif")}  # as `train` has made them
SHOWN = 20  # reconstructions and new digits kept for figures
POINTS, FEW_POINTS = 2000, 1000  # codes kept for figures; fewer of many dimensions
FILM_POINTS = 500  # codes kept for every epoch
PUBLISHED_WEIGHTS = ("nocty-chan",)  # a project that published its own
TEASER = Path(__file__).parents[1] / "book" / "_static" / "teaser.png"


def record_seeds():
    """Trains as the chapter does, with ten seeds."""
    data = load("mnist")
    metrics, histories, minutes, commands = {}, {}, 0.0, []
    for seed in BAND_SEEDS:
        trained = train(CHAPTER, data, seed)
        minutes += trained.minutes
        commands += trained.commands
        for key, values in trained.history.items():
            histories[f"seed {seed} {key}"] = values
        append_metrics(metrics, measure(trained, data))
    about = describe(CHAPTER, data, BAND_SEEDS, commands=commands)
    return as_run(about, minutes, histories, metrics)


def record_long():
    """Trains longer, keeps what figures need, and paints the book's teaser."""
    data = load("mnist")
    configuration = dataclasses.replace(CHAPTER, epochs=LONG_EPOCHS)
    trained = train(configuration, data, SEED)
    codes = latent.prior_quantile_grid(CANVAS_SIDE)
    grid = to_bytes(latent.decode(trained.model, codes))
    canvas = plots.tile(grid, CANVAS_SIDE)  # in [0, 1]
    imageio.imwrite(TEASER, np.rint(255 * canvas).astype(np.uint8))
    return as_single_run(configuration, data, trained, {"grid": grid})


def record_sizes():
    """Trains with other numbers of latent dimensions."""
    data = load("mnist")
    metrics, histories, minutes, commands = {}, {}, 0.0, []
    for latent_dim in SIZES:
        configuration = dataclasses.replace(CHAPTER, latent_dim=latent_dim)
        for seed in SIZE_SEEDS:
            trained = train(configuration, data, seed)
            minutes += trained.minutes
            commands += trained.commands
            key = f"d={latent_dim} seed {seed} val_loss"
            histories[key] = trained.history["val_loss"]
            measured = measure(trained, data).items()
            append_metrics(metrics, {f"d={latent_dim} {k}": v for k, v in measured})
    about = describe(
        CHAPTER, data, SIZE_SEEDS, latent_dims=list(SIZES), commands=commands
    )
    about["network"] = about["network"].removesuffix(str(CHAPTER.latent_dim)) + "d"
    del about["configuration"]["latent_dim"]
    return as_run(about, minutes, histories, metrics)


def record_fashion():
    """Keeps reconstructions of clothes from the first epochs."""
    data = load("fashion_mnist")
    epochs = (1, 3, 5, 7)
    configuration = dataclasses.replace(CHAPTER, epochs=max(epochs))
    trained = train(configuration, data, SEED)
    drawn = trained.snapshots["reconstructions"]
    arrays = {f"epoch {epoch}": drawn[epoch - 1] for epoch in epochs}
    arrays["input"] = trained.snapshots["input"]
    return as_single_run(configuration, data, trained, arrays, is_samples=None)


def record_project(name, preset, configuration):
    """Trains a project's network for as long as it does."""
    data = load("mnist")
    weights = preset in PUBLISHED_WEIGHTS
    trained = train(configuration, data, SEED, preset=preset, rounded=weights)
    names = FILMS.get(name, ())
    films = {film: (trained.figures / film).read_bytes() for film in names}
    drawn = draw(name, trained, data)
    return as_single_run(configuration, data, trained, drawn, films)


def draw(name, trained, data):
    """Draws what chapters show of a project's network."""
    (latent_dim,) = networks.input_shape(trained.model.decoder, "z")
    points = POINTS if latent_dim <= 20 else FEW_POINTS
    z_mean, _ = latent.encode(trained.model, data.x_test[:points])
    prior = latent.sample_prior(SHOWN, latent_dim, seed=SEED)
    arrays = {
        "input": data.x_test[:SHOWN],
        "labels": data.y_test[:points],
        "z_mean": z_mean.astype(np.float16),
        "reconstructions": to_bytes(latent.decode(trained.model, z_mean[:SHOWN])),
        "prior_means": to_bytes(latent.decode(trained.model, prior)),
    }
    if name in GRIDS:
        grid = latent.prior_quantile_grid(CANVAS_SIDE)
        arrays["grid"] = to_bytes(latent.decode(trained.model, grid))
    if name in POINT_FILMS:
        codes = trained.snapshots["z_mean"][:, :FILM_POINTS]
        arrays["film"] = codes.astype(np.float16)
    return arrays


def project_runs():
    """Names every network of a project that the book shows."""
    changes = {
        ("nocty-chan", "_5"): {"latent_dim": 5},
        ("nocty-chan", "_2"): {"latent_dim": 2},
        ("asahi417-vae", "_2"): {"latent_dim": 2},
        ("conormdurkan", "_fast"): {"learning_rate": 1e-3},
        ("conormdurkan", "_conv"): {
            "encoder": "conv3",
            "decoder": "conv3",
            "hidden": (500, 200),
        },
    }
    projects = configurations.PROJECTS
    unlabelled = [name for name in projects if projects[name].labelled == "none"]
    return {
        f"project_{preset}{ending}": functools.partial(
            record_project,
            f"{preset}{ending}",
            preset,
            dataclasses.replace(projects[preset], **changes.get((preset, ending), {})),
        )
        for preset, ending in [*((name, "") for name in unlabelled), *changes]
    }


RUNS = {
    "fc_vae_seeds": record_seeds,
    "fc_vae_long": record_long,
    "fc_vae_sizes": record_sizes,
    "fc_vae_fashion": record_fashion,
    **project_runs(),
}
