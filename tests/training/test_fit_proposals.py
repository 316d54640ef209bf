import numpy as np
import pytest
from tiny_vae import (
    ALL,
    LABELS,
    OtherNormal,
    exact_nll,
    make_conditional_vae,
    make_vae,
    posterior,
)

from vae_utils import evaluation
from vae_utils.distributions import DiagonalGaussian

pytestmark = pytest.mark.core

# Without labels, and with another prior and labels.
CASES = {
    "plain": (make_vae(2), None, {}),
    "prior and labels": (
        make_conditional_vae(2, OtherNormal(2)),
        LABELS,
        {"mean": 1.0, "sigma": 2.0},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_fitted_proposals_close_the_amortisation_gap(case):
    vae, labels, prior = CASES[case]
    weights = [np.array(w) for w in vae.get_weights()]
    fitted = evaluation.fit_proposals(vae, ALL, labels, steps=200, samples=16)
    assert isinstance(fitted, DiagonalGaussian)

    def elbo(proposals):
        return evaluation.elbo_split(
            vae, ALL, labels, samples=4000, proposals=proposals
        )["elbo"]

    best, exact = elbo(fitted), -exact_nll(vae, ALL, labels, **prior).mean()
    assert elbo(posterior(vae, ALL, labels)) + 0.1 < best < exact
    # No change of a fitted proposal helps.
    for shift in (-0.2, 0.2):
        for moved in ((fitted[0] + shift, fitted[1]), (fitted[0], fitted[1] + shift)):
            assert elbo(moved) < best
    for before, after in zip(weights, vae.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert vae.decoder.trainable


def test_fit_can_start_elsewhere():
    vae = make_vae(2)
    elsewhere = np.full((len(ALL), 2), 2.0), np.full((len(ALL), 2), -4.0)
    fits = [
        evaluation.fit_proposals(vae, ALL, start=start, steps=steps)
        for start, steps in ((None, 300), (elsewhere, 300), (elsewhere, 1))
    ]
    elbos = [
        evaluation.elbo_split(vae, ALL, samples=2000, proposals=fit)["elbo"]
        for fit in fits
    ]
    assert elbos[0] == pytest.approx(elbos[1], abs=0.05)  # the same optimum
    assert elbos[2] < elbos[1] - 0.5
