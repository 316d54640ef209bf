"""Exact numbers where there are few latent dimensions: integrals as sums on a grid."""

from typing import NamedTuple

import numpy as np
from keras import ops

from vae_utils import latent
from vae_utils.checks import is_finite_number, is_positive_integer
from vae_utils.evaluation.importance import warn_if_grey
from vae_utils.models.abilities import need
from vae_utils.networks import call_in_batches
from vae_utils.pixels import to_unit_interval

BATCH = 10_000  # codes decoded at once
MOST_DIMENSIONS = 3  # a grid over more has too many points


class Quadrature(NamedTuple):
    """The true posterior of images on a grid of codes.

    Args:
        z: the codes, shape (side^latent_dim, latent_dim); of two dimensions in the
            order of `latent.square_grid`: the second coordinate falls from row to row.
        nll: −log p(x), or −log p(x|y) of a conditional model, shape (n,), in nats.
        log_posterior: log p(z|x) on the grid, a density, shape (n, side^latent_dim).
    """

    z: np.ndarray
    nll: np.ndarray
    log_posterior: np.ndarray


def integrate_grid(
    model, images, labels=None, *, side: int = 201, limit: float = 5.0
) -> Quadrature:
    """Computes p(x) = ∫ p(z) p(x|z) dz and p(z|x) by summing over a grid of codes.

    It is exact except for two things, which you can check by changing them: what lies
    outside the grid, and what happens between its points, which must be closer to each
    other than the posterior is wide.

    Args:
        model: `models.VAE`, or another model with `log_weights`, of at most three
            latent dimensions.
        images: binarised images (`pixels.binarise`) where the likelihood is Bernoulli,
            shape (n, height, width, channels).
        labels: ints, shape (n,), of a conditional model.
        side: points along each axis.
        limit: the grid covers [−limit, limit] along each axis.

    Returns:
        Codes, −log p(x) of each image, and its posterior.

    Raises:
        ValueError: if the model has too many dimensions, or an argument does not fit.
    """
    check_grid(side, limit)
    check_grid_model(model)
    warn_if_grey(model, images)
    x = to_unit_interval(images, model.image_shape)
    labels = latent.check_model_labels(model, labels, len(x))
    z = _make_grid(side, limit, *model.latent_shape)
    log_joint = _log_likelihoods(model, x, labels, z)
    log_joint += ops.convert_to_numpy(model.prior.log_prob(z)).astype(float)
    largest = log_joint.max(axis=1, keepdims=True)
    summed = np.exp(log_joint - largest).sum(axis=1, keepdims=True)
    cell = (2 * limit / (side - 1)) ** z.shape[1]
    log_evidence = largest + np.log(summed * cell)
    return Quadrature(z, -log_evidence[:, 0], log_joint - log_evidence)


def check_grid(side, limit):
    """Raises ValueError unless it is a grid."""
    if not (is_positive_integer(side) and side > 1):
        raise ValueError(
            "side must be a positive integer above 1, the points along each axis. "
            f"Received: side={side!r}"
        )
    if not (is_finite_number(limit) and limit > 0):
        raise ValueError(f"limit must be positive. Received: limit={limit!r}")


def check_grid_model(model):
    """Raises ValueError if the model's codes have too many dimensions."""
    need(model, "log_weights")
    if len(model.latent_shape) > 1 or model.latent_shape[0] > MOST_DIMENSIONS:
        raise ValueError(
            f"A sum over a grid needs codes of at most {MOST_DIMENSIONS} dimensions. "
            f"Received: codes of shape {model.latent_shape}"
        )


def _make_grid(side, limit, latent_dim):
    """Makes evenly spaced codes; a picture's first row is its top."""
    axis = np.linspace(-limit, limit, side)
    if latent_dim == 1:
        return axis[:, np.newaxis]
    axes = [axis, axis[::-1], *[axis] * (latent_dim - 2)]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, latent_dim)


def _log_likelihoods(model, x, labels, z):
    """Computes log p(x|z) of all images at all codes, (n, codes), in nats.

    Images of one label share the decoder's output. In float32 it is off by some 1e-4
    nats, far less than the step of a grid changes.
    """
    if labels is None:
        return _log_likelihoods_given(model, x, None, z)
    result = np.empty((len(x), len(z)))
    for label in np.unique(labels):
        rows = labels == label
        result[rows] = _log_likelihoods_given(model, x[rows], label, z)
    return result


def _log_likelihoods_given(model, x, label, z):
    parts = []
    for first in range(0, len(z), BATCH):
        logits = decode(model, z[first : first + BATCH], label)
        parts.append(-model.likelihood.pairwise_nll(x, logits))
    return np.concatenate(parts, axis=1)


def decode(model, z, label=None) -> np.ndarray:
    """Decodes codes to logits.

    Args:
        model: with `logits`.
        z: codes, shape (codes, latent_dim).
        label: int, of all codes, for a conditional model.

    Returns:
        float32, shape (codes, height, width, channels).
    """
    batch = {"z": z.astype(np.float32)}
    if label is not None:
        batch["y"] = np.full(len(z), label, np.int32)
    return call_in_batches(
        lambda batch: model.logits(batch["z"], batch.get("y")), batch, BATCH
    )
