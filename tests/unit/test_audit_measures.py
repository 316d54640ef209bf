"""The numbers of the study of importance sampling, on cases one can count."""

import numpy as np
import pytest
from tiny_vae import ALL, exact_nll, make_vae

from studies import audit_measures
from vae_utils import evaluation

LABELS = np.arange(200) % 10


@pytest.fixture
def columns():
    """200 images, none off but two: one is flagged by its ESS, one is silent."""
    excess, ess = np.zeros(200), np.full(200, 150.0)
    excess[17], ess[17] = 6.0, 2.0
    excess[40] = 3.0
    exact = np.full(200, 100.0)
    return {"exact": exact, "single_500": exact + excess, "ess_500": ess}


def test_excess_is_located(columns):
    found = audit_measures.locate(columns, LABELS, 500)
    assert found["single_500"] == pytest.approx(9 / 200)
    assert found["worst_1_percent_500"] == pytest.approx(1)
    assert (found["flagged_500"], found["flagged_excess_500"]) == (1 / 200, 6 / 9)
    assert (found["silent_500"], found["silent_largest_500"]) == (1, 3.0)
    worst = [found[f"worst_{each}_500"] for each in ("image", "label", "excess", "ess")]
    assert worst == [17, 7, 6.0, 2.0] and found["worst_share_500"] == 6 / 9


def test_one_pass_of_draws_gives_every_k(monkeypatch):
    monkeypatch.setattr(audit_measures, "BLOCK", 5)
    vae = make_vae(2)
    columns = audit_measures.estimate(vae, ALL, 5000)
    exact = exact_nll(vae, ALL)
    means = [columns[f"nll_{draws}"].mean() for draws in audit_measures.DRAWS]
    assert (np.diff(means) < 0).all() and means[-1] > exact.mean() - 0.01
    np.testing.assert_allclose(columns["nll_5000"], exact, atol=0.06)
    elbo = evaluation.elbo_split(vae, ALL, samples=5000)["elbo"]
    assert means[0] == pytest.approx(-elbo, abs=0.05)
    np.testing.assert_array_equal(columns["ess_1"], 1)
    assert set(audit_measures.estimate(vae, ALL, 50)) < set(columns)


def test_means_have_standard_errors():
    columns = {"exact": np.array([1.0, 3.0]), "nll_1": np.array([2.0, 6.0])}
    found = audit_measures.summarise_mean(columns)
    assert (found["exact_nll"], found["exact_nll_error"]) == (2.0, 1.0)
    assert (found["excess_1"], found["excess_1_error"]) == (2.0, 1.0)
    assert found["excess_1_median"] == 2.0
