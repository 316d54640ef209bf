"""Trains again what chapters show as recorded runs, and writes it to the package.

    python benchmarks/record_runs.py            every run
    python benchmarks/record_runs.py fc_vae_seeds

`fc_vae_seeds` trains the network of `02_fc_vae` as the chapter does, with ten seeds:
the band that its numbers should fall into. `fc_vae_long` trains it for 200 epochs.
"""

import sys
import time
from pathlib import Path

import imageio.v3 as imageio
import keras
import numpy as np

from vae_utils import (
    datasets,
    evaluation,
    latent,
    likelihoods,
    models,
    networks,
    pipeline,
    pixels,
    plots,
    pretrained,
    training,
)

LATENT_DIM, HIDDEN = 2, (500, 500)
BATCH_SIZE, LEARNING_RATE = 128, 1e-3
CHAPTER_EPOCHS, LONG_EPOCHS = 15, 200
SEEDS = tuple(range(11, 21))  # none of them the chapter's own
LONG_SEED = 1
BINARISATION_SEED = 0  # of validation and test images, the same for every run
EVERY, IS_SAMPLES = 10, 500  # every tenth test image: the first are easier ones
CANVAS_SIDE = 20
TEASER = Path(__file__).parents[1] / "book" / "_static" / "teaser.png"


def train(data, seed, epochs):
    """Trains the chapter's network; returns the model, its history and the minutes."""
    keras.utils.set_random_seed(seed)
    vae = models.VAE(
        networks.build_fc_encoder(LATENT_DIM, HIDDEN),
        networks.build_fc_decoder(LATENT_DIM, HIDDEN),
        likelihoods.Bernoulli(),
        seed=seed,
    )
    batches, steps = pipeline.training_batches(
        data.x_train, batch_size=BATCH_SIZE, epochs=epochs, seed=seed
    )
    vae.compile(
        keras.optimizers.Adam(LEARNING_RATE),
        steps_per_execution=training.choose_steps_per_execution(steps),
    )
    began = time.monotonic()
    history = vae.fit(
        batches,
        epochs=epochs,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(data.x_val, seed=BINARISATION_SEED),
        shuffle=False,
        verbose=0,
        callbacks=[training.Progress()],
    ).history
    return vae, history, (time.monotonic() - began) / 60


def measure(vae, data):
    """Measures on test images what the chapter measures."""
    x_test = pixels.binarise(data.x_test, seed=BINARISATION_SEED)
    split = evaluation.elbo_split(vae, x_test)
    tenth = x_test[::EVERY]
    nll = evaluation.importance_sampled_nll(vae, tenth, samples=IS_SAMPLES)
    z_mean, z_log_var = latent.encode(vae, data.x_test)
    z = latent.sample_posterior(z_mean, z_log_var, seed=0)
    return {
        "elbo": split["elbo"],
        "elbo_same_images": evaluation.elbo_split(vae, tenth, samples=10)["elbo"],
        "nll": split["nll"],
        "kl": split["kl"],
        "is_nll": float(nll.mean()),
        "rmse_mean": evaluation.rmse(data.x_test, latent.decode(vae, z_mean)),
        "rmse_sampled": evaluation.rmse(data.x_test, latent.decode(vae, z)),
    }


def protocol(data, epochs, **more):
    """States how the numbers were made."""
    return {
        "data": data.provenance,
        "split": f"{len(data.x_train)} train, {len(data.x_val)} validation, "
        f"{len(data.x_test)} test",
        "binarisation": "dynamic; validation and test binarised once, seed "
        f"{BINARISATION_SEED}",
        "network": "784-500-500-2, mirrored, ReLU",
        "choices": {
            "DATASET": data.name,
            "LATENT_DIM": LATENT_DIM,
            "HIDDEN": list(HIDDEN),
            "BATCH_SIZE": BATCH_SIZE,
            "LEARNING_RATE": LEARNING_RATE,
            "EPOCHS": epochs,
        },
        "likelihood": "Bernoulli",
        "optimiser": f"Adam, learning rate {LEARNING_RATE}, batch {BATCH_SIZE}",
        "epochs": epochs,
        "elbo": "all test images, one sample of z each",
        "is_nll": f"every {EVERY}th test image, K = {IS_SAMPLES}",
        "elbo_same_images": f"every {EVERY}th test image, ten samples of z each",
        "rmse": "all grey test images; mean over images",
        **more,
    }


def record_seeds(data):
    """Records the chapter's training with ten seeds."""
    metrics, minutes, histories = {}, 0.0, {}
    for seed in SEEDS:
        vae, history, spent = train(data, seed, CHAPTER_EPOCHS)
        minutes += spent
        histories |= {f"seed {seed} {k}": v for k, v in history.items()}
        for name, value in measure(vae, data).items():
            metrics.setdefault(name, []).append(value)
    pretrained.save_run(
        "fc_vae_seeds",
        protocol=protocol(data, CHAPTER_EPOCHS, seeds=list(SEEDS)),
        minutes=minutes,
        history=histories,
        metrics=metrics,
    )


def record_long(data):
    """Records one long training, what its figures need, and the book's teaser."""
    vae, history, minutes = train(data, LONG_SEED, LONG_EPOCHS)
    grid = latent.decode(vae, latent.prior_quantile_grid(CANVAS_SIDE))[..., 0]
    grid = np.rint(255 * grid).astype(np.uint8)
    canvas = plots.tile(grid, CANVAS_SIDE)  # in [0, 1]
    imageio.imwrite(TEASER, np.rint(255 * canvas).astype(np.uint8))
    pretrained.save_run(
        "fc_vae_long",
        protocol=protocol(data, LONG_EPOCHS, seeds=[LONG_SEED]),
        minutes=minutes,
        history=history,
        metrics=measure(vae, data),
        arrays={"grid": grid},
    )


RUNS = {"fc_vae_seeds": record_seeds, "fc_vae_long": record_long}


def main(names):
    """Records the runs named, or all."""
    data = datasets.load("mnist")
    if not data.complete:
        sys.exit(f"Recorded runs need the complete data. Received: {data.provenance}")
    for name in names or RUNS:
        print(name, flush=True)
        RUNS[name](data)


if __name__ == "__main__":
    main(sys.argv[1:])
