"""Codes that are worth decoding: samples, grids, paths, directions."""

from statistics import NormalDist

import numpy as np

from vae_utils.checks import check_finite, check_positive_integer
from vae_utils.models.abilities import need

# Streams of random numbers of their own: one seed may serve for both.
POSTERIOR, PRIOR = 1, 2
SMALL_ANGLE = 1e-4  # radians


def sample_posterior(z_mean, z_log_var, seed: int) -> np.ndarray:
    """Draws one z per example from q(z|x), as float32 of the shape of `z_mean`."""
    rng = np.random.default_rng([seed, POSTERIOR])
    eps = rng.standard_normal(z_mean.shape, dtype=np.float32)
    return z_mean + np.exp(0.5 * z_log_var) * eps


def draw_posterior(posterior, seed: int) -> np.ndarray:
    """Draws one z per example from any q(z|x), as `encode` returns it."""
    return posterior.draw(1, np.random.default_rng([seed, POSTERIOR]))[:, 0]


def sample_prior(count: int, latent_dim: int, seed: int) -> np.ndarray:
    """Draws z from the prior N(0, I), shape (count, latent_dim), float32."""
    rng = np.random.default_rng([seed, PRIOR])
    return rng.standard_normal((count, latent_dim), dtype=np.float32)


def draw_codes(model, count: int, seed: int) -> np.ndarray:
    """Draws codes from a model's own prior.

    Args:
        model: `models.VAE`, or another model that has a prior.
        count: number of codes.
        seed: int; of N(0, I) the codes are those of `sample_prior`.

    Returns:
        Codes, shape (count, latent_dim), float32.

    Raises:
        ValueError: if the model has no prior.
    """
    need(model, "sample")
    return model.prior.draw(count, np.random.default_rng([seed, PRIOR]))


def prior_quantile_grid(side: int) -> np.ndarray:
    """Makes a grid that cuts the 2-D prior into cells of equal probability.

    Args:
        side: points along each axis.

    Returns:
        Points in reading order (top left first), shape (side · side, 2), float32.
    """
    quantiles = (np.arange(side) + 0.5) / side
    return _grid(np.array([NormalDist().inv_cdf(q) for q in quantiles]))


def square_grid(side: int, limit: float) -> np.ndarray:
    """Makes an evenly spaced grid on [−limit, limit]².

    Args:
        side: points along each axis.
        limit: largest coordinate.

    Returns:
        Points in reading order (top left first), shape (side · side, 2), float32.
    """
    return _grid(np.linspace(-limit, limit, side))


def interpolate(start, end, steps: int) -> np.ndarray:
    """Walks from one code to another on a straight line, in even steps.

    Args:
        start: code, shape (latent_dim,), or several, (n, latent_dim).
        end: as many codes.
        steps: codes on the way, both ends included, at least 2.

    Returns:
        Codes, float32, shape (steps, latent_dim) or (n, steps, latent_dim).

    Raises:
        ValueError: if the shapes do not fit, a value is not finite, or there are fewer
            than two steps.
    """
    start, end = _check_ends(start, end, steps)
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    between = (1 - share) * start[..., np.newaxis, :] + share * end[..., np.newaxis, :]
    return between.astype(np.float32)


def interpolate_spherically(start, end, steps: int) -> np.ndarray:
    """Walks from one code to another on an arc around the origin.

    In many dimensions the prior's samples all lie about √latent_dim from the origin; a
    straight line between two of them leaves that shell, an arc stays on it. Takes and
    returns what `interpolate` does.

    Raises:
        ValueError: as for `interpolate`, or if a code is the origin, or two codes lie
            opposite each other: there is no arc, or more than one.

    Source:
        White (2016), section 2.1, https://arxiv.org/abs/1609.04468.
    """
    start, end = _check_ends(start, end, steps)
    lengths = np.linalg.norm(start, axis=-1) * np.linalg.norm(end, axis=-1)
    if not lengths.all():
        raise ValueError(
            "There is no arc from the origin. Received: a code of length 0"
        )
    cosine = np.clip((start * end).sum(axis=-1) / lengths, -1, 1)
    angle = np.arccos(cosine)[..., np.newaxis, np.newaxis]
    if (np.pi - angle < SMALL_ANGLE).any():
        raise ValueError(
            "There is no unique arc between opposite codes. Received: an angle of 180°"
        )
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    straight = angle < SMALL_ANGLE  # the limit, where the formula is 0 / 0
    safe = np.where(straight, 1, angle)
    first = np.where(straight, 1 - share, np.sin((1 - share) * safe) / np.sin(safe))
    second = np.where(straight, share, np.sin(share * safe) / np.sin(safe))
    between = first * start[..., np.newaxis, :] + second * end[..., np.newaxis, :]
    return between.astype(np.float32)


def traverse(z, dimension: int, values) -> np.ndarray:
    """Moves a code along one axis.

    Args:
        z: code, shape (latent_dim,).
        dimension: the axis, from 0.
        values: coordinates on it, shape (n,).

    Returns:
        Codes, float32, shape (n, latent_dim); all but one coordinate are those of z.

    Raises:
        ValueError: if `z` is not one code, or has no such dimension.
    """
    z = np.asarray(z, np.float32)
    if z.ndim != 1 or not 0 <= dimension < len(z):
        raise ValueError(
            "z must be one code, and dimension one of its axes, from 0. "
            f"Received: z.shape={z.shape}, dimension={dimension}"
        )
    moved = np.tile(z, (len(values), 1))
    moved[:, dimension] = values
    return moved


def find_direction(z, chosen, others) -> np.ndarray:
    """Finds the step from the mean of some codes to the mean of others.

    Args:
        z: codes, shape (n, latent_dim).
        chosen: bools, shape (n,), of the codes that have the feature looked for.
        others: bools, shape (n,), of the codes that do not.

    Returns:
        The step, float32, shape (latent_dim,). Added to a code, it should add what
        `chosen` have in common.

    Raises:
        ValueError: if the shapes do not fit, a value is not finite, or one of the
            groups is empty.
    """
    z, chosen, others = np.asarray(z), np.asarray(chosen), np.asarray(others)
    fit = z.ndim == 2 and chosen.shape == others.shape == z.shape[:1]
    if not fit or not chosen.dtype == others.dtype == bool:
        raise ValueError(
            "z must have shape (n, latent_dim), chosen and others be bools of shape "
            f"(n,). Received: {z.shape}, {chosen.dtype} {chosen.shape} and "
            f"{others.dtype} {others.shape}"
        )
    check_finite(z, "z")
    if not (chosen.any() and others.any()):
        raise ValueError(
            "Both groups need at least one code. "
            f"Received: {chosen.sum()} chosen, {others.sum()} others"
        )
    return (z[chosen].mean(axis=0) - z[others].mean(axis=0)).astype(np.float32)


def _check_ends(start, end, steps):
    start, end = np.asarray(start, float), np.asarray(end, float)
    check_positive_integer(steps, "steps", "the codes on the way")
    if start.shape != end.shape or start.ndim not in (1, 2) or steps < 2:
        raise ValueError(
            "start and end must be codes of one shape, (latent_dim,) or (n, "
            "latent_dim), and steps 2 or more. "
            f"Received: {start.shape}, {end.shape}, steps={steps}"
        )
    check_finite(np.stack([start, end]), "start and end")
    return start, end


def _grid(ticks):
    across, up = np.meshgrid(ticks, ticks[::-1])  # a picture's first row is its top
    return np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)
