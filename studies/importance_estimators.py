"""Better estimators than importance sampling from q(z|x), where the truth is known.

    python -m studies.record_runs importance_estimators

The first seed of `importance_audit`, the narrower encoder, every tenth test image: each
estimator is a result with a label.
"""

import dataclasses
import functools
import math

import numpy as np

from studies.audit_measures import GRIDS, choose_images, standard_error
from studies.importance_audit import SEEDS, WIDTHS, make_configuration
from studies.keeping import keep
from studies.protocol import describe
from studies.recording import load, sum_minutes, train
from vae_utils import evaluation
from vae_utils.distributions import DefensiveGaussian
from vae_utils.evaluation import scoring

STRIDE = 10
DRAWS = (50, 500, 5000)
WIDER = 2.0  # standard deviations of a proposal are multiplied by this
SHARE = 0.1  # of N(0, I) in a defensive proposal
FIT = {"steps": 300, "samples": 8}  # of Adam; draws of each
CHAINS = {"chains": 10, "leapfrog": 5}
#: Start and steps of annealed importance sampling.
ANNEALED = (("posterior", 20), ("posterior", 100), ("prior", 100), ("prior", 400))
MEASURED = {
    "excess": "estimate minus evaluation.exact_nll on every tenth test image, "
    "binarised once (dynamic, seed 0); nats; excess_error over images",
    "far": "share of images whose estimate is more than a nat too high",
    "largest": "largest excess of an image, nats",
    "decodings": "codes decoded for each image, with a gradient or without; fit of "
    "proposals and warm-up included",
    "encoder": "importance sampling from q(z|x), K draws",
    "fitted": "from q(z|x) fitted to each image (300 steps of Adam, 8 draws)",
    "wider": f"standard deviations multiplied by {WIDER:g}",
    "defensive": f"with a share of {SHARE:g} of N(0, I)",
    "annealed": "from the prior or q(z|x), steps; 10 chains, 5 leapfrog steps",
}


def record():
    """Runs every estimator on a model of one, two and three dimensions."""
    data, results = load("mnist"), []
    images = choose_images(data)[0][::STRIDE]
    for latent_dim in GRIDS:
        configuration = make_configuration(latent_dim, WIDTHS[0])
        trained = train(configuration, data, SEEDS[0])
        for label, metrics in run_all(trained.model, images, latent_dim).items():
            result = trained.make_result(metrics, curves=[])
            results.append(_label(result, label))
    return {
        "protocol": describe(data, MEASURED),
        "minutes": sum_minutes(results[:: len(results) // len(GRIDS)]),
        "results": results,
    }


def _label(result, label):
    """Names a result by its estimator, and leaves out the history of training."""
    return dataclasses.replace(result, label=label, history={})


def run_all(model, images, latent_dim) -> dict:
    """Runs the estimators that are not kept yet: label → numbers."""
    side, limit = GRIDS[latent_dim]
    exact = keep(
        f"importance_estimators_exact_{latent_dim}",
        f"{len(images)} images, {side}, {limit}",
        lambda: {
            "nll": evaluation.exact_nll(model, images, side=side, limit=limit).tolist()
        },
    )["nll"]
    found = {}
    for label, (make, decodings) in list_estimators(model, images).items():
        name = f"importance_estimators_{latent_dim}_{label.replace(' ', '_')}"
        kept = keep(name, f"{len(images)} images", lambda m=make: _measure(m, exact))
        found[label] = {key: v for key, v in kept.items() if key != "what"}
        found[label]["decodings"] = decodings
        print(latent_dim, label, found[label], flush=True)
    return found


def _measure(make, exact):
    excess = make() - np.array(exact)
    return {
        "excess": float(excess.mean()),
        "excess_error": standard_error(excess),
        "excess_median": float(np.median(excess)),
        "far": float((excess > 1).mean()),
        "largest": float(excess.max()),
    }


def list_estimators(model, images) -> dict:
    """Lists label → function that estimates −log p(x) of each image, and decodings."""
    estimators = {}
    for kind, fit in (("encoder", 0), ("fitted", FIT["steps"] * FIT["samples"])):
        for shape in ("", " wider", " defensive"):
            for draws in DRAWS:
                make = _sampler(model, images, kind == "fitted", shape.strip(), draws)
                estimators[f"{kind}{shape} {draws}"] = make, fit + draws
    for start, steps in ANNEALED:
        make = functools.partial(_anneal, model, images, start, steps)
        moves = 2 * steps * CHAINS["chains"]  # of the warm-up, and of what counts
        # At both ends of each leapfrog step, and for the weight.
        estimators[f"annealed {start} {steps}"] = make, moves * (CHAINS["leapfrog"] + 2)
    return estimators


def _anneal(model, images, start, steps):
    return evaluation.anneal(model, images, start=start, steps=steps, **CHAINS).nll


def _sampler(model, images, fitted, shape, draws):
    def estimate():
        if fitted:
            q = evaluation.fit_proposals(model, images, **FIT)
        else:
            q = scoring.find_proposals(model, images, None, None)
        if shape:
            q = q._replace(log_var=q.log_var + 2 * math.log(WIDER))
        if shape == "defensive":
            q = DefensiveGaussian(*q, SHARE)
        return evaluation.importance_sampled_nll(
            model, images, samples=draws, proposals=q
        )

    return estimate


STUDIES = {"importance_estimators": record}
