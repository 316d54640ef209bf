import base64
import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import page_networks
import pytest
from explorer_page import make_page, show, wait
from page_networks import read_script

from vae_utils import explorer, latent, objectives
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)
from vae_utils.runs import recorded

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
COUNT = 200
SHAPE = {"image_shape": (28, 28, 1), "classes": 10}

each_network = pytest.mark.parametrize("name", explorer.NETWORKS)


def load(name):
    """Loads a network with the weights that the page has."""
    study = explorer.NETWORKS[name].study
    return page_networks.load_shown(study, explorer.make_script(name))


def labels_for(model, labels):
    return labels if model.conditional else None


@each_network
def test_a_script_has_all_weights_of_its_network(name):
    found, packed = read_script(explorer.make_script(name))
    assert found == name
    arrays = sum(explorer.decompress(packed).values(), [])
    study = recorded.load_study(explorer.NETWORKS[name].study)
    assert sum(map(np.size, arrays)) == study.one.metrics["parameters"]


@each_network
def test_a_network_is_small(name):
    assert len(gzip.compress(explorer.make_script(name).encode())) < 130_000  # bytes


@each_network
def test_codes_are_on_the_map_and_have_their_class(name):
    _, packed = read_script(explorer.make_script(name))
    codes, labels = page_networks.read_codes(packed)
    assert len(codes) == len(labels) == 1500 and set(labels) == set(range(10))
    kept = recorded.load_arrays(explorer.NETWORKS[name].study)
    furthest = np.abs(kept["z_mean"]).max()
    np.testing.assert_allclose(codes, kept["z_mean"], atol=furthest / 8000)
    np.testing.assert_array_equal(labels, kept["labels"])
    assert (np.abs(codes) <= packed["limit"]).all(axis=1).mean() > 0.99
    if packed["labelled"]:
        return
    # Some codes of each class are where no other class is more common.
    medians = np.array([np.median(codes[labels == d], axis=0) for d in range(10)])
    distances = np.linalg.norm(codes[:, None] - medians, axis=2)
    assert (distances.argmin(axis=1) == labels).mean() > 0.4


def test_every_sentence_about_a_network_is_filled_in():
    for name in explorer.NETWORKS:
        _, packed = read_script(explorer.make_script(name))
        assert packed["about"].endswith(".") and not re.search("[{}]", packed["about"])


def test_there_are_two_test_digits_of_each_class():
    lines = explorer.make_index().splitlines()
    images = json.loads(lines[2].split(" = ")[1].removesuffix(".map(VAEBook.bytesOf);"))
    labels = json.loads(lines[3].split(" = ")[1].rstrip(";"))
    assert labels == 2 * list(range(10))
    assert all(len(base64.b64decode(image)) == 784 for image in images)


@pytest.mark.parametrize(
    "configuration",
    [
        VAEConfiguration(encoder="conv"),
        VAEConfiguration(latent_dim=3),
        ConditionalVAEConfiguration(conditioned="decoder"),
        VAEConfiguration(activation="elu"),
        VAEConfiguration(decoder_activation="elu"),
        VAEConfiguration(hidden=()),
        VAEConfiguration(likelihood="gaussian"),
    ],
    ids=str,
)
def test_another_network_is_refused(configuration):
    with pytest.raises(ValueError, match="latent dimensions.*Received: .*VAEConfig"):
        explorer.describe_layers(configuration, **SHAPE)


def test_the_layers_of_an_autoencoder_end_in_one_code():
    layers = explorer.describe_layers(AutoencoderConfiguration(), **SHAPE)
    assert [head["name"] for head in layers["heads"]] == ["z"]
    assert layers["encoder"][0]["inputs"] == 784


def test_a_decoder_may_have_no_hidden_layer():
    configuration = VAEConfiguration(decoder_hidden=())
    (layer,) = explorer.describe_layers(configuration, **SHAPE)["decoder"]
    assert layer == {"inputs": 2, "units": 784, "activation": "linear"}


def test_layers_are_those_of_the_configuration():
    configuration = ConditionalVAEConfiguration(hidden=(30, 20), decoder_hidden=(15,))
    layers = explorer.describe_layers(configuration, **SHAPE)
    sizes = {
        part: [(layer["inputs"], layer["units"]) for layer in layers[part]]
        for part in layers
    }
    assert sizes == {
        "encoder": [(794, 30), (30, 20)],
        "heads": [(20, 2), (20, 2)],
        "decoder": [(12, 15), (15, 784)],
    }
    assert [layer["activation"] for layer in layers["decoder"]] == ["relu", "linear"]


