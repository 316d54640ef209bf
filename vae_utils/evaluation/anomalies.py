"""Anomalies: images whose score is above a threshold, and how well that finds them."""

import dataclasses

import numpy as np

from vae_utils.checks import check_finite

RESAMPLES = 1_000
BOOTSTRAP = 5  # a stream of random numbers of its own, whatever else has the seed
WEIGHTS = 5_000_000  # numbers in memory at once, of resampled images


@dataclasses.dataclass(frozen=True)
class Detection:
    """How well a score tells anomalies from other images.

    Args:
        auroc: probability that an anomaly has the larger score of the two.
        auroc_error: its standard error, by resampling anomalies and others.
        fpr: share of the other images above the threshold.
        tpr: share of the anomalies above the threshold.
    """

    auroc: float
    auroc_error: float
    fpr: float
    tpr: float


def find_threshold(scores, quantile: float) -> float:
    """Finds the score that a share of ordinary images does not exceed.

    Args:
        scores: of images without anomalies, such as validation images, shape (n,).
        quantile: the share, above 0 and below 1.

    Returns:
        The quantile of the scores; larger ones are flagged.

    Raises:
        ValueError: if the share is another number, or there are no scores.
    """
    if not 0 < quantile < 1:
        raise ValueError(
            f"quantile must be above 0 and below 1. Received: quantile={quantile!r}"
        )
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 1 or not len(scores):
        raise ValueError(
            f"scores must have shape (n,), n > 0. Received: shape={scores.shape}"
        )
    check_finite(scores, "scores")
    return float(np.quantile(scores, quantile))


def detect(scores, anomalies, threshold: float, *, seed: int = 0) -> Detection:
    """Measures how well a score finds anomalies.

    Args:
        scores: one for each image, larger for stranger ones, shape (n,).
        anomalies: 1 or True for anomalies, else 0, shape (n,).
        threshold: images with larger scores are flagged.
        seed: int, of the resampling.

    Raises:
        ValueError: if the shapes differ, or there are no anomalies, or only those.
    """
    scores, anomalies = np.asarray(scores, dtype=float), np.asarray(anomalies)
    if scores.shape != anomalies.shape or scores.ndim != 1:
        raise ValueError(
            "There must be one label for each score. "
            f"Received: {anomalies.shape} labels and {scores.shape} scores"
        )
    check_finite(scores, "scores")
    anomalies = anomalies.astype(bool)
    if anomalies.all() or not anomalies.any():
        raise ValueError(
            "AUROC needs anomalies and other images. Received: "
            f"{anomalies.sum()} anomalies among {len(anomalies)} images"
        )
    from sklearn.metrics import roc_auc_score  # takes a while

    flagged = scores > threshold
    return Detection(
        float(roc_auc_score(anomalies, scores)),
        auroc_error(scores, anomalies, seed=seed),
        float(flagged[~anomalies].mean()),
        float(flagged[anomalies].mean()),
    )


def auroc_error(
    scores, anomalies, *, resamples: int = RESAMPLES, seed: int = 0
) -> float:
    """Estimates the standard error of AUROC with the bootstrap.

    Anomalies and other images are resampled separately, so that there are always as
    many of each.

    Args:
        scores: shape (n,).
        anomalies: bools, shape (n,).
        resamples: how many times.
        seed: int, of the resampling.

    Returns:
        The standard deviation of AUROC over the resamples.
    """
    scores, anomalies = np.asarray(scores), np.asarray(anomalies, dtype=bool)
    order = np.argsort(scores, kind="stable")
    first = np.unique(scores[order], return_index=True)[1]  # of equal scores
    above = anomalies[order]
    rng = np.random.default_rng([seed, BOOTSTRAP])
    step = max(1, WEIGHTS // len(scores))
    areas = [
        _areas(_resample(above, min(step, resamples - done), rng), above, first)
        for done in range(0, resamples, step)
    ]
    return float(np.concatenate(areas).std(ddof=1))


def _resample(anomalies, count, rng):
    """Draws how often each image is taken, shape (count, n)."""
    weights = np.zeros((count, len(anomalies)))
    for which in (anomalies, ~anomalies):
        total = int(which.sum())
        drawn = rng.multinomial(total, np.full(total, 1 / total), size=count)
        weights[:, which] = drawn
    return weights


def _areas(weights, anomalies, first):
    """Computes AUROC of weighted images in order of their scores, one a row."""
    high = np.add.reduceat(weights * anomalies, first, axis=1)
    low = np.add.reduceat(weights * ~anomalies, first, axis=1)
    below = np.cumsum(low, axis=1) - low / 2  # equal scores count one half
    return (high * below).sum(axis=1) / (high.sum(axis=1) * low.sum(axis=1))
