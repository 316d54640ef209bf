"""Exact numbers where there are two latent dimensions: integrals as sums on a grid."""

import math
from typing import NamedTuple

import numpy as np
from keras import ops

from vae_utils.checks import is_finite_number, is_positive_integer
from vae_utils.evaluation.bounds import warn_if_grey
from vae_utils.likelihoods import Bernoulli
from vae_utils.networks import call_in_batches, input_shape
from vae_utils.pixels import to_unit_interval

BATCH = 10_000  # codes decoded at once


class Plane(NamedTuple):
    """The true posterior of images on a grid of codes.

    Args:
        z: the codes, shape (side², 2); the second coordinate falls from row to row,
            as in `latent.square_grid`.
        nll: −log p(x), shape (n,), in nats.
        log_posterior: log p(z|x) on the grid, a density, shape (n, side²).
    """

    z: np.ndarray
    nll: np.ndarray
    log_posterior: np.ndarray


def integrate_plane(model, images, *, side: int = 201, limit: float = 5.0) -> Plane:
    """Computes p(x) = ∫ p(z) p(x|z) dz and p(z|x) by summing over a grid of codes.

    Exact but for two things to check by changing them: what lies outside of the grid,
    and what happens between its points, which must be closer to each other than the
    posterior is wide.

    Args:
        model: `models.VAE` of two latent dimensions with a Bernoulli likelihood.
        images: binarised images (`pixels.binarise`), shape (n, 28, 28, 1).
        side: points along each axis.
        limit: the grid covers [−limit, limit]².

    Returns:
        Codes, −log p(x) of each image, and its posterior.

    Raises:
        ValueError: if the model is another, or an argument does not fit.
    """
    if not (is_positive_integer(side) and side > 1):
        raise ValueError(
            "side must be a positive integer above 1, the points along each axis. "
            f"Received: side={side!r}"
        )
    if not (is_finite_number(limit) and limit > 0):
        raise ValueError(f"limit must be positive. Received: limit={limit!r}")
    _check_model(model)
    warn_if_grey(model, images)
    x = to_unit_interval(images, input_shape(model.encoder, "x"))
    axis = np.linspace(-limit, limit, side)
    z = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)
    log_joint = _log_likelihoods(model, x, z)
    log_joint += -0.5 * np.square(z).sum(axis=1) - math.log(2 * math.pi)
    largest = log_joint.max(axis=1, keepdims=True)
    summed = np.exp(log_joint - largest).sum(axis=1, keepdims=True)
    cell = (2 * limit / max(1, side - 1)) ** 2
    log_evidence = largest + np.log(summed * cell)
    return Plane(z, -log_evidence[:, 0], log_joint - log_evidence)


def _check_model(model):
    takes_two = [tuple(i.shape[1:]) for i in model.decoder.inputs] == [(2,)]
    if not (takes_two and isinstance(model.likelihood, Bernoulli)):
        raise ValueError(
            "A sum over a plane needs two latent dimensions, no labels, and a "
            f"Bernoulli likelihood. Received: {model.decoder.inputs}, "
            f"{type(model.likelihood).__name__}"
        )


def _log_likelihoods(model, x, z):
    """Computes log p(x|z) of all images at all codes, (n, codes), in nats.

    It is x · l − Σ log(1 + exp l): all images share the logits l and their sum. In
    float32 it is off by some 1e-4 nats, far less than a grid's step changes.
    """
    flat, parts = x.reshape(len(x), -1), []
    for first in range(0, len(z), BATCH):
        codes = z[first : first + BATCH].astype(np.float32)
        logits = call_in_batches(model.decoder, codes, BATCH).reshape(len(codes), -1)
        summed = ops.convert_to_numpy(ops.sum(ops.softplus(logits), axis=1))
        parts.append((flat @ logits.T).astype(float) - summed)
    return np.concatenate(parts, axis=1)
