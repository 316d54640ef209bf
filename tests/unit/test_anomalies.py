"""Thresholds, AUROC and its standard error."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from vae_utils import evaluation
from vae_utils.evaluation import anomalies


@pytest.fixture(params=["distinct", "with ties"])
def scored(request):
    """Scores of 40 images, and which of them are anomalies."""
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 4 == 0
    scores = rng.normal(size=40) + labels
    return np.round(scores) if request.param == "with ties" else scores, labels


def test_threshold_is_a_quantile():
    assert evaluation.find_threshold(np.arange(101), 0.95) == 95
    assert evaluation.find_threshold([3.0], 0.5) == 3


@pytest.mark.parametrize(
    ("scores", "quantile", "message"),
    [
        ([1.0], 0, "Received: quantile=0"),
        ([1.0], 1, "Received: quantile=1"),
        ([1.0], float("nan"), "quantile=nan"),
        ([], 0.5, r"n > 0. Received: shape=\(0,\)"),
        ([[1.0]], 0.5, r"shape=\(1, 1\)"),
        ([np.nan], 0.5, "scores must be finite"),
    ],
)
def test_rejects_what_has_no_quantile(scores, quantile, message):
    with pytest.raises(ValueError, match=message):
        evaluation.find_threshold(scores, quantile)


def test_rates_are_shares_above_the_threshold():
    scores, labels = [1, 2, 3, 4, 5], [0, 0, 1, 0, 1]
    found = evaluation.detect(scores, labels, 3)
    assert (found.fpr, found.tpr) == (1 / 3, 1 / 2)
    assert found.auroc == pytest.approx(5 / 6)


def test_auroc_is_that_of_scikit_learn(scored):
    scores, labels = scored
    found = evaluation.detect(scores, labels, 0.0)
    assert found.auroc == roc_auc_score(labels, scores)


def test_weighted_areas_are_those_of_repeated_images(scored):
    scores, labels = scored
    order = np.argsort(scores, kind="stable")
    first = np.unique(scores[order], return_index=True)[1]
    weights = np.random.default_rng(1).integers(0, 3, (5, 40)).astype(float)
    areas = anomalies._areas(weights, labels[order], first)
    for row, area in zip(weights, areas, strict=True):
        repeated = np.repeat(order, row.astype(int))
        assert area == pytest.approx(roc_auc_score(labels[repeated], scores[repeated]))


def test_standard_error_is_that_of_resampling(scored):
    scores, labels = scored
    rng = np.random.default_rng(2)
    groups = np.flatnonzero(labels), np.flatnonzero(~labels)
    areas = []
    for _ in range(1000):
        chosen = np.concatenate([rng.choice(g, len(g)) for g in groups])
        areas.append(roc_auc_score(labels[chosen], scores[chosen]))
    found = evaluation.auroc_error(scores, labels)
    assert found == pytest.approx(np.std(areas), rel=0.1)
    assert found == evaluation.auroc_error(scores, labels)
    assert found != evaluation.auroc_error(scores, labels, seed=1)


def test_resampling_in_parts_limits_the_memory(scored, monkeypatch):
    scores, labels = scored
    whole = evaluation.auroc_error(scores, labels)
    monkeypatch.setattr(anomalies, "WEIGHTS", 40 * 7)
    assert evaluation.auroc_error(scores, labels) == pytest.approx(whole, rel=0.15)


def test_perfect_scores_have_no_error():
    found = evaluation.detect(np.arange(20), np.arange(20) >= 15, 14)
    assert (found.auroc, found.auroc_error) == (1, 0)
    assert (found.fpr, found.tpr) == (0, 1)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 0, 0], "anomalies and other images. Received: 0 anomalies among 3"),
        ([1, 1, 1], "Received: 3 anomalies among 3"),
        ([1, 0], r"Received: \(2,\) labels and \(3,\) scores"),
    ],
)
def test_rejects_labels_that_tell_nothing_apart(labels, message):
    with pytest.raises(ValueError, match=message):
        evaluation.detect([1.0, 2.0, 3.0], labels, 0.0)
