"""Bounds with a prior other than N(0, I), and with labels: all agree with each other.

`OtherNormal`, N(1, 4 I), has no KL in closed form here, so that it is estimated.
"""

from typing import NamedTuple

import numpy as np
import pytest
from keras import ops
from tiny_vae import (
    ALL,
    CLASSES,
    LABELS,
    OtherNormal,
    exact_nll,
    expected_nll,
    gaussian_kl,
    make_conditional_vae,
    make_vae,
    posterior,
)

from vae_utils import evaluation, latent
from vae_utils.distributions import DiagonalGaussian

pytestmark = pytest.mark.core

PRIORS = {"N(0, I)": (0.0, 1.0), "N(1, 4 I)": (1.0, 2.0)}
SAMPLES = 8000


@pytest.fixture(scope="module", params=PRIORS)
def prior(request):
    return request.param


@pytest.fixture(scope="module", params=[None, LABELS], ids=["plain", "labels"])
def labels(request):
    return request.param


@pytest.fixture(scope="module")
def vae(prior, labels):
    make = make_vae if labels is None else make_conditional_vae
    return make(2, None if prior == "N(0, I)" else OtherNormal(2))


def test_kl_is_that_of_the_prior(vae, prior, labels):
    split = evaluation.elbo_split(vae, ALL, labels, samples=SAMPLES)
    kl = gaussian_kl(posterior(vae, ALL, labels), *PRIORS[prior]).mean()
    assert split["kl"] == pytest.approx(kl, rel=1e-5 if prior == "N(0, I)" else 0.01)


def test_elbo_agrees_with_quadrature(vae, prior, labels):
    split = evaluation.elbo_split(vae, ALL, labels, samples=SAMPLES)
    nll, _ = expected_nll(vae, ALL, labels)
    kl = gaussian_kl(posterior(vae, ALL, labels), *PRIORS[prior])
    assert split["nll"] == pytest.approx(nll.mean(), abs=0.02)
    assert split["elbo"] == pytest.approx(-(nll + kl).mean(), abs=0.03)


def test_importance_sampling_agrees_with_the_grid(vae, prior, labels):
    mean, sigma = PRIORS[prior]
    exact = exact_nll(vae, ALL, labels, mean=mean, sigma=sigma)
    grid = evaluation.integrate_grid(vae, ALL, labels, side=151, limit=10.0)
    np.testing.assert_allclose(grid.nll, exact, rtol=1e-4)
    # The prior as proposal: its weights p(x|z) have no heavy tails.
    wide = np.full((16, 2), mean), np.full((16, 2), 2 * np.log(sigma))
    sampled = evaluation.importance_sampled_nll(
        vae, ALL, labels, samples=20_000, proposals=wide
    )
    np.testing.assert_allclose(sampled, exact, atol=0.15)
    assert np.mean(sampled - exact) == pytest.approx(0, abs=0.02)
    elbo = evaluation.elbo_split(vae, ALL, labels, samples=SAMPLES)["elbo"]
    assert exact.mean() < -elbo


def test_evidence_depends_on_the_label(vae, labels):
    if labels is None:
        return
    other = (labels + 1) % CLASSES
    first, second = (
        evaluation.importance_sampled_nll(vae, ALL, y, samples=500)
        for y in (labels, other)
    )
    assert np.abs(first - second).mean() > 0.1
    splits = [evaluation.elbo_split(vae, ALL, y, samples=50) for y in (labels, other)]
    assert splits[0]["kl"] != pytest.approx(splits[1]["kl"], rel=1e-6)


def test_codes_are_drawn_from_the_prior(vae, prior):
    mean, sigma = PRIORS[prior]
    z = latent.draw_codes(vae, 4000, seed=0)
    np.testing.assert_allclose(z.mean(axis=0), mean, atol=5 * sigma / 4000**0.5)
    np.testing.assert_allclose(z.std(axis=0), sigma, rtol=0.06)


class Laplace(NamedTuple):
    """A posterior that is not Gaussian: independent Laplace distributions."""

    mean: object
    log_scale: object

    def draw(self, samples, rng):
        mean, scale = np.array(self.mean), np.exp(np.array(self.log_scale))
        noise = rng.laplace(size=(len(mean), samples, mean.shape[1]))
        return (mean[:, None] + scale[:, None] * noise).astype(np.float32)

    def log_prob(self, z):
        mean, log_scale = self.mean[:, None], self.log_scale[:, None]
        distance = ops.abs(z - mean) / ops.exp(log_scale)
        return -ops.sum(distance + np.log(2) + log_scale, axis=-1)

    def rows(self, index):
        return Laplace(self.mean[index], self.log_scale[index])

    def copy(self):
        return self


def test_posterior_can_be_another(prior):
    """The encoder's outputs are read as those of Laplace distributions."""
    vae = make_vae(2, None if prior == "N(0, I)" else OtherNormal(2))
    gaussian = vae.encode(ALL)
    vae.encode = lambda x, y=None: Laplace(vae.encoder(x)[0], vae.encoder(x)[1] / 2)
    mean, sigma = PRIORS[prior]
    split = evaluation.elbo_split(vae, ALL, samples=SAMPLES)
    # KL = −entropy − E log p(z), with entropy 1 + log 2b and variance 2b².
    z_mean, b = np.array(gaussian.mean), np.exp(np.array(gaussian.log_var) / 2)
    cross = np.log(2 * np.pi * sigma**2) + (2 * b**2 + (z_mean - mean) ** 2) / sigma**2
    kl = (cross / 2 - 1 - np.log(2 * b)).sum(axis=1)
    assert split["kl"] == pytest.approx(kl.mean(), abs=0.05)
    exact = exact_nll(vae, ALL, mean=mean, sigma=sigma)
    sampled = evaluation.importance_sampled_nll(vae, ALL, samples=20_000)
    np.testing.assert_allclose(sampled, exact, atol=0.2)
    assert exact.mean() < -split["elbo"]


def test_information_of_any_posterior_is_that_of_the_formula():
    """The same posterior, read as a Gaussian and through `draw` and `log_prob`."""
    rng = np.random.default_rng(0)
    mean = rng.normal(0, 2, (300, 2)).astype(np.float32)
    log_var = rng.normal(-1, 0.3, (300, 2)).astype(np.float32)
    gaussian = DiagonalGaussian(mean, log_var)

    class Generic:
        def __init__(self):
            self.mean = mean
            self.draw, self.log_prob = gaussian.draw, gaussian.log_prob

    seeds = range(20)
    exact, generic = (
        [evaluation.mutual_information(q, seed=seed) for seed in seeds]
        for q in (gaussian, Generic())
    )
    error = 5 * np.std(exact) / len(exact) ** 0.5
    assert np.mean(generic) == pytest.approx(np.mean(exact), abs=error)
    assert 0 < np.mean(exact) < np.log(300)
