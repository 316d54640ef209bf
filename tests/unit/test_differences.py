import numpy as np
import pytest
from scipy import stats

from vae_utils import evaluation

VALUES = [147.9, 148.3, 148.1]


def test_three_seeds_need_six_standard_deviations():
    threshold = evaluation.smallest_difference(VALUES)
    expected = stats.t.ppf(0.975, 2) * np.sqrt(2) * np.std(VALUES, ddof=1)
    assert threshold == pytest.approx(expected, rel=1e-9)
    assert threshold == pytest.approx(6.085 * 0.2, rel=1e-3)


def test_threshold_of_means_is_that_of_a_t_test():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 8))
    test = stats.ttest_ind(first, second)
    spread = np.concatenate([first - first.mean(), second - second.mean()])
    pooled = np.sqrt(np.square(spread).sum() / 14)
    seeds = pooled * np.sqrt(7) * np.array([-1, -1, -1, -1, 1, 1, 1, 1]) / np.sqrt(8)
    threshold = evaluation.smallest_difference(seeds, first=8, second=8)
    assert np.std(seeds, ddof=1) == pytest.approx(pooled)
    expected = stats.t.ppf(0.975, 7) * (first.mean() - second.mean()) / test.statistic
    assert threshold == pytest.approx(expected, rel=1e-9)


def test_false_alarms_are_as_many_as_stated():
    rng = np.random.default_rng(1)
    runs = rng.normal(size=(4000, 3 + 2))
    wrong = [
        abs(new - other) > evaluation.smallest_difference(seeds)
        for *seeds, new, other in runs
    ]
    assert 0.04 < np.mean(wrong) < 0.06


def test_pairs_agree_with_scipy():
    rng = np.random.default_rng(2)
    shared = 30 * rng.normal(size=200)
    first, second = shared + rng.normal(size=(2, 200)) + [[0.1], [0.0]]
    found = evaluation.compare_paired(first, second, confidence=0.9)
    test = stats.ttest_rel(first, second)
    interval = test.confidence_interval(0.9)
    assert found.p_value == pytest.approx(test.pvalue, rel=1e-9)
    assert found.mean - found.margin == pytest.approx(interval.low, rel=1e-9)
    assert found.mean + found.margin == pytest.approx(interval.high, rel=1e-9)
    assert found.margin < 0.2  # of independent images it would be 5


def test_equal_pairs_differ_by_nothing():
    assert evaluation.compare_paired(VALUES, VALUES) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: evaluation.smallest_difference([1.0]), "at least two finite.*values="),
        (lambda: evaluation.smallest_difference([1, np.nan]), "at least two finite"),
        (
            lambda: evaluation.smallest_difference(VALUES, first=0),
            "first must be a positive.*Received: first=0",
        ),
        (
            lambda: evaluation.smallest_difference(VALUES, confidence=95),
            "confidence must be.*Received: confidence=95",
        ),
        (
            lambda: evaluation.compare_paired(VALUES, [1, 2]),
            "as many numbers.*Received: 3 and 2",
        ),
    ],
)
def test_rejects_invalid_values(call, message):
    with pytest.raises(ValueError, match=message):
        call()
