"""The Fréchet digit distance by several classifiers that differ in their seed.

    python -m studies.record_runs classifier_spread

An interrupted call keeps the classifiers that are finished; call it again for the rest.
"""

import functools

from studies.classifier import measure
from studies.keeping import keep
from studies.protocol import count_images
from studies.recording import SEED, load, sum_minutes, train
from vae_utils import evaluation, latent, models, runs
from vae_utils.configurations import ClassifierConfiguration

SEEDS = (11, 12, 13, 14)  # `classifier` has seed 1
GENERATORS = (  # studies that keep the weights of a model of p(x)
    "project_nocty-chan",
    "project_nocty-chan_5",
    "project_nocty-chan_2",
    "explorer_vae",
    "explorer_beta_0.1",
    "explorer_beta_4",
)


def record():
    """Trains a classifier with each seed, and scores the same generated digits."""
    data, configuration = load("mnist"), ClassifierConfiguration()
    drawn = functools.cache(lambda: {name: draw(name, data) for name in GENERATORS})
    results = []
    for seed in SEEDS:
        trained = train(configuration, data, seed)
        make = functools.partial(score, trained.model, data, drawn)
        kept = keep(f"classifier_spread_{seed}", f"seed {seed}", make)
        results.append(trained.make_result(kept["metrics"]))
        print(f"classifier_spread: seed {seed} is done", flush=True)
    return {
        "protocol": describe(data),
        "minutes": sum_minutes(results),
        "results": results,
    }


def draw(name, data):
    """Generates digits with the weights that a study has kept."""
    result = runs.load_study(name).one
    sizes = {"image_shape": data.image_shape, "classes": data.classes}
    model = models.build(result.configuration, seed=SEED, **sizes)
    runs.load_weights(model.parts, name)
    codes = latent.draw_codes(model, len(data.x_test), seed=evaluation.PRIOR_SEED)
    return latent.decode(model, codes)


def score(model, data, drawn):
    """Measures a classifier, and what it makes of each model's digits."""
    network = model.parts["classifier"]
    metrics = measure(network, data)
    _, real = evaluation.classify(network, data.x_test)
    for name, images in drawn().items():
        _, features = evaluation.classify(network, images)
        distance = evaluation.frechet_digit_distance(features, real)
        metrics[f"fdd {name}"] = distance
    return {"metrics": metrics}


def describe(data):
    """States how the classifiers were trained and measured."""
    count = len(data.x_test)
    return {
        "data": data.provenance,
        "image_shape": list(data.image_shape),
        "classes": data.classes,
        "split": count_images(data),
        "optimiser": "as in classifier; weights not rounded",
        "measured": {
            "…_accuracy": "as in classifier",
            "fdd_train": "as in classifier",
            "fdd …": f"Fréchet digit distance between {count} digits of the study "
            "named (decoder means of codes from the prior, seed "
            f"{evaluation.PRIOR_SEED}) and all test images",
        },
    }


STUDIES = {"classifier_spread": record}
