"""The network of `03_conv_vae`, and dense layers for comparison: four epochs, seeds."""

import time
from dataclasses import replace

from studies.conv_pairs import make_pairs
from studies.protocol import describe
from studies.recording import load, sum_minutes
from vae_utils import evaluation, latent, models, pixels, runs, training

EPOCHS = 4  # as in the chapter
SEEDS = {"conv | conv": tuple(range(11, 21)), "fc | fc": (11, 12, 13, 14)}
MEASURED = {
    "elbo": "all test images, binarised once (dynamic, seed 0); one sample of z each; "
    "nats",
    "nll": "part of elbo",
    "kl": "part of elbo",
    "active_units": "all grey test images; dimensions whose posterior mean has a "
    "variance above 0.01",
}


def record():
    """Trains both networks as the chapter does, each with several seeds."""
    data, pairs = load("mnist"), make_pairs()
    results = [
        train(replace(pairs[name], decay=True, epochs=EPOCHS), data, seed)
        for name, seeds in SEEDS.items()
        for seed in seeds
    ]
    minutes = "of training, with the validation of every epoch"
    return {
        "protocol": describe(data, MEASURED, minutes=minutes),
        "minutes": sum_minutes(results),
        "results": results,
    }


def train(configuration, data, seed):
    """Trains once and measures as the chapter does; returns the result."""
    print(configuration.encoder, seed, flush=True)
    began = time.monotonic()
    vae, history = training.train(configuration, data, seed=seed)
    minutes = (time.monotonic() - began) / 60
    metrics = evaluation.elbo_split(vae, pixels.binarise(data.x_test, seed=0))
    codes = latent.encode_mean(vae, data.x_test)
    metrics["active_units"] = evaluation.active_units(codes)
    metrics["parameters"] = models.count_parameters(vae)
    return runs.Result(
        configuration=configuration,
        seed=seed,
        images=len(data.x_train),
        minutes=minutes,
        metrics=metrics,
        history=history,
    )


STUDIES = {"conv_vae_seeds": record}
