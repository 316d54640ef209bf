"""Bits per dimension of whole models, against sums over cells of bytes and codes."""

import math

import numpy as np
import pytest
from keras import ops
from scipy import special, stats
from tiny_vae import make_vae

from vae_utils import evaluation, likelihoods, models, networks

pytestmark = pytest.mark.core

IMAGES = np.random.default_rng(1).integers(0, 256, (40, 2, 2, 1), np.uint8)
Z = np.linspace(-8, 8, 321)
SIGMA = 0.3


def continuous_bernoulli(k, logits):
    """Integrates the density from k / 256 to (k + 1) / 256."""
    return np.expm1(logits / 256) * np.exp(logits * k / 256) / np.expm1(logits)


def clipped(k, logits):
    return continuous_bernoulli(k, np.clip(logits, *special.logit([0.2, 0.8])))


def gaussian(k, logits):
    normal = stats.norm(special.expit(logits), SIGMA)
    return normal.cdf((k + 1) / 256) - normal.cdf(k / 256)


def logistic(k, logits):
    """Gives what is beyond black and white to the first and the last byte."""
    around = stats.logistic(0.5 + logits / 4, math.exp(-2.5))
    upper = np.where(k == 255, 1, around.cdf((k + 0.5) / 255))
    return upper - np.where(k == 0, 0, around.cdf((k - 0.5) / 255))


DENSITIES = {
    continuous_bernoulli: likelihoods.ContinuousBernoulli(),
    clipped: likelihoods.ContinuousBernoulli(0.2),
    gaussian: likelihoods.Gaussian(SIGMA),
}


def exact_bits(vae, images, cell):
    """Computes −log₂ of the probability of bytes: a sum over codes, of products."""
    logits = ops.convert_to_numpy(vae.decoder(np.float32(Z[:, np.newaxis])))
    logits = logits.astype(float)[np.newaxis]
    with np.errstate(divide="ignore"):  # some cells are far from the mean
        cells = np.log(cell(images[:, np.newaxis].astype(float), logits))
    log_joint = cells.sum(axis=(2, 3, 4)) + stats.norm.logpdf(Z) + math.log(Z[1] - Z[0])
    size = math.prod(images.shape[1:])
    return -special.logsumexp(log_joint, axis=1) / (size * math.log(2))


@pytest.mark.parametrize("cell", DENSITIES, ids=lambda cell: cell.__name__)
def test_dequantised_density_bounds_the_probability_of_bytes(cell):
    vae = make_vae(1, likelihood=DENSITIES[cell])
    exact = exact_bits(vae, IMAGES, cell).mean()
    elbo, sampled = [], []
    for seed in range(10):
        x = evaluation.dequantise(IMAGES, seed)
        elbo.append(-evaluation.elbo_split(vae, x, samples=50, seed=seed)["elbo"])
        nll = evaluation.importance_sampled_nll(vae, x, samples=2000, seed=seed)
        sampled.append(nll.mean())
    bound = evaluation.bits_of_density(np.mean(elbo), (2, 2, 1))
    assert exact + 0.01 < bound < exact + 1
    tight = evaluation.bits_of_density(np.mean(sampled), (2, 2, 1))
    assert tight == pytest.approx(exact, abs=0.005)


def test_discretised_logistic_has_the_probability_of_its_cells():
    """In the same unit: both can stand in one table."""
    vae = make_vae(1, likelihood=likelihoods.DiscretisedLogistic((2, 2, 1)))
    nll = evaluation.importance_sampled_nll(vae, IMAGES, samples=5000)
    bits = evaluation.bits_per_dimension(nll, (2, 2, 1)).mean()
    assert bits == pytest.approx(exact_bits(vae, IMAGES, logistic).mean(), abs=0.005)


@pytest.mark.parametrize(
    ("likelihood", "cell"),
    [
        (likelihoods.ContinuousBernoulli(), continuous_bernoulli),
        (likelihoods.DiscretisedLogistic((1, 1, 1)), logistic),
    ],
    ids=["density", "bytes"],
)
def test_probabilities_of_all_bytes_of_a_pixel_sum_to_one(likelihood, cell):
    sizes = {"image_shape": (1, 1, 1), "hidden": ()}
    networks_of = networks.build_fc_encoder, networks.build_fc_decoder
    vae = models.VAE(*(make(1, **sizes) for make in networks_of), likelihood)
    vae.decoder.set_weights([np.full((1, 1), 2.0), np.full(1, 0.41)])
    every = np.arange(256, dtype=np.uint8).reshape(256, 1, 1, 1)
    assert (2 ** -exact_bits(vae, every, cell)).sum() == pytest.approx(1, rel=1e-6)
    x = every if cell is logistic else evaluation.dequantise(every, seed=1)
    nll = evaluation.importance_sampled_nll(vae, x, samples=2000)
    convert = evaluation.bits_of_density
    convert = evaluation.bits_per_dimension if cell is logistic else convert
    total = (2.0 ** -convert(nll, (1, 1, 1))).sum()
    assert total == pytest.approx(1, abs=0.02)
