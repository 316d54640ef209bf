"""What importance sampling costs one model: numbers of the study `importance_audit`."""

import time

import numpy as np

from vae_utils import evaluation
from vae_utils.pixels import binarise

DRAWS = (1, 5, 50, 500, 5000)  # K
GRIDS = {1: (2001, 5.5), 2: (401, 5.5), 3: (125, 5.0)}  # points along an axis, limit
IMAGES = 10_000  # of the test set, and as many of the training set
TRAIN_STRIDE = 5  # training images: the first 10,000 of every fifth
BLOCK = 1000  # images whose weights are kept at once
LOW, HIGH = 10, 100  # effective sample sizes that flag an image, and that reassure
FAR = 1.0  # nats by which an estimate is off


def choose_images(data):
    """Binarises the test images, and as many training images, once, seed 0."""
    some = data.x_train[::TRAIN_STRIDE][:IMAGES]
    seed = evaluation.BINARISATION_SEED
    return binarise(data.x_test, seed=seed), binarise(some, seed=seed)


def estimate(model, images, samples, seed=0) -> dict:
    """Estimates −log p(x) with every K up to `samples` from one pass of draws.

    Returns:
        `nll_K`, the mean over the samples / K disjoint blocks of draws, which is what
        an estimate with K draws is on average; `single_K` and `ess_K` of the first
        block alone, as one program would see them; each of shape (n,).
    """
    parts = []
    for first in range(0, len(images), BLOCK):
        weights = evaluation.log_weights(
            model, images[first : first + BLOCK], samples=samples, seed=seed + first
        )
        parts.append(_summarise(weights.astype(float), samples))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _summarise(weights, samples):
    columns = {}
    for draws in (each for each in DRAWS if each <= samples):
        blocks = weights.reshape(len(weights), -1, draws)
        nll = np.log(draws) - np.logaddexp.reduce(blocks, axis=2)
        columns |= {f"nll_{draws}": nll.mean(axis=1), f"single_{draws}": nll[:, 0]}
        columns[f"ess_{draws}"] = evaluation.effective_sample_size(weights[:, :draws])
    return columns


def audit(model, data, samples) -> dict:
    """Measures one model: exact NLL, estimates, and where their excess is.

    Returns:
        `metrics`, name → number; `images`, name → one number for each test image;
        `seconds` of processor time by step.
    """
    seconds, (test, train) = {}, choose_images(data)
    side, limit = GRIDS[model.latent_shape[0]]
    with_time = _Stopwatch(seconds)
    exact = with_time(
        "quadrature",
        lambda: evaluation.exact_nll(
            model, np.concatenate([test, train]), side=side, limit=limit
        ),
    )
    columns = with_time("test", lambda: estimate(model, test, samples))
    trained = with_time("train", lambda: estimate(model, train, 500))
    columns["exact"], trained["exact"] = exact[: len(test)], exact[len(test) :]
    metrics = summarise_mean(columns) | locate(columns, data.y_test, 500)
    if samples > 500:
        metrics |= locate(columns, data.y_test, samples)
    metrics |= {f"train_{name}": v for name, v in summarise_mean(trained).items()}
    return {"metrics": metrics, "images": columns, "seconds": seconds}


class _Stopwatch:
    """Calls functions, and notes the processor seconds that each took."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __call__(self, name, function):
        began = time.process_time()
        result = function()
        self.seconds[name] = time.process_time() - began
        return result


def summarise_mean(columns) -> dict:
    """Lists the mean NLLs and excesses; `_error` is the standard error over images."""
    exact = columns["exact"]
    metrics = {"exact_nll": float(exact.mean())}
    metrics["exact_nll_error"] = standard_error(exact)
    for draws in (each for each in DRAWS if f"nll_{each}" in columns):
        excess = columns[f"nll_{draws}"] - exact
        metrics[f"excess_{draws}"] = float(excess.mean())
        metrics[f"excess_{draws}_error"] = standard_error(excess)
        metrics[f"excess_{draws}_median"] = float(np.median(excess))
    return metrics


def standard_error(values) -> float:
    """Computes the standard error of a mean over images."""
    return float(values.std(ddof=1) / len(values) ** 0.5)


def locate(columns, labels, draws) -> dict:
    """Finds where the excess of one estimate with K draws is, and what the ESS says."""
    excess, ess = columns[f"single_{draws}"] - columns["exact"], columns[f"ess_{draws}"]
    total, order = excess.sum(), np.argsort(excess)[::-1]
    hundred, worst = len(excess) // 100, int(order[0])
    silent = (ess > HIGH) & (excess > FAR)
    found = {
        "single": excess.mean(),
        "single_error": standard_error(excess),
        "worst_1_percent": excess[order[:hundred]].sum() / total,
        "worst_10_percent": excess[order[: 10 * hundred]].sum() / total,
        "ess_median": np.median(ess),
        "flagged": (ess < LOW).mean(),
        "flagged_excess": excess[ess < LOW].sum() / total,
        "silent": silent.sum(),
        "silent_largest": excess[silent].max(initial=0.0),
        "silent_excess": excess[silent].sum() / total,
        "worst_image": worst,
        "worst_label": labels[worst],
        "worst_excess": excess[worst],
        "worst_ess": ess[worst],
        "worst_share": excess[worst] / total,
    }
    return {f"{name}_{draws}": float(value) for name, value in found.items()}


MEASURED = {
    "exact_nll": "−log p(x) by evaluation.exact_nll on a grid of codes, all 10,000 "
    "test images, binarised once (dynamic, seed 0); nats",
    "grids": {f"latent_dim {d}": list(grid) for d, grid in GRIDS.items()},
    "excess_K": "importance-sampled NLL with K codes of q(z|x) minus exact_nll, mean "
    "over the disjoint blocks of all draws; K = 1 is −ELBO; nats",
    "…_error": "standard error over images; the seeds' sd is that of the results",
    "train_…": "the same on 10,000 training images (every fifth), at most 500 draws",
    "single_K": "excess of the first block of K draws alone, as a program has it; all "
    "that follows is of it",
    "worst_1_percent_K": "share of the excess that the worst 1 % of images have",
    "flagged_K": f"share of images with an effective sample size (ESS) below {LOW}; "
    "flagged_excess_K: their share of the excess",
    "silent_K": f"images with ESS above {HIGH} and an excess above {FAR} nat; "
    "silent_largest_K: the largest; silent_excess_K: their share",
    "worst_image_K": "index, among test images, of the largest excess; its label, "
    "excess, ESS and share of the whole excess",
}
