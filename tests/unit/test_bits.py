"""Bits per dimension: of probabilities, and of densities made probabilities."""

import math

import numpy as np
import pytest
from scipy import stats

from vae_utils.evaluation import bits_of_density, bits_per_dimension, dequantise

SHAPE = (4, 6, 3)
SIZE = 4 * 6 * 3


def test_a_uniform_probability_of_bytes_has_eight_bits():
    assert bits_per_dimension(SIZE * math.log(256), SHAPE) == pytest.approx(8)
    np.testing.assert_allclose(bits_per_dimension(np.zeros(3), SHAPE), 0)


def test_a_uniform_density_has_eight_bits():
    """Its density is 1, so that its −log is 0."""
    assert bits_of_density(0.0, SHAPE) == pytest.approx(8)


def test_bits_of_a_density_bound_those_of_its_cells():
    """Of a normal density, integrated over the cell of each byte."""
    images = np.random.default_rng(0).integers(0, 256, (200, *SHAPE), np.uint8)
    normal = stats.norm(0.4, 0.3)
    cells = normal.cdf((images + 1.0) / 256) - normal.cdf(images / 256)
    exact = bits_per_dimension(-np.log(cells).sum(axis=(1, 2, 3)).mean(), SHAPE)
    spread = dequantise(images, seed=3)
    density = -normal.logpdf(spread).sum(axis=(1, 2, 3)).mean()
    bound = bits_of_density(density, SHAPE)
    assert exact - 1e-4 < bound < exact + 1e-3


def test_every_byte_stays_in_its_cell():
    images = np.arange(256, dtype=np.uint8).repeat(1000).reshape(-1, 10, 10, 1)
    spread = dequantise(images, seed=1)
    assert spread.dtype == np.float32 and spread.shape == images.shape
    np.testing.assert_array_equal(np.floor(256 * spread), images)
    assert (256 * spread - images).mean() == pytest.approx(0.5, abs=0.01)
    np.testing.assert_array_equal(spread, dequantise(images, seed=1))
    assert not np.array_equal(spread, dequantise(images, seed=2))


def test_rejects_what_has_no_cells_or_no_bits():
    with pytest.raises(ValueError, match="Only bytes .* Received: dtype=float32"):
        dequantise(np.zeros((2, 3, 3), np.float32))
    with pytest.raises(ValueError, match="nats must be finite"):
        bits_per_dimension(float("nan"), SHAPE)
