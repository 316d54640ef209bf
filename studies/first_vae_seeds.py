"""The VAE of `00_first_vae` with ten seeds: the bands that the chapter checks.

The cells of the chapter are executed, each time with another seed in place of the
chapter's own: what is recorded is what the chapter trains.
"""

import sys
import time
from pathlib import Path

import matplotlib
import nbformat

from studies.protocol import describe
from studies.recording import sum_minutes
from vae_utils import runs
from vae_utils.configurations import VAEConfiguration

CHAPTER = Path(__file__).parents[1] / "notebooks" / "00_first_vae.ipynb"
SEEDS = tuple(range(11, 21))  # none of them the chapter's own
SETUP = ("imports", "hyper", "data")
TRAINING = ("networks", "terms", "model", "fit")
TESTING = ("reconstruct", "broken-model")
SEEDED = ("set_random_seed({})", "default_rng(seed={})", "SeedGenerator({})")
#: What the package calls these settings; its networks also bound log-variances.
CONFIGURATION = VAEConfiguration(
    batch_size=250, learning_rate=3e-3, epochs=8, binarisation="static"
)
MEASURED = {
    "nll": "all test images, binarised once (the run's seed); one sample of z each; "
    "nats",
    "kl": "the same images; nats",
    "loss": "nll + kl",
    "broken_nll": "nll after two epochs of a loss that averages over pixels",
    "broken_kl": "kl of the same network",
}


def read_cells(seed):
    """Reads the chapter's code, name → text, with another seed."""
    cells = {c.id: c.source for c in nbformat.read(CHAPTER, as_version=4).cells}
    found = 0
    for name in (*SETUP, *TRAINING, *TESTING):
        for text in SEEDED:
            found += cells[name].count(text.format(1))
            cells[name] = cells[name].replace(text.format(1), text.format(seed))
    if found != len(SEEDED):
        sys.exit(f"The chapter should set {len(SEEDED)} seeds. Received: {found}")
    return cells


def train(seed):
    """Executes the chapter's cells, and returns their names and the result."""
    cells, names = read_cells(seed), {}
    for name in SETUP:
        exec(cells[name], names)
    begun = time.perf_counter()
    for name in TRAINING:
        exec(cells[name], names)
    minutes = (time.perf_counter() - begun) / 60
    for name in TESTING:
        exec(cells[name], names)
    broken = {f"broken_{key}": names["bad"][key] for key in ("nll", "kl")}
    result = runs.Result(
        configuration=CONFIGURATION,
        seed=seed,
        images=len(names["x_train"]),
        minutes=minutes,
        metrics=names["test"] | broken,
        history=names["history"],
    )
    return names, result


def record():
    """Executes the chapter's training with ten seeds."""
    matplotlib.use("agg")
    results = []
    for seed in SEEDS:
        names, result = train(seed)
        if not names["data"].complete:
            sys.exit(f"Received: {names['data'].provenance}")
        results.append(result)
    more = {
        "program": "cells of notebooks/00_first_vae.ipynb; log-variances not bounded",
        "validation": "binarised once, the run's seed",
        "minutes": "of fit, with the validation of every epoch",
    }
    return {
        "protocol": describe(names["data"], MEASURED, **more),
        "minutes": sum_minutes(results),
        "results": results,
    }


STUDIES = {"first_vae_seeds": record}
