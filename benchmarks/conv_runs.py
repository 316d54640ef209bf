"""Recorded runs of convolutional networks."""

import functools
import math
import time
from dataclasses import asdict, replace

import keras
from interleaved import train_one_epoch
from recording import (
    IS_SAMPLES,
    SEED,
    append_metrics,
    as_run,
    describe,
    load,
)

from vae_utils import configurations, latent, protocol, training
from vae_utils.pixels import to_bytes

PAIR = configurations.Configuration(
    encoder="conv", decoder="conv", latent_dim=20, hidden=(), batch_size=100
)
DENSE_WIDTHS = {"fc": (256, 256), "conv": ()}  # hidden layers of each kind of network
BUDGET = 100  # processor seconds of training for each pair, of all threads together
PAIR_SEEDS = (11, 12, 13)
FEW = (500, 2000, 10_000, 55_000)  # training images
FEW_UPDATES = {"fc | fc": 2800, "conv | conv": 1100}  # about equal processor seconds
FEW_EPOCHS = 20  # whatever the number of images: validations
SHOWN = 10  # reconstructions and new images kept for figures


def make_pairs():
    """Names the four configurations of an encoder and a decoder."""
    return {
        f"{encoder} | {decoder}": replace(
            PAIR,
            encoder=encoder,
            decoder=decoder,
            hidden=DENSE_WIDTHS[encoder],
            decoder_hidden=DENSE_WIDTHS[decoder],
        )
        for encoder in DENSE_WIDTHS
        for decoder in DENSE_WIDTHS
    }


def train_for_equal_seconds(pairs, data, seed):
    """Trains every pair for at least `BUDGET` seconds; next is the one with the fewest.

    Processor seconds, since other work on the machine hardly counts in them; in turns,
    so that what it does cost is shared. The first epoch compiles; an epoch begun is
    finished. The learning rate of an epoch falls along a cosine over the seconds spent
    so far: none ends in its noise.

    Returns:
        Name → model, and name → seconds so far, name → validation loss after epochs.
    """
    vaes = {}
    for name, pair in pairs.items():
        vaes[name] = training.build(pair, seed=seed)
        steps = len(data.x_train) // pair.batch_size
        vaes[name].compile(
            keras.optimizers.Adam(pair.learning_rate),
            steps_per_execution=training.choose_steps_per_execution(steps),
        )
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


def record_pairs(dataset, seeds):
    """Trains every encoder with every decoder, for equal seconds."""
    data = load(dataset)
    pairs, metrics, history = make_pairs(), {}, {}
    arrays = {"input": data.x_test[:SHOWN]}
    for seed in seeds:
        vaes, seconds, losses = train_for_equal_seconds(pairs, data, seed)
        for name, vae in vaes.items():
            history[f"{name} seed {seed} seconds"] = seconds[name]
            history[f"{name} seed {seed} val_loss"] = losses[name]
            measured = protocol.measure(vae, data, is_samples=IS_SAMPLES) | {
                "parameters": vae.encoder.count_params() + vae.decoder.count_params(),
                "epochs": len(losses[name]),
                "seconds": seconds[name][-1],
            }
            append_metrics(metrics, {f"{name} {key}": v for key, v in measured.items()})
            if seed == seeds[0]:
                drawn = draw(vae, arrays["input"])
                arrays |= {f"{name} {key}": images for key, images in drawn.items()}
    minutes = sum(sum(metrics[f"{name} seconds"]) for name in pairs) / 60
    return as_run(describe_pairs(pairs, data, seeds), minutes, history, metrics, arrays)


def draw(vae, images):
    """Reconstructs images, and decodes as many codes from the prior."""
    z_mean, _ = latent.encode(vae, images)
    prior = latent.sample_prior(len(images), PAIR.latent_dim, seed=SEED)
    return {
        "reconstructions": to_bytes(latent.decode(vae, z_mean)),
        "prior_means": to_bytes(latent.decode(vae, prior)),
    }


def describe_pairs(pairs, data, seeds):
    """States how pairs were trained for equal seconds."""
    about = describe(PAIR, data, seeds, generated=False) | {
        "configuration": {name: asdict(pair) for name, pair in pairs.items()},
        "network": "encoder | decoder",
        "epochs": "see metrics",
        "budget": f"at least {BUDGET} s of processor time (all threads together) for "
        "each pair, the first compilation included, validation not; the four trained "
        "in turns, an epoch each, next the one that had had the fewest seconds; the "
        "learning rate of an epoch falls along a cosine over the seconds so far",
        "minutes": "of processor time",
    }
    for configuration in about["configuration"].values():
        for name in ("decay", "epochs", "updates_per_epoch"):  # the budget says them
            del configuration[name]
    return about


def record_few():
    """Trains both pure pairs on few images, for about equal processor seconds."""
    data = load("mnist")
    pairs, metrics, history, minutes = few_pairs(), {}, {}, 0.0
    for count in FEW:
        some = replace(data, x_train=data.x_train[:count], y_train=data.y_train[:count])
        for name, pair in pairs.items():
            for seed in PAIR_SEEDS:
                print(count, name, seed, flush=True)
                began = time.monotonic(), time.process_time()
                vae, result = training.train(pair, some, seed=seed)
                seconds = time.process_time() - began[1]
                minutes += (time.monotonic() - began[0]) / 60
                history[f"{name} {count} seed {seed} val_loss"] = result["val_loss"]
                measured = protocol.measure(vae, data) | {
                    "train_loss": result["loss"][-1],
                    "seconds": seconds,
                }
                named = {f"{name} {count} {key}": v for key, v in measured.items()}
                append_metrics(metrics, named)
    return as_run(describe_few(pairs, data), minutes, history, metrics)


def few_pairs():
    """Names the two configurations that are trained on few images."""
    pairs = make_pairs()
    return {
        name: replace(
            pairs[name],
            decay=True,
            epochs=FEW_EPOCHS,
            updates_per_epoch=updates // FEW_EPOCHS,
        )
        for name, updates in FEW_UPDATES.items()
    }


def describe_few(pairs, data):
    """States how pairs were trained on few images."""
    about = describe(PAIR, data, PAIR_SEEDS, is_samples=None, generated=False) | {
        "configuration": {name: asdict(pair) for name, pair in pairs.items()},
        "network": "encoder | decoder",
        "epochs": FEW_EPOCHS,
        "images": list(FEW),
    }
    about["measured"] |= {
        "train_loss": f"−ELBO over the last of {FEW_EPOCHS} equal parts of the updates",
        "seconds": "processor time of training, of all threads together, compilation "
        "and validation included",
    }
    return about


RUNS = {
    "conv_few": record_few,
    "conv_pairs": functools.partial(record_pairs, "mnist", PAIR_SEEDS),
    "conv_pairs_fashion": functools.partial(record_pairs, "fashion_mnist", (11,)),
}
