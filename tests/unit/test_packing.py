"""Weights of networks as the text of a page: packing, rounding, and what it costs."""

import html
import json

import numpy as np
import page_networks
import pytest

from vae_utils import datasets, evaluation, explorer, pixels
from vae_utils.explorer import packing
from vae_utils.explorer.rounding import round_layer

each_network = pytest.mark.parametrize("name", explorer.NETWORKS)


def test_integers_come_back():
    values = np.random.default_rng(0).normal(0, 60, 500).astype(int)
    values[:4] = [packing.FARTHEST, -packing.FARTHEST, packing.LARGEST + 1, 0]
    text = packing.write_integers(values)
    np.testing.assert_array_equal(packing.read_integers(text), values)
    np.testing.assert_array_equal(
        packing.read_pairs(packing.write_pairs(values)), values
    )


def test_a_small_integer_is_one_character():
    values = np.arange(-packing.LARGEST, packing.LARGEST + 1)
    assert len(set(packing.write_integers(values))) == len(values) == 91


def test_text_stands_in_scripts_as_it_is():
    text = packing.DIGITS + packing.ESCAPE
    assert json.dumps(text) == f'"{text}"' and text.isascii()
    assert "<" not in text and html.escape(text, quote=False).count("&") == 2  # & and >


def test_refuses_an_integer_that_is_too_large():
    with pytest.raises(ValueError, match=r"within ±4140.*Received: 4141"):
        packing.write_integers([1, -4141])


def test_halves_come_back():
    values = np.array([0, 1 / 3, -7.5, 6e-8, 60000], np.float16)
    np.testing.assert_array_equal(
        packing.read_halves(packing.write_halves(values)), values
    )


def kernel_of(layer):
    rows = 2.0 ** -layer.powers[:, None]
    return layer.integers * layer.steps.astype(float) * rows


def test_rounding_makes_up_for_its_errors():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(400, 6)) @ rng.normal(size=(6, 40))
    kernel, bias = rng.normal(size=(40, 5)), rng.normal(size=5)
    exact = inputs @ kernel + bias
    steps = np.full(5, 0.5)
    rounded = round_layer(kernel, bias, inputs, steps)
    error = inputs @ kernel_of(rounded) + rounded.bias - exact
    plain = inputs @ (np.round(kernel / steps) * steps) + bias - exact
    assert np.abs(rounded.integers).max() < 40
    assert (error**2).mean() < 0.25 * (plain**2).mean()


def test_inputs_that_are_never_there_get_large_steps():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(300, 8))
    inputs[:, 3] = 0
    kernel = rng.normal(size=(8, 4))
    rounded = round_layer(kernel, np.zeros(4), inputs, np.full(4, 0.1))
    assert rounded.powers[3] == -5 and np.abs(rounded.powers[:3]).max() <= 1
    assert np.abs(rounded.integers[3]).max() <= 1


def test_a_large_weight_among_small_ones_is_kept():
    kernel = np.full((30, 2), 0.01)
    kernel[4, 1] = 50.0
    inputs = np.random.default_rng(0).normal(size=(200, 30))
    rounded = round_layer(kernel, np.zeros(2), inputs, np.full(2, 0.01))
    assert kernel_of(rounded)[4, 1] == pytest.approx(50, abs=0.02)
    text = packing.write_integers(rounded.integers)
    np.testing.assert_array_equal(packing.read_integers(text), rounded.integers.ravel())


@pytest.fixture(scope="module")
def test_images():
    """Every test image of the sample, binarised once, with its label."""
    data = datasets.load("mnist", sample=True)
    return pixels.binarise(data.x_test, seed=0), data.y_test


@each_network
def test_rounding_costs_less_than_the_page_shows(name, test_images):
    x, labels = test_images
    study, script = explorer.NETWORKS[name].study, explorer.make_script(name)
    costs = []
    for model in (
        page_networks.load_recorded(study),
        page_networks.load_shown(study, script),
    ):
        y = labels if model.conditional else None
        if name == "ae":  # the reconstruction term of its one code
            z = model.encode(x, y).mean
            costs.append(
                np.mean(model.likelihood.negative_log_likelihood(x, model.decoder(z)))
            )
        else:
            costs.append(-evaluation.elbo_split(model, x, y)["elbo"])
    assert abs(costs[1] - costs[0]) < 0.08  # nats; pages show 0.1
