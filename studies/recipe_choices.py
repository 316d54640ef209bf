"""What each choice of the recipe of `time_to_nll` is worth, on validation images.

    python -m studies.record_runs recipe_choices

Every variant differs from the recipe in one thing (an average of the weights in two: it
replaces the falling learning rate), and trains for as many epochs. A tenth of the
recipe's own is enough to see what a choice does early, and too few to see what it does
in the end.
"""

import functools
import time
from dataclasses import asdict, replace
from typing import NamedTuple

import keras

from studies.keeping import keep
from studies.protocol import IS_SAMPLES, describe
from studies.recording import SEED, SEEDS, load, sum_minutes
from studies.time_to_nll import RECIPE, VALIDATION_NLL, choose_validation_images
from vae_utils import evaluation, runs, training

EPOCHS = 20
SHORT = replace(RECIPE, epochs=EPOCHS)
EMA_MOMENTUM = 0.999


class Variant(NamedTuple):
    """One way to train.

    Args:
        configuration: of the model.
        change: function of the model, called before it trains; None for none.
        label: what the change is.
    """

    configuration: object
    change: object = None
    label: str | None = None


def average_weights(model):
    """Gives the optimiser an exponential moving average (EMA) of the weights.

    Keras replaces the weights with it when `fit` ends.
    """
    optimizer = model.optimizer
    config = optimizer.get_config() | {"use_ema": True, "ema_momentum": EMA_MOMENTUM}
    model.compile(type(optimizer).from_config(config))


def initialise_as_he(model):
    """Draws initial weights as He et al. (2015) do, not as Glorot and Bengio."""
    dense = [
        layer
        for network in (model.encoder, model.decoder)
        for layer in network.layers
        if isinstance(layer, keras.layers.Dense)
    ]
    for seed, layer in enumerate(dense):
        draw = keras.initializers.HeNormal(seed=seed)
        layer.kernel.assign(draw(layer.kernel.shape))


VARIANTS = (
    Variant(SHORT),
    Variant(replace(SHORT, activation="relu")),
    Variant(replace(SHORT, learning_rate=1e-3)),
    Variant(replace(SHORT, learning_rate=4e-3)),
    Variant(replace(SHORT, decay=False)),
    Variant(replace(SHORT, decay=False), average_weights, "EMA of weights"),
    Variant(replace(SHORT, batch_size=128)),
    Variant(replace(SHORT, hidden=(300, 300))),
    Variant(replace(SHORT, latent_dim=20)),
    Variant(SHORT, initialise_as_he, "He's initial weights"),
)


def train_variant(variant, data, seed):
    """Trains one variant; returns its NLL on validation images, and minutes."""
    prepared = training.prepare(variant.configuration, data, seed=seed)
    if variant.change is not None:
        variant.change(prepared.model)
    began = time.perf_counter()
    training.fit(prepared)
    minutes = (time.perf_counter() - began) / 60
    nll = evaluation.importance_sampled_nll(
        prepared.model, choose_validation_images(data), samples=IS_SAMPLES
    ).mean()
    name = variant.label or variant.configuration
    print(f"{name}, seed {seed}: {nll:.2f} nats", flush=True)
    return {"nll": float(nll), "minutes": minutes}


def record():
    """Trains every variant, the recipe itself with several seeds."""
    data, results = load("mnist"), []
    for index, variant in enumerate(VARIANTS):
        for seed in SEEDS if index == 0 else (SEED,):
            kept = keep(
                f"recipe_choices_{index}_{seed}",
                f"{variant.label}: {asdict(variant.configuration)}",
                functools.partial(train_variant, variant, data, seed),
            )
            result = runs.Result(
                configuration=variant.configuration,
                seed=seed,
                images=len(data.x_train),
                label=variant.label,
                minutes=kept["minutes"],
                metrics={"validation NLL": kept["nll"]},
                history={},
            )
            results.append(result)
    seeds = ", ".join(map(str, SEEDS[:-1])) + f" and {SEEDS[-1]}"
    measured = f"{VALIDATION_NLL}; after {EPOCHS} epochs; seeds {seeds} of the recipe, "
    measured = {"validation NLL": f"{measured}seed {SEED} of its variants"}
    minutes = "of all training runs, with validation"
    more = {"minutes": minutes, "ema_momentum": EMA_MOMENTUM}
    return {
        "protocol": describe(data, measured, **more),
        "minutes": sum_minutes(results),
        "results": results,
    }


STUDIES = {"recipe_choices": record}
