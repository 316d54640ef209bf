"""Every encoder with every decoder, fully connected or convolutional, equal seconds."""

import functools
import math

import keras

from benchmarks.interleaved import train_one_epoch
from studies.protocol import IS_SAMPLES, describe
from studies.recording import SEED, load
from vae_utils import evaluation, latent, models, runs
from vae_utils.configurations import VAEConfiguration
from vae_utils.pixels import to_bytes

DENSE_WIDTHS = {"fc": (256, 256), "conv": ()}  # hidden layers of each kind of network
BUDGET = 100  # processor seconds of training for each pair, of all threads together
SEEDS = (11, 12, 13)
SHOWN = 10  # reconstructions and new images kept for figures
EXPLANATION = (
    f"each pair trained for at least {BUDGET} s of processor time (all threads "
    "together), the first compilation included, validation not; the four trained in "
    "turns, one epoch each, and the next was always the one that had used the fewest "
    "seconds; the learning rate of an epoch falls along a cosine over the seconds used "
    "so far; epochs and decay of the configurations do not apply"
)


def make_pairs() -> dict:
    """Returns the configurations of all pairs, by their names in the arrays."""
    return {
        f"{encoder} | {decoder}": VAEConfiguration(
            encoder=encoder,
            decoder=decoder,
            latent_dim=20,
            hidden=DENSE_WIDTHS[encoder],
            decoder_hidden=DENSE_WIDTHS[decoder],
            batch_size=100,
        )
        for encoder in DENSE_WIDTHS
        for decoder in DENSE_WIDTHS
    }


def train_for_equal_seconds(pairs, data, seed):
    """Trains every pair for at least `BUDGET` seconds; next is the one with the fewest.

    Processor seconds, since other work on the machine hardly counts in them; in turns,
    so that what it does cost is shared. The first epoch compiles; an epoch that has
    started is finished. The learning rate of an epoch falls along a cosine over the
    seconds used so far, so that all of them end with a small one.

    Returns:
        Name → model, and name → seconds so far, name → validation loss after epochs.
    """
    vaes = {name: compile_pair(pair, data, seed) for name, pair in pairs.items()}
    seconds, losses = {name: [0.0] for name in pairs}, {name: [] for name in pairs}
    while True:
        name = min(pairs, key=lambda name: seconds[name][-1])
        if seconds[name][-1] >= BUDGET:
            return vaes, {name: s[1:] for name, s in seconds.items()}, losses
        share = seconds[name][-1] / BUDGET
        rate = pairs[name].learning_rate * (1 + math.cos(math.pi * share)) / 2
        vaes[name].optimizer.learning_rate = rate
        _, spent, loss = train_one_epoch(
            vaes[name], data, len(losses[name]), pairs[name].batch_size, seed
        )
        seconds[name].append(seconds[name][-1] + spent)
        losses[name].append(loss)
        print(f"{name} {seconds[name][-1]:.0f} s, {loss:.1f} nats", flush=True)


def compile_pair(pair, data, seed):
    """Builds and compiles the model of a pair."""
    sizes = {"image_shape": data.image_shape, "classes": data.classes}
    vae = models.build(pair, **sizes, seed=seed)
    vae.compile(keras.optimizers.Adam(pair.learning_rate))
    return vae


def record(dataset, seeds):
    """Trains every encoder with every decoder, with each seed."""
    data, pairs = load(dataset), make_pairs()
    results, arrays = {name: [] for name in pairs}, {"input": data.x_test[:SHOWN]}
    for seed in seeds:
        vaes, seconds, losses = train_for_equal_seconds(pairs, data, seed)
        for name, vae in vaes.items():
            metrics, measured = evaluation.measure(vae, data, is_samples=IS_SAMPLES)
            result = runs.Result(
                configuration=pairs[name],
                seed=seed,
                images=len(data.x_train),
                epochs=len(losses[name]),
                seconds=seconds[name][-1],
                metrics=metrics | {"parameters": models.count_parameters(vae)},
                history={"seconds": seconds[name], "val_loss": losses[name]},
            )
            results[name].append(result)
            if seed == seeds[0]:
                drawn = draw(vae, arrays["input"])
                arrays |= {f"{name} {key}": images for key, images in drawn.items()}
    ordered = [result for each in results.values() for result in each]
    more = {"budget": EXPLANATION, "minutes": "of processor time"}
    return {
        "protocol": describe(data, measured, **more),
        "minutes": sum(result.seconds for result in ordered) / 60,
        "results": ordered,
        "arrays": arrays,
    }


def draw(vae, images):
    """Reconstructs images, and decodes as many codes from the prior."""
    z_mean = latent.encode_mean(vae, images)
    prior = latent.sample_prior(len(images), *vae.latent_shape, seed=SEED)
    return {
        "reconstructions": to_bytes(latent.decode(vae, z_mean)),
        "prior_means": to_bytes(latent.decode(vae, prior)),
    }


STUDIES = {
    "conv_pairs": functools.partial(record, "mnist", SEEDS),
    "conv_pairs_fashion": functools.partial(record, "fashion_mnist", SEEDS[:1]),
}