@pytest.fixture(scope="module")
def browser(open_browser, tmp_path_factory):
    opened = open_browser()
    show(opened, make_page(tmp_path_factory.mktemp("explorer")))
    return opened


@each_network
def test_the_page_decodes_as_keras_does(name, browser):
    wait(browser, f"await VAEBook.load({name!r})")
    model = load(name)
    z = np.random.default_rng(0).normal(0, 1.5, (COUNT, 2)).astype(np.float32)
    labels = np.arange(COUNT) % 10
    expected = latent.decode(model, z, labels_for(model, labels)).reshape(COUNT, -1)
    found = browser.execute_script(
        "const [name, z, y] = arguments;"
        "return z.map((place, i) => Array.from(VAEBook.decode(name, place, y[i])))",
        name,
        z.tolist(),
        labels.tolist(),
    )
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)
    assert np.ptp(expected) > 0.9  # there is something to see


@each_network
def test_the_page_encodes_as_keras_does(name, browser):
    wait(browser, f"await VAEBook.load({name!r})")
    model = load(name)
    x = np.random.default_rng(0).random((COUNT, 28, 28, 1)).astype(np.float32)
    x *= np.random.default_rng(1).random(x.shape) < 0.2
    labels = np.arange(COUNT) % 10
    expected = latent.encode(model, x, labels_for(model, labels))
    found = browser.execute_script(
        "const [name, x, y] = arguments;"
        "return x.map((image, i) => {"
        "  const { mean, logVar } = VAEBook.encode(name, image, y[i]);"
        "  return [Array.from(mean), logVar && Array.from(logVar)]; })",
        name,
        x.reshape(COUNT, -1).tolist(),
        labels.tolist(),
    )
    means = [mean for mean, _ in found]
    if name == "ae":
        np.testing.assert_allclose(means, expected.mean, rtol=0, atol=1e-4)
        assert found[0][1] is None
        return
    np.testing.assert_allclose(means, expected[0], rtol=0, atol=1e-4)
    np.testing.assert_allclose([v for _, v in found], expected[1], rtol=0, atol=1e-4)


@each_network
def test_the_page_measures_as_the_book_does(name, browser):
    wait(browser, f"await VAEBook.load({name!r})")
    model = load(name)
    arrays = recorded.load_arrays(explorer.NETWORKS["vae"].study)
    x = (arrays["images"] >= 128).astype(np.float32)[..., None]
    labels = arrays["image_labels"].astype(int)
    found, noise = browser.execute_script(
        "const [name, x, y] = arguments; return ["
        "x.map((image, i) => VAEBook.measure(name, image, y[i])), VAEBook.noise]",
        name,
        x.reshape(len(x), -1).tolist(),
        labels.tolist(),
    )
    y = labels_for(model, labels)
    codes = latent.encode(model, x, y)
    if name == "ae":
        draws = [codes.mean]
        assert all(each["kl"] is None for each in found)
    else:
        z_mean, z_log_var = codes
        draws = [z_mean + np.exp(z_log_var / 2) * np.float32(eps) for eps in noise]
        kl = np.array(objectives.gaussian_kl(z_mean, z_log_var))
        np.testing.assert_allclose([each["kl"] for each in found], kl, atol=1e-3)
    nll = np.mean([score(model, x, z, y) for z in draws], axis=0)
    np.testing.assert_allclose([each["nll"] for each in found], nll, atol=1e-2)


def score(model, x, z, labels):
    logits = model.decoder(z if labels is None else {"z": z, "y": labels})
    return np.array(model.likelihood.negative_log_likelihood(x, logits))


def test_the_noise_stands_for_a_standard_normal(browser):
    noise = np.array(browser.execute_script("return VAEBook.noise"))
    assert len(noise) == 64
    np.testing.assert_allclose(noise.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(noise.T @ noise / len(noise), np.eye(2), atol=0.15)
    # A mean of something that is no polynomial: E cos(a·eps) = exp(-|a|² / 2).
    found = np.cos(noise @ [0.7, -0.4]).mean()
    assert found == pytest.approx(np.exp(-(0.7**2 + 0.4**2) / 2), abs=0.03)


def test_an_unknown_network_stops_the_build(tmp_path):
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser", "explorer"]')
    (tmp_path / "index.md").write_text(
        "# A page\n\n```{vae-explorer}\n:model: gan\n```"
    )
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", tmp_path, tmp_path / "html"],
        env=os.environ | {"PYTHONPATH": str(EXTENSIONS)},
        capture_output=True,
        text=True,
    )
    assert built.returncode != 0
    assert re.search("The networks are vae, .*cvae. Received: gan", built.stderr)


def test_the_browser_has_nothing_to_complain_about(browser):
    assert browser.get_log("browser") == []
