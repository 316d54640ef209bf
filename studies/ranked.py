"""Models of p(x), scored on all test images with two K, with three seeds each.

    python -m studies.record_runs ranked

It takes hours on a processor. Ctrl-C ends it early: finished training runs and scores
are kept, seeds that are complete are written to the package, and a later call adds the
others. Where JAX finds an accelerator, it trains there, in minutes.
"""

import functools
import json
from dataclasses import replace

import numpy as np

from studies import resident
from studies.continuing import run_all
from studies.fc_vae_long import EPOCHS as LONG
from studies.fc_vae_seeds import CHAPTER, SHORT
from studies.keeping import keep
from studies.protocol import IS_SAMPLES, describe
from studies.recording import FOLDER, SEEDS, load, measure, sum_minutes, train
from studies.time_to_nll import BEST, PUBLISHED_SAMPLES, RECIPE
from studies.time_to_nll import SHORT as SHORT_RECIPE
from vae_utils import evaluation, models, pixels, runs
from vae_utils.configurations import VAEConfiguration

CONV = VAEConfiguration(
    encoder="conv",
    decoder="conv",
    latent_dim=20,
    hidden=(),
    batch_size=100,
    decay=True,
    epochs=10,
)
CONFIGURATIONS = (
    replace(CHAPTER, epochs=SHORT),
    *(replace(CHAPTER, latent_dim=size) for size in (2, 5, 10, 20, 40)),
    replace(CHAPTER, epochs=LONG),
    CONV,
    SHORT_RECIPE,
    RECIPE,
    BEST,
)
TENTH = slice(None, None, evaluation.TEST_STRIDE)
COINS = (1, 2, 3, 4, 5)  # other binarisations, of the first model with the first seed
FEW_DRAWS = 10  # an effective sample size below it is small
MEASURED = {
    "ranked_500": "NLL of all test images, binarised once (dynamic, seed 0), K = 500; "
    "nats",
    "ranked_nll": "estimate of the NLL of these images with K = 5,000: ranked_500, and "
    "the mean over every tenth image of what K = 5,000 changes (another seed of codes)",
    "ranked_error": "standard error of ranked_nll as an estimate for these images",
    "ess_median": "median over all test images of the effective sample size of 500",
    "ess_low": f"share of them below {FEW_DRAWS}",
    "coins_…": "ranked_500 of all test images, or of every tenth, with another seed of "
    "their binarisation; one model only",
}


def record():
    """Trains each configuration with each seed, and scores all test images."""
    return record_all("ranked", CONFIGURATIONS, SEEDS, load("mnist"))


def record_all(name, configurations, seeds, data, draws=None):
    """Does it with any configurations, seeds, data and numbers of draws."""
    draws = draws or (IS_SAMPLES, PUBLISHED_SAMPLES)
    measured = measured_by(data) | MEASURED
    arrays = "nll_i_seed: ranked_500 of each image, of the i-th model"
    protocol = describe(data, measured, draws=list(draws), arrays=arrays)
    pairs = [(each, seed) for seed in seeds for each in configurations]
    run_here = run_resident if resident.is_available() else run
    one = functools.partial(run_here, name=name, data=data, draws=draws, first=pairs[0])
    results = run_all(name, protocol, pairs, one)
    order = {each: i for i, each in enumerate(configurations)}
    results.sort(key=lambda each: (order[each.configuration], each.seed))
    return {
        "protocol": protocol,
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": {
            f"nll_{order[each.configuration]}_{each.seed}": read_images(
                name, each, order[each.configuration], data
            )
            for each in results
        },
    }


def measured_by(data):
    """Says how the other numbers are measured, as the command `evaluate` does."""
    names = ("nll", "kl", "elbo", "rmse_mean", "active_units", "elbo_same_images")
    texts = dict.fromkeys((*names, "is_nll"), "as in fc_vae_seeds")
    known = runs.load_study("fc_vae_seeds").protocol["measured"]
    texts = {name: known.get(name, text) for name, text in texts.items()}
    return texts | ({"fdd": known["fdd"]} if data.name == "mnist" else {})


def run(configuration, seed, *, name, data, draws, first) -> runs.Result:
    """Trains a model by command and scores it, or reads what has been kept."""
    trained = train(configuration, data, seed)
    coins = COINS if (configuration, seed) == first else ()
    make = functools.partial(
        measure_all, trained.model, configuration, data, draws, coins
    )
    text = f"{configuration}, seed {seed}, K = {draws}"
    kept = keep(resident.name_piece(name, configuration, data, seed), text, make)
    return trained.make_result(kept["metrics"], curves=["val_loss"])


def run_resident(configuration, seed, *, name, data, draws, first) -> runs.Result:
    """Trains and scores a model on an accelerator, or reads what has been kept."""
    coins = COINS if (configuration, seed) == first else ()
    return resident.run(
        name,
        configuration,
        data,
        seed,
        lambda model: measure_all(model, configuration, data, draws, coins),
    )


def measure_all(model, configuration, data, draws, coins):
    """Measures a model: its metrics, and the NLL of each test image."""
    metrics, _ = measure(model, configuration, data, is_samples=draws[0])
    metrics["parameters"] = models.count_parameters(model)
    more, nll = score(model, data.x_test, draws)
    for number in coins:
        one, _ = score_images(model, binarise(data.x_test, number), draws[0])
        more |= {
            f"coins_{number}": float(one.mean()),
            f"coins_{number}_tenth": float(one[TENTH].mean()),
        }
    return {"metrics": metrics | more, "images": [round(float(v), 2) for v in nll]}


def binarise(images, seed=evaluation.BINARISATION_SEED):
    """Binarises test images once."""
    return pixels.binarise(images, seed=seed)


def score_images(model, images, draws, seed=0):
    """Estimates −log p of each image, and its effective sample size."""
    nll, sizes = [], []
    for start in range(0, len(images), 1000):
        block = images[start : start + 1000]
        weights = evaluation.log_weights(model, block, samples=draws, seed=seed)
        total = np.logaddexp.reduce(weights.astype(float), axis=1)
        nll.append(np.log(draws) - total)
        sizes.append(evaluation.effective_sample_size(weights))
    return np.concatenate(nll), np.concatenate(sizes)


def score(model, images, draws):
    """Scores all test images with few draws, every tenth with many; combines both."""
    few, many = draws
    images = binarise(images)
    nll, sizes = score_images(model, images, few)
    dear = evaluation.importance_sampled_nll(model, images[TENTH], samples=many, seed=1)
    whole = evaluation.combine_two_phase(nll, dear, TENTH)
    return {
        "ranked_500": float(nll.mean()),
        "ranked_nll": whole.mean,
        "ranked_error": whole.error,
        "ess_median": float(np.median(sizes)),
        "ess_low": float(np.mean(sizes < FEW_DRAWS)),
    }, nll


def read_images(name, result, index, data) -> np.ndarray:
    """Reads the NLL of each test image, K = 500, from here or from the study."""
    run_name = resident.name_piece(name, result.configuration, data, result.seed)
    file = FOLDER / f"{run_name}.json"
    if file.exists():
        return np.array(json.loads(file.read_text())["images"], dtype="float16")
    return runs.load_arrays(name)[f"nll_{index}_{result.seed}"]


STUDIES = {"ranked": record}
