"""The network with ten dimensions of `05_latent_space`, with five other seeds."""

import dataclasses

import numpy as np

from studies.protocol import describe
from studies.recording import SEED, load, load_classifier, sum_minutes, train
from vae_utils import evaluation, latent
from vae_utils.configurations import VAEConfiguration

CHAPTER = VAEConfiguration(latent_dim=10, epochs=8, decay=True)
SEEDS = (11, 12, 13, 14, 15)  # none of them the chapter's own
PAIRS, IMAGES = 1000, 2000  # pairs of codes from the prior, and test images
STEPS = (0.25, 0.5, 0.75, 1.0)  # along a direction of thickness
MEASURED = {
    "halfway": f"mean confidence of the classifier for {PAIRS} pairs of codes, from "
    f"the prior (seed {SEED}) or of test images: the decoded ends, their mean over "
    "pixels, and the decoded codes half-way on the line and on the arc",
    "inside": "share of codes closer to the origin than √(latent_dim / 2): draws from "
    f"q(z|x) of {IMAGES} test images (seed {SEED}), and the middles of straight lines "
    "between the means of pairs of them",
    "thickness": f"{IMAGES} test images moved along a direction: how much ink is added "
    "(mean grey value), and how often the classifier sees the same digit as in the "
    "reconstruction; the direction from thin to thick training images, of all digits "
    "together (naive) or the mean over digits (within)",
}


def record():
    """Trains with each seed, and measures walks and directions."""
    data, classifier = load("mnist"), load_classifier()
    results = []
    for seed in SEEDS:
        trained = train(CHAPTER, data, seed)
        metrics = measure_walks(trained.model, classifier, data)
        metrics |= measure_thickness(trained.model, classifier, data)
        result = trained.make_result(metrics, curves=["val_loss"])
        results.append(dataclasses.replace(result, commands=result.commands[:1]))
    return {
        "protocol": describe(data, MEASURED, binarisation=CHAPTER.binarisation),
        "minutes": sum_minutes(results),
        "results": results,
    }


def measure_walks(model, classifier, data) -> dict[str, float]:
    """Measures walks between codes of the prior, and between codes of test images."""
    z_mean, z_log_var = latent.encode(model, data.x_test[:IMAGES])
    d = z_mean.shape[1]
    prior = latent.sample_prior(2 * PAIRS, d, seed=SEED).reshape(2, PAIRS, d)
    pairs = {"prior": prior, "test": (z_mean[:PAIRS], z_mean[PAIRS : 2 * PAIRS])}
    metrics = {
        f"halfway_{source}_{name}": value
        for source, (start, end) in pairs.items()
        for name, value in measure_halfway(model, classifier, start, end).items()
    }
    middles = latent.interpolate(*pairs["test"], 3)[:, 1]
    draws = latent.sample_posterior(z_mean, z_log_var, seed=SEED)
    for name, codes in {"draws": draws, "middles": middles}.items():
        near = np.linalg.norm(codes, axis=1) < np.sqrt(d / 2)
        metrics[f"inside_{name}"] = float(near.mean())
    return metrics


def measure_halfway(model, classifier, start, end) -> dict[str, float]:
    """Measures how sure the classifier is half-way between pairs of codes."""
    first, last = latent.decode(model, start), latent.decode(model, end)
    line = latent.interpolate(start, end, 3)[:, 1]
    arc = latent.interpolate_spherically(start, end, 3)[:, 1]
    images = {
        "ends": np.concatenate([first, last]),
        "pixels": (first + last) / 2,
        "line": latent.decode(model, line),
        "arc": latent.decode(model, arc),
    }
    return {
        name: float(evaluation.confidence(classifier, each).mean())
        for name, each in images.items()
    }


def find_thickness(model, data) -> dict[str, np.ndarray]:
    """Finds the direction from thin to thick, among all digits and within each."""
    codes, ink = latent.encode_mean(model, data.x_train), data.x_train.mean(axis=(1, 2))

    def find(codes, ink):
        thin, thick = np.quantile(ink, [0.1, 0.9])
        return latent.find_direction(codes, ink > thick, ink < thin)

    each = [data.y_train == digit for digit in range(data.classes)]
    within = np.mean([find(codes[one], ink[one]) for one in each], axis=0)
    return {"naive": find(codes, ink), "within": within}


def measure_thickness(model, classifier, data) -> dict[str, float]:
    """Measures what directions of thickness do to ink and digits of test images."""
    codes = latent.encode_mean(model, data.x_test[:IMAGES])
    plain = latent.decode(model, codes)
    before, _ = evaluation.classify(classifier, plain)
    metrics = {}
    for name, direction in find_thickness(model, data).items():
        for step in STEPS:
            images = latent.decode(model, codes + step * direction)
            after, _ = evaluation.classify(classifier, images)
            metrics[f"ink_{name}_{step}"] = float(images.mean() - plain.mean())
            metrics[f"kept_{name}_{step}"] = float(np.mean(after == before))
    return metrics


STUDIES = {"latent_walks": record}
