"""What each choice of `time_to_nll.py`'s recipe is worth, on validation images.

    python benchmarks/record_runs.py recipe_choices

Every variant differs from the recipe in one thing (an average of the weights in two: it
stands in for the falling rate), and trains for as many epochs. A tenth of the recipe's
own is enough to see what a choice does early, and too few to say what it does in the
end.
"""

import functools
import time
from dataclasses import asdict, replace

import keras
from keeping import keep
from recording import (
    IS_SAMPLES,
    SEED,
    SEEDS,
    append_metrics,
    as_run,
    describe,
    load,
)
from time_to_nll import RECIPE, VALIDATION_NLL, choose_validation_images

from vae_utils import evaluation, training

EPOCHS = 20
SHORT = replace(RECIPE, epochs=EPOCHS)
EMA_MOMENTUM = 0.999


def average_weights(model):
    """Gives the optimiser an exponential moving average (EMA) of the weights.

    Keras puts it in their place when `fit` ends.
    """
    optimizer = model.optimizer
    config = optimizer.get_config() | {"use_ema": True, "ema_momentum": EMA_MOMENTUM}
    model.compile(
        type(optimizer).from_config(config),
        steps_per_execution=model.steps_per_execution,
    )


def initialise_as_he(model):
    """Draws first weights as He et al. (2015) do, in place of Glorot and Bengio."""
    dense = [
        layer
        for network in (model.encoder, model.decoder)
        for layer in network.layers
        if isinstance(layer, keras.layers.Dense)
    ]
    for seed, layer in enumerate(dense):
        draw = keras.initializers.HeNormal(seed=seed)
        layer.kernel.assign(draw(layer.kernel.shape))


# Name → configuration, and what is done to the model before it trains.
VARIANTS = {
    "the recipe": (SHORT, None),
    "ReLU": (replace(SHORT, activation="relu"), None),
    "half the rate, 1e-3": (replace(SHORT, learning_rate=1e-3), None),
    "twice the rate, 4e-3": (replace(SHORT, learning_rate=4e-3), None),
    "constant rate": (replace(SHORT, decay=False), None),
    "constant rate, EMA of weights": (replace(SHORT, decay=False), average_weights),
    "batches of 128": (replace(SHORT, batch_size=128), None),
    "layers of 300 units": (replace(SHORT, hidden=(300, 300)), None),
    "20 latent dimensions": (replace(SHORT, latent_dim=20), None),
    "He's initial weights": (SHORT, initialise_as_he),
}


def train_variant(name, data, seed):
    """Trains one variant; returns its NLL on validation images, and minutes."""
    configuration, change = VARIANTS[name]
    prepared = training.prepare(configuration, data, seed=seed)
    if change is not None:
        change(prepared.model)
    began = time.perf_counter()
    training.fit(prepared)
    minutes = (time.perf_counter() - began) / 60
    nll = evaluation.importance_sampled_nll(
        prepared.model, choose_validation_images(data), samples=IS_SAMPLES
    ).mean()
    print(f"{name}, seed {seed}: {nll:.2f} nats", flush=True)
    return {"nll": float(nll), "minutes": minutes}


def record():
    """Trains every variant, the recipe itself with several seeds."""
    data, metrics, minutes = load("mnist"), {}, 0.0
    for name in VARIANTS:
        for seed in SEEDS if name == "the recipe" else (SEED,):
            result = keep(
                f"recipe_choices_{'_'.join(name.split())}_{seed}".replace(",", ""),
                f"{name}: {asdict(VARIANTS[name][0])}",
                functools.partial(train_variant, name, data, seed),
            )
            minutes += result["minutes"]
            append_metrics(metrics, {f"{name} validation NLL": result["nll"]})
    about = describe(SHORT, data, SEEDS, is_samples=None, generated=False)
    about["ema_momentum"] = EMA_MOMENTUM
    about["measured"] = {
        "validation NLL": f"{VALIDATION_NLL}; after {EPOCHS} epochs; seeds "
        f"{list(SEEDS)} of the recipe, seed {SEED} of its variants",
    }
    about["minutes"] = "of all trainings, with validation"
    return as_run(about, minutes, {}, metrics)


RUNS = {"recipe_choices": record}
