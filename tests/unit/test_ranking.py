"""Places of the scoreboard's rows, against thresholds computed by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from vae_utils import evaluation, scoreboard


def row(*values, latent_dim=10):
    return SimpleNamespace(is_nll=scoreboard.Measured(values), latent_dim=latent_dim)


def test_a_threshold_of_several_protocols_pools_their_variances():
    groups = [[1.0, 2.0, 4.0], [10.0, 10.5, 9.0, 9.7]]
    freedom = 2 + 3
    pooled = (2 * np.var(groups[0], ddof=1) + 3 * np.var(groups[1], ddof=1)) / freedom
    expected = stats.t.ppf(0.975, freedom) * np.sqrt(pooled * (1 / 3 + 1))
    found = evaluation.smallest_difference(groups, first=3)
    assert found == pytest.approx(expected)
    alone = evaluation.smallest_difference(groups[0])
    assert evaluation.smallest_difference([groups[0]]) == pytest.approx(alone)


@pytest.mark.parametrize("values", [[], [[1.0, 2.0], [3.0]], [[1.0, 2.0], 3.0]])
def test_groups_without_a_spread_are_refused(values):
    with pytest.raises(ValueError):
        evaluation.smallest_difference(values)


def test_rows_that_seeds_may_explain_share_a_place():
    rows = [row(90.0), row(90.2), row(95.0, 95.4, 95.2), row(92.0)]
    threshold = evaluation.smallest_difference([95.0, 95.4, 95.2])  # t₂ √2 0.2
    assert 1.2 < threshold < 1.25
    assert scoreboard.smallest_difference(rows[0], rows[1], rows) == pytest.approx(
        threshold
    )
    assert scoreboard.find_places(rows) == [1, 1, 4, 3]


def test_networks_of_two_dimensions_are_judged_by_their_own_spread():
    rows = [row(90.0, 90.2), row(130.0, 133.0, latent_dim=2), row(135.0, latent_dim=2)]
    wide = evaluation.smallest_difference([130.0, 133.0], first=2)
    assert scoreboard.smallest_difference(rows[1], rows[2], rows) == pytest.approx(wide)
    mixed = evaluation.smallest_difference([130.0, 133.0], first=2, second=2)
    assert scoreboard.smallest_difference(rows[0], rows[1], rows) == pytest.approx(
        mixed
    )


def test_without_seeds_nothing_is_ranked():
    assert scoreboard.find_places([row(90.0), row(190.0)]) == [1, 1]
