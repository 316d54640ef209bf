"""A VQ-VAE and the prior over its codes, whose weights `09_discrete_codes` loads.

And what the grid and the codebook cost: the same two stages with others, three seeds
each. Ctrl-C ends that study early; a later call adds what is missing.
"""

import dataclasses
import functools

from studies.continuing import run_all
from studies.keeping import keep
from studies.protocol import describe
from studies.recording import (
    SEED,
    SEEDS,
    load,
    measure,
    record_one,
    sum_minutes,
    train,
)
from vae_utils import models, runs
from vae_utils.configurations import (
    CodePriorConfiguration,
    VQVAEConfiguration,
    list_inherited,
)

FIRST = VQVAEConfiguration(codes=16, decay=True, epochs=30)
PRIOR = {"epochs": 20}
UNIFORM = "fdd of images drawn from the uniform prior over grids of codes"
#: Halvings of the image, and vectors of the codebook.
SIZES = ((3, 16), (3, 64), (3, 256), (2, 4), (2, 16), (2, 64))


def make_prior(first, **fields) -> CodePriorConfiguration:
    """Makes the configuration of a prior over the codes of a first stage."""
    inherited = {n: getattr(first, n) for n in list_inherited("code-prior")}
    return CodePriorConfiguration(**inherited, **PRIOR | fields)


def record_first():
    """Trains the VQ-VAE, and keeps its weights."""
    data = load("mnist")
    return record_one(train(FIRST, data, SEED, rounded=True), data)


def record_prior():
    """Trains the prior over the codes of the recorded VQ-VAE, and keeps its weights."""
    data = load("mnist")
    prior = make_prior(FIRST)
    return record_one(train(prior, data, SEED, rounded=True, codes_of="vq_vae"), data)


def record_sizes():
    """Trains both stages with each grid, codebook and seed."""
    data = load("mnist")
    wanted = [
        (make_prior(dataclasses.replace(FIRST, halvings=halvings, codes=codes)), seed)
        for seed in SEEDS
        for halvings, codes in SIZES
    ]
    names = "elbo", "nll", "kl", "codes_used", "perplexity", "rmse_mean", "fdd"
    known = runs.load_study("code_prior").protocol["measured"]
    measured = {name: known[name] for name in names} | {"uniform_fdd": UNIFORM}
    protocol = describe(data, measured, minutes="of both stages")
    results = run_all("code_sizes", protocol, wanted, functools.partial(run, data))
    return {"protocol": protocol, "minutes": sum_minutes(results), "results": results}


def run(data, configuration, seed) -> runs.Result:
    """Trains and measures both stages, or reads what an earlier call has kept."""
    c = configuration
    name = f"code_sizes_{c.halvings}_{c.codes}_{seed}"
    make = functools.partial(train_both, data, c, seed)
    kept = keep(name, f"{c}, seed {seed}", make)
    return runs.Result(
        configuration=c,
        seed=seed,
        images=len(data.x_train),
        **{key: kept[key] for key in ("minutes", "metrics", "history")},
    )


def train_both(data, configuration, seed) -> dict:
    """Trains a VQ-VAE and the prior over its codes, and measures both."""
    c = configuration
    sizes = {"halvings": c.halvings, "codes": c.codes}
    first = train(dataclasses.replace(FIRST, **sizes), data, seed)
    second = train(c, data, seed, codes_of=str(first.folder))
    uniform, _ = measure(first.model, first.source.configuration, data)
    metrics, _ = measure(second.model, c, data)
    metrics["uniform_fdd"] = uniform["fdd"]
    metrics["parameters"] = models.count_parameters(second.model)
    return {
        "minutes": first.source.minutes + second.source.minutes,
        "metrics": metrics,
        "history": {
            "first_val_nll": first.source.history["val_nll"],
            "val_kl": second.source.history["val_kl"],
        },
    }


STUDIES = {
    "vq_vae": record_first,
    "code_prior": record_prior,
    "code_sizes": record_sizes,
}
