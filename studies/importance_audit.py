"""Importance sampling against exact integrals: how far off it is, and where.

    python -m studies.record_runs importance_audit

Thirty small VAEs of one, two and three latent dimensions, and the explorer's. Ctrl-C
ends it early: seeds with both encoders of a dimension are written to the package, and a
later call adds the others.
"""

import functools
import itertools

import numpy as np

from studies.audit_measures import DRAWS, GRIDS, MEASURED, audit, choose_images
from studies.continuing import run_all
from studies.keeping import keep
from studies.protocol import describe
from studies.recording import load, sum_minutes, train
from vae_utils import evaluation, runs
from vae_utils.configurations import VAEConfiguration
from vae_utils.runs import loading

SEEDS = (1, 2, 3, 4, 5)
MANY = (1,)  # seeds with K = 5,000 as well: ten times the processor time of the others
WIDTHS = (256, 512)  # of both layers of the encoder
EXPLORER = "explorer_vae"  # the network of chapter 6
CHECKED = 500  # images on which the grid is checked, every so manieth
#: Grids compared with those used: points along an axis, limit.
OTHER_GRIDS = {
    1: {"half the step": (4001, 5.5), "wider": (2365, 6.5)},
    2: {"half the step": (801, 5.5), "wider": (473, 6.5)},
    3: {"half the step": (249, 5.0), "wider": (149, 6.0)},
}
ARRAYS = ("exact", "single_500", "nll_1", "ess_500")  # kept of each image


def make_configuration(latent_dim, width):
    """Returns chapter 2's network with another encoder."""
    return VAEConfiguration(
        hidden=(width, width),
        decoder_hidden=(256, 256),
        latent_dim=latent_dim,
        epochs=15,
        decay=True,
    )


def record():
    """Trains and audits every model, and the explorer's."""
    data = load("mnist")
    protocol = describe(data, MEASURED, draws=DRAWS)
    explorer, images = record_explorer(data)
    wanted = [
        (make_configuration(latent_dim, width), seed)
        for seed, latent_dim, width in itertools.product(SEEDS, GRIDS, WIDTHS)
    ]
    make = functools.partial(record_model, data)
    models = run_all("importance_audit", protocol, wanted, make, group=find_pair)
    results = [explorer, *models]
    dimensions = sorted({result.configuration.latent_dim for result in models})
    checks = {f"latent_dim {d}": check_grid(data, d) for d in dimensions}
    return {
        "protocol": protocol | {"grid_checks": checks},
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": {name: np.array(images[name], np.float32) for name in ARRAYS},
    }


def find_pair(configuration, seed):
    """Names the two models of equal dimension and seed."""
    return seed, configuration.latent_dim


def record_model(data, configuration, seed):
    """Trains and audits one model."""
    latent_dim, (width, _) = configuration.latent_dim, configuration.hidden
    trained = train(configuration, data, seed)
    samples = DRAWS[-1] if seed in MANY else 500

    def make():
        made = audit(trained.model, data, samples)
        return {name: made[name] for name in ("metrics", "seconds")}

    name = f"importance_audit_{latent_dim}_{width}_{seed}"
    kept = keep(name, f"{configuration}, {samples} draws, {GRIDS[latent_dim]}", make)
    return trained.make_result(_join(kept), curves=["val_loss"])


def _join(kept):
    """Adds the processor seconds of each step to the metrics."""
    seconds = {f"seconds_{step}": value for step, value in kept["seconds"].items()}
    return kept["metrics"] | seconds


def record_explorer(data):
    """Audits the explorer's network; returns its result, and numbers of each image."""
    source = loading.find(EXPLORER)

    def make():
        made = audit(loading.load(source), data, DRAWS[-1])
        made["images"] = {name: made["images"][name].tolist() for name in ARRAYS}
        return made

    kept = keep(f"importance_audit_{EXPLORER}", f"{DRAWS[-1]} draws, {GRIDS[2]}", make)
    result = runs.Result(
        configuration=source.configuration,
        seed=runs.load_study(EXPLORER).one.seed,
        images=len(data.x_train),
        minutes=0.0,  # it was trained for its own study
        metrics=_join(kept),
        history={},
    )
    return result, kept["images"]


def check_grid(data, latent_dim) -> dict:
    """Measures what other grids change, with one model, on every twentieth image.

    Returns:
        Name of the grid → mean, standard deviation and largest size of the change.
    """

    def make():
        model = train(make_configuration(latent_dim, WIDTHS[0]), data, SEEDS[0]).model
        images = choose_images(data)[0]
        images = images[:: len(images) // CHECKED]
        used = _integrate(model, images, GRIDS[latent_dim])
        others = OTHER_GRIDS[latent_dim]
        return {
            name: _describe_change(_integrate(model, images, grid) - used)
            | {"grid": grid}
            for name, grid in others.items()
        }

    kept = keep(
        f"importance_audit_grid_{latent_dim}", f"{GRIDS[latent_dim]}, {CHECKED}", make
    )
    return {name: value for name, value in kept.items() if name != "what"}


def _integrate(model, images, grid):
    side, limit = grid
    return evaluation.exact_nll(model, images, side=side, limit=limit)


def _describe_change(change):
    values = {
        "mean": change.mean(),
        "sd": change.std(),
        "largest": np.abs(change).max(),
    }
    return {name: float(value) for name, value in values.items()}


STUDIES = {"importance_audit": record}
