"""What binary cross-entropy on grey images bounds, by quadrature in two dimensions.

    python -m studies.record_runs grey_bound

With b a dynamic binarisation of a grey image x, E[b] = x, and the Bernoulli formula is
linear in its first argument. So log p as a function of x is convex, and by Jensen's
inequality −log p(x) is at least the mean of −log p(b). `evaluation.importance` has the
proof; here both sides are computed, with the ELBOs beside them.
"""

import time
import warnings

import numpy as np

from studies.keeping import keep
from studies.protocol import IS_SAMPLES, describe
from studies.recording import load
from vae_utils import evaluation, runs
from vae_utils.pixels import binarise, to_unit_interval
from vae_utils.runs import loading

MODEL = "explorer_vae"  # two latent dimensions
DRAWS = 40  # binarisations of each image
SIDE, LIMIT = 301, 6.0  # of the grid: steps of 0.04
FINER = 601  # its check, on every hundredth image of those
BLOCK = 500  # images integrated at once
SAMPLES = 10  # codes drawn for each ELBO
GRID = f"sum over {SIDE} × {SIDE} codes in [−{LIMIT:g}, {LIMIT:g}]²; nats"
ONCE = f"{SAMPLES} samples of z each; nats"
MEASURED = {
    "grey_exact_nll": f"grey images: −log ∫ p(z) exp(−cross-entropy) dz; {GRID}",
    "exact_nll": f"their {DRAWS} dynamic binarisations, seeds 1 to {DRAWS}: −log p(b), "
    f"mean over all; {GRID}",
    "exact_nll_error": "standard error of exact_nll for these images: standard "
    f"deviation of the means of the {DRAWS} binarisations, / √{DRAWS}",
    "excess": "grey_exact_nll − exact_nll; nats",
    "excess_error": "standard error of excess over images",
    "share_below": "share of images whose grey number is below their mean by more than "
    "two standard errors of that mean",
    "grey_is_nll": f"grey images: importance-sampled, K = {IS_SAMPLES}; nats",
    "grey_negative_elbo": f"grey images: grey_nll + grey_kl; {ONCE}",
    "negative_elbo": f"the binarisations: −ELBO, mean over all; {ONCE}",
    "entropy": "of the binarisation of a grey image, Σ of −x log x − (1 − x) "
    "log(1 − x) over pixels, a floor of the mean −log p(b); nats",
    "entropy_all": "the same, of all test images",
    "grid_error": f"exact_nll of every hundredth image, binarised with seed 1, minus "
    f"that from {FINER} × {FINER} codes; nats",
}


def record():
    """Computes both sides of the bound."""
    start, data, source = time.time(), load("mnist"), loading.find(MODEL)
    model = loading.load(source)
    grey = to_unit_interval(data.x_test[:: evaluation.TEST_STRIDE])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of grey images, which are meant here
        rows = list(score_each(model, grey, start))
        sampled = evaluation.importance_sampled_nll(model, grey, samples=IS_SAMPLES)
    numbers = summarise(rows, grey) | {
        "grey_is_nll": float(sampled.mean()),
        "entropy_all": float(entropy(to_unit_interval(data.x_test)).mean()),
        "grid_error": measure_grid(model, grey[::100]),
    }
    return {
        "protocol": describe_all(data, grey),
        "minutes": sum(row["minutes"] for row in rows),
        "results": [make_result(runs.load_study(MODEL).one, numbers)],
        "arrays": collect(rows, grey),
    }


def describe_all(data, grey) -> dict:
    """States how the numbers were made."""
    protocol = describe(
        data,
        MEASURED,
        model=MODEL,
        images=f"{len(grey):,}, every {evaluation.TEST_STRIDE}th test image",
        minutes="of all sums and draws, on a machine that did other work too",
    )
    del protocol["optimiser"], protocol["validation"]  # nothing was trained
    return protocol


def score_each(model, grey, start):
    """Yields the numbers of the grey images, then of each of their binarisations."""
    for seed in range(DRAWS + 1):
        x = grey if seed == 0 else binarise(grey, seed=seed)
        what = f"{MODEL}, {len(grey)} images, {SIDE} points, limit {LIMIT}"
        kept = keep(f"grey_bound_{seed}", what, lambda x=x: score(model, x))
        left = (time.time() - start) / 60 / (seed + 1) * (DRAWS - seed)
        print(f"{seed} of {DRAWS}; {left:.1f} min left", flush=True)
        yield kept


def score(model, x) -> dict:
    """Computes −log p and −ELBO of each image."""
    start, nll = time.time(), []
    for first in range(0, len(x), BLOCK):
        block = x[first : first + BLOCK]
        grid = evaluation.integrate_grid(model, block, side=SIDE, limit=LIMIT)
        nll += grid.nll.tolist()
    terms = evaluation.elbo_terms(model, x, samples=SAMPLES)
    elbo = (terms["nll"] + terms["kl"]).tolist()
    return {"nll": nll, "elbo": elbo, "minutes": (time.time() - start) / 60}


def collect(rows, grey) -> dict:
    """Collects the numbers of each image."""
    drawn = np.array([row["nll"] for row in rows[1:]])
    arrays = {
        "grey_nll": rows[0]["nll"],
        "nll": drawn.mean(axis=0),
        "nll_error": drawn.std(axis=0, ddof=1) / np.sqrt(DRAWS),
        "grey_negative_elbo": rows[0]["elbo"],
        "negative_elbo": np.mean([row["elbo"] for row in rows[1:]], axis=0),
        "entropy": entropy(grey),
    }
    return {name: np.float32(values) for name, values in arrays.items()}


def summarise(rows, grey) -> dict:
    """Averages over images."""
    each = collect(rows, grey)
    excess = np.array(rows[0]["nll"]) - np.mean([row["nll"] for row in rows[1:]], 0)
    means = [np.mean(row["nll"]) for row in rows[1:]]
    numbers = {
        "grey_exact_nll": np.mean(rows[0]["nll"]),
        "exact_nll": np.mean(means),
        "exact_nll_error": np.std(means, ddof=1) / np.sqrt(DRAWS),
        "excess": excess.mean(),
        "excess_error": excess.std(ddof=1) / np.sqrt(len(excess)),
        "share_below": np.mean(excess < -2 * each["nll_error"]),
        "grey_negative_elbo": np.mean(rows[0]["elbo"]),
        "negative_elbo": np.mean([row["elbo"] for row in rows[1:]]),
        "entropy": each["entropy"].astype(float).mean(),
    }
    return {name: float(value) for name, value in numbers.items()}


def entropy(x) -> np.ndarray:
    """Computes the entropy of the dynamic binarisation of each image, in nats."""
    x = x.astype(float)
    inside = np.where((x > 0) & (x < 1), x, 0.5)
    each = -inside * np.log(inside) - (1 - inside) * np.log1p(-inside)
    return np.where((x > 0) & (x < 1), each, 0).sum(axis=(1, 2, 3))


def measure_grid(model, grey) -> float:
    """Measures what a finer grid changes."""
    x = binarise(grey, seed=1)
    coarse, fine = (
        evaluation.integrate_grid(model, x, side=side, limit=LIMIT).nll.mean()
        for side in (SIDE, FINER)
    )
    return float(coarse - fine)


def make_result(trained, numbers) -> runs.Result:
    """Makes the result: the numbers of a model that another study trained."""
    return runs.Result(
        configuration=trained.configuration,
        seed=trained.seed,
        images=trained.images,
        commands=("python -m studies.record_runs grey_bound",),
        metrics=numbers,
        history={},
    )


STUDIES = {"grey_bound": record}
