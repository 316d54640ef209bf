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
    as_bytes,
    as_run,
    describe,
    load,
    train,
)

from vae_utils import configurations, latent, protocol, training

PAIR = configurations.Configuration(
    encoder="conv", decoder="conv", latent_dim=20, hidden=(), batch_size=100
)
FC = {"fc": (256, 256), "conv": ()}  # dense layers of each kind of network
BUDGET = 100  # processor seconds of training for each pair, of all threads together
PAIR_SEEDS = (11, 12, 13)
FEW = (500, 2000, 10_000, 55_000)  # training images
# A dense pair makes about 2.5 updates while a convolutional one makes one.
FEW_UPDATES = {"fc | fc": 2800, "conv | conv": 1100}
SHOWN = 10  # reconstructions and new images kept for figures


def make_pairs():
    """Names the four configurations of an encoder and a decoder."""
    return {
        f"{encoder} | {decoder}": replace(
            PAIR,
            encoder=encoder,
            decoder=decoder,
            hidden=FC[encoder],
            decoder_hidden=FC[decoder],
        )
        for encoder in FC
        for decoder in FC
    }


def train_for_equal_seconds(pairs, data, seed):
    """Trains every pair for `BUDGET` seconds; next is always the one with the fewest.

    Processor seconds, since other work on the machine hardly counts in them; in turns,
    so that what it does cost is shared. The first epoch compiles. The learning rate
    falls to zero along a cosine over the seconds: none ends in its noise.

    Returns:
        Name → model, and name → seconds so far, name → validation loss after epochs.
    """
    vaes = {}
    for name, pair in pairs.items():
        vaes[name] = configurations.build(pair, seed=seed)
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
                z_mean, _ = latent.encode(vae, data.x_test[:SHOWN])
                arrays[f"{name} reconstructions"] = as_bytes(latent.decode(vae, z_mean))
                prior = latent.sample_prior(SHOWN, PAIR.latent_dim, seed=SEED)
                arrays[f"{name} prior_means"] = as_bytes(latent.decode(vae, prior))
    about = describe(PAIR, data, seeds, pairs={k: asdict(v) for k, v in pairs.items()})
    about["configuration"] = about.pop("pairs")
    about["network"], about["epochs"] = "encoder | decoder", "see metrics"
    about["budget"] = (
        f"{BUDGET} s of processor time (all threads together) for each pair, the first "
        "compilation included, validation not; the four trained in turns, an epoch "
        "each, next the one that had had the fewest seconds; the learning rate falls "
        "to zero along a cosine over the seconds, an epoch at a time"
    )
    minutes = sum(sum(metrics[f"{name} seconds"]) for name in pairs) / 60  # processor
    return as_run(about, minutes, history, metrics, arrays)


def record_few():
    """Trains both pure pairs on few images, for about equal processor seconds."""
    data = load("mnist")
    pairs, metrics, history, minutes = make_pairs(), {}, {}, 0.0
    for count in FEW:
        some = replace(data, x_train=data.x_train[:count], y_train=data.y_train[:count])
        for name, updates in FEW_UPDATES.items():
            configuration = replace(
                pairs[name], decay=True, updates_per_epoch=updates // 20, epochs=20
            )
            for seed in PAIR_SEEDS:
                print(count, name, seed, flush=True)
                began = time.process_time()
                vae, result, spent = train(configuration, some, seed)
                minutes += spent
                history[f"{name} {count} seed {seed} val_loss"] = result["val_loss"]
                seconds = time.process_time() - began
                measured = protocol.measure(vae, data) | {
                    "train_loss": result["loss"][-1],
                    "seconds": seconds,
                }
                named = {f"{name} {count} {key}": v for key, v in measured.items()}
                append_metrics(metrics, named)
    about = describe(PAIR, data, PAIR_SEEDS, is_samples=None, updates=FEW_UPDATES)
    about |= {"network": "encoder | decoder", "images": list(FEW)}
    about["measured"] |= {
        "train_loss": "−ELBO over the last twentieth of the updates",
        "seconds": "processor time, of all threads together",
    }
    return as_run(about, minutes, history, metrics)


RUNS = {
    "conv_few": record_few,
    "conv_pairs": functools.partial(record_pairs, "mnist", PAIR_SEEDS),
    "conv_pairs_fashion": functools.partial(record_pairs, "fashion_mnist", (11,)),
}
