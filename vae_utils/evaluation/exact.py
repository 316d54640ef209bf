"""Exact −log p(x) of many images: a sum over a grid, without the boxes that are empty.

A grid over three dimensions has a million points and more, nearly all of them far from
what an image can come from. The grid is cut into boxes. Where the likelihood bounds
log p(x|z) over a box (`box_bound`), boxes whose bound is too low are left out, and what
they would have added is known to be less than `MISSED` of the sum.
"""

import math

import numpy as np
import threadpoolctl

from vae_utils import latent
from vae_utils.evaluation.importance import warn_if_grey
from vae_utils.evaluation.quadrature import check_grid, check_grid_model, decode
from vae_utils.pixels import to_unit_interval

MISSED = 1e-6  # share of p(x) that empty boxes have, at most: 1e-6 nats
EDGES = {1: 16, 2: 8, 3: 5}  # points along the edge of a box, by dimension
CODES = 10_000  # codes decoded at once
ROWS = 5_000  # images of one product: 5,000 × 784 float32 are 16 MB


def exact_nll(
    model, images, labels=None, *, side: int = 201, limit: float = 5.0
) -> np.ndarray:
    """Computes −log p(x) of each image by summing over a grid of codes.

    It is what `integrate_grid` returns as `nll`, of any number of images, without
    their posteriors. Check the grid by halving its step, and by a larger `limit`.

    Args:
        model: `models.VAE`, or another model with `log_weights`, of at most three
            latent dimensions.
        images: binarised images (`pixels.binarise`) where the likelihood is Bernoulli,
            shape (n, height, width, channels).
        labels: ints, shape (n,), of a conditional model.
        side: points along each axis; the step 2 · limit / (side − 1) should be below
            twice the posterior's standard deviation.
        limit: the grid covers [−limit, limit] along each axis.

    Returns:
        −log p(x), or −log p(x|y), shape (n,), in nats, float64.

    Raises:
        ValueError: as for `integrate_grid`.

    Source:
        Trefethen and Weideman (2014), "The exponentially convergent trapezoidal rule",
        https://doi.org/10.1137/130932132: once below the width of a smooth peak, half
        the step squares the error.
    """
    check_grid(side, limit)
    check_grid_model(model)
    warn_if_grey(model, images)
    x = to_unit_interval(images, model.image_shape)
    labels = latent.check_model_labels(model, labels, len(x))
    boxes = _make_boxes(side, limit, *model.latent_shape)
    if labels is None:
        log_sum = _sum_boxes(model, x, None, boxes)
    else:
        log_sum = np.empty(len(x))
        for label in np.unique(labels):
            rows = labels == label
            log_sum[rows] = _sum_boxes(model, x[rows], label, boxes)
    return -log_sum - model.latent_shape[0] * math.log(2 * limit / (side - 1))


def _make_boxes(side, limit, latent_dim):
    """Cuts the grid into boxes of neighbours; each has shape (points, latent_dim)."""
    axis = np.linspace(-limit, limit, side)
    edges = np.array_split(axis, math.ceil(side / EDGES[latent_dim]))
    places = np.ndindex(*[len(edges)] * latent_dim)
    meshes = (np.meshgrid(*(edges[i] for i in place)) for place in places)
    return [np.stack(mesh, axis=-1).reshape(-1, latent_dim) for mesh in meshes]


def _sum_boxes(model, x, label, boxes):
    """Computes log Σ p(z) p(x|z) over the codes of all boxes, (n,)."""
    x = np.ascontiguousarray(x)
    floor = _find_floor(model, x, label, boxes)
    log_sum = np.full(len(x), -np.inf)
    at_once = max(1, CODES // len(boxes[0]))
    for first in range(0, len(boxes), at_once):
        slab = boxes[first : first + at_once]
        logits, log_prior = _decode(model, np.concatenate(slab), label)
        ends = np.cumsum([len(box) for box in slab])[:-1]
        parts = np.split(logits, ends), np.split(log_prior, ends)
        needed = _find_needed(model, x, floor, *parts)
        # Threads would wait for each other longer than they compute.
        with threadpoolctl.threadpool_limits(1, user_api="blas"):
            for box in zip(*parts, needed, strict=True):
                _add_box(model, x, log_sum, *box)
    return log_sum


def _add_box(model, x, log_sum, logits, log_prior, rows):
    """Adds what the codes of a box have to `log_sum` of the images in `rows`."""
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        joint = log_prior - model.likelihood.pairwise_nll(x[some], logits)
        largest = joint.max(axis=1)
        own = largest + np.log(np.exp(joint - largest[:, np.newaxis]).sum(axis=1))
        log_sum[some] = np.logaddexp(log_sum[some], own)


def _find_floor(model, x, label, boxes):
    """Finds how high log p(z) p(x|z) must be, (n,), for a code to matter.

    Codes below it, if all were, would add less than `MISSED` to the sum, which is no
    smaller than its largest term at the middle of a box.
    """
    best = np.full(len(x), -np.inf)
    middles = np.stack([box[len(box) // 2] for box in boxes])
    for first in range(0, len(middles), CODES // 10):
        logits, log_prior = _decode(model, middles[first : first + CODES // 10], label)
        joint = log_prior - model.likelihood.pairwise_nll(x, logits)
        best = np.maximum(best, joint.max(axis=1))
    return best + math.log(MISSED) - math.log(sum(map(len, boxes)))


def _decode(model, z, label):
    """Decodes codes, (codes, height, width, channels), and scores them by the prior."""
    log_prior = np.asarray(model.prior.log_prob(z.astype(np.float32)), dtype=float)
    return decode(model, z, label), log_prior


def _find_needed(model, x, floor, logits, log_prior):
    """Lists for each box the images that may have mass in it."""
    bound = getattr(model.likelihood, "box_bound", None)
    if bound is None:
        return [np.arange(len(x))] * len(logits)
    lowest, highest = (
        np.stack([f(b, axis=0) for b in logits]) for f in (np.min, np.max)
    )
    highest_prior = np.array([prior.max() for prior in log_prior])
    needed = bound(x, lowest, highest) + highest_prior > floor[:, np.newaxis]
    return [np.flatnonzero(column) for column in needed.T]
