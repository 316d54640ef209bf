"""A VQ-VAE, the prior over its codes, and both trained on together as a VAE.

`09_discrete_codes` loads their weights. And what the grid and the codebook cost: all
three stages with other sizes, three seeds each, for a shorter time. Ctrl-C ends that
study early; a later call adds what is missing.
"""

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
    VQVAEConfiguration,
    configuration_class,
    list_inherited,
)

FIRST = VQVAEConfiguration(codes=16, decay=True, epochs=30)
PRIOR = {"epochs": 20}
TOGETHER = {"epochs": 20}
#: Halvings of the image, and vectors of the codebook.
SIZES = ((3, 16), (3, 64), (2, 4), (2, 16))
#: How long each stage is trained where sizes are compared: epochs of 100 batches.
BATCHES = {"updates_per_epoch": 100}
SHORT = ({"epochs": 20}, {"epochs": 15}, {"epochs": 10})
CERTAIN = "part of the bound of the second stage, whose encoder is certain of one grid"


def continue_with(model, first, **fields):
    """Makes the configuration of a stage that continues another."""
    inherited = {n: getattr(first, n) for n in list_inherited(model)}
    return configuration_class(model)(**inherited, **fields)


def record_first():
    """Trains the VQ-VAE, and keeps its weights."""
    data = load("mnist")
    return record_one(train(FIRST, data, SEED, rounded=True), data)


def record_prior():
    """Trains the prior over the codes of the recorded VQ-VAE, and keeps its weights."""
    data = load("mnist")
    prior = continue_with("code-prior", FIRST, **PRIOR)
    return record_one(train(prior, data, SEED, rounded=True, codes_of="vq_vae"), data)


def record_together():
    """Trains on the recorded VQ-VAE and its prior, together, and keeps the weights."""
    data = load("mnist")
    prior = continue_with("code-prior", FIRST)
    both = continue_with("discrete-vae", prior, **TOGETHER)
    trained = train(both, data, SEED, rounded=True, codes_of="code_prior")
    return record_one(trained, data)


def record_sizes():
    """Trains all three stages with each grid, codebook and seed."""
    data = load("mnist")
    wanted = [(list_stages(*size)[-1], seed) for seed in SEEDS for size in SIZES]
    names = "elbo", "nll", "kl", "codes_used", "perplexity", "rmse_mean", "fdd"
    known = runs.load_study("discrete_vae").protocol["measured"]
    measured = {name: known[name] for name in names}
    measured |= dict.fromkeys(("certain_nll", "certain_kl"), CERTAIN)
    protocol = describe(data, measured, minutes="of all three stages")
    results = run_all("code_sizes", protocol, wanted, functools.partial(run, data))
    return {"protocol": protocol, "minutes": sum_minutes(results), "results": results}


def list_stages(halvings, codes):
    """Lists the configurations of the three stages with one size."""
    sizes = {"halvings": halvings, "codes": codes, "decay": True}
    first = VQVAEConfiguration(**sizes, **BATCHES, **SHORT[0])
    prior = continue_with("code-prior", first, **BATCHES, **SHORT[1])
    return first, prior, continue_with("discrete-vae", prior, **BATCHES, **SHORT[2])


def run(data, configuration, seed) -> runs.Result:
    """Trains and measures all stages, or reads what an earlier call has kept."""
    c = configuration
    name = f"code_sizes_{c.halvings}_{c.codes}_{seed}"
    make = functools.partial(train_stages, data, (c.halvings, c.codes), seed)
    kept = keep(name, f"{c}, seed {seed}", make)
    return runs.Result(
        configuration=c,
        seed=seed,
        images=len(data.x_train),
        **{key: kept[key] for key in ("minutes", "metrics", "history")},
    )


def train_stages(data, size, seed) -> dict:
    """Trains a VQ-VAE, its prior and both together; measures the last two."""
    stages, codes_of = [], None
    for configuration in list_stages(*size):
        stages.append(train(configuration, data, seed, codes_of=codes_of))
        codes_of = str(stages[-1].folder)
    first, prior, both = stages
    certain, _ = measure(prior.model, prior.source.configuration, data)
    metrics, _ = measure(both.model, both.source.configuration, data)
    metrics |= {f"certain_{name}": certain[name] for name in ("nll", "kl")}
    metrics["parameters"] = models.count_parameters(both.model)
    return {
        "minutes": sum(stage.source.minutes for stage in stages),
        "metrics": metrics,
        "history": {
            "first_val_nll": first.source.history["val_nll"],
            "prior_val_kl": prior.source.history["val_kl"],
            "val_loss": both.source.history["val_loss"],
        },
    }


STUDIES = {
    "vq_vae": record_first,
    "code_prior": record_prior,
    "discrete_vae": record_together,
    "code_sizes": record_sizes,
}
