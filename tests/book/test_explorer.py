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
from page_networks import read_script

from vae_utils import datasets, explorer, latent, objectives
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
def page(tmp_path_factory):
    """A page with nothing but the explorer."""
    folder = tmp_path_factory.mktemp("explorer")
    list(explorer.write_scripts(folder))
    scripts = "".join(
        f'<script defer src="{script.name}"></script>' for script in explorer.SCRIPTS
    )
    body = (
        '<div class="vae-explorer" id="explorer" data-model="vae">'
        '<div class="vx-fallback">A picture.</div></div>'
    )
    head = f'<meta charset="utf-8"><title>Explorer</title>{scripts}'
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    )
    return folder / "index.html"


@pytest.fixture(scope="module")
def browser(open_browser, page):
    opened = open_browser()
    opened.get(page.as_uri())
    wait(opened, "return VAEBook.ready")
    return opened


def wait(browser, script, *arguments):
    """Runs a script that returns a promise, and waits for what it promises."""
    done = f"(async () => {{ {script} }})().then(done, (e) => done(String(e)))"
    names = "const done = arguments[arguments.length - 1];"
    return browser.execute_async_script(names + done, *arguments)


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


def click(browser, text):
    browser.find_element("xpath", f"//button[text()='{text}']").click()


def text_of(browser, selector):
    return browser.find_element("css selector", selector).text


def choose(browser, value):
    script = "arguments[0].click()"
    browser.execute_script(
        script, browser.find_element("css selector", f"input[value='{value}']")
    )
    ready = (
        "for (let i = 0; i < 100; i++) {"
        f"  if (VAEBook.models['{value}']) return; "
        "  await new Promise((go) => setTimeout(go, 50)); }"
    )
    if not value.isdigit():
        wait(browser, ready)


def test_the_fallback_gives_way(browser):
    assert not browser.find_element("css selector", ".vx-fallback").is_displayed()


def test_keys_move_the_point(browser):
    from selenium.webdriver.common.keys import Keys

    choose(browser, "vae")
    plane = browser.find_element("css selector", ".vx-plane")
    plane.send_keys(Keys.HOME)
    assert text_of(browser, ".vx-where") == "z = (0.00, 0.00)"
    plane.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert text_of(browser, ".vx-where") == "z = (0.20, −0.10)"
    plane.send_keys(Keys.SHIFT, Keys.ARROW_UP)
    assert text_of(browser, ".vx-where") == "z = (0.20, 0.40)"
    wait(browser, "await new Promise((go) => setTimeout(go, 600))")
    assert re.fullmatch(
        r"At \(0.20, 0.40\): of the 15 nearest test digits, \d+ show an? \d\.",
        text_of(browser, "[role=status]"),
    )


def test_a_drag_moves_the_point_and_a_lost_pointer_lets_go(browser):
    plane = browser.find_element("css selector", ".vx-plane")
    script = (
        "const [plane, kind, x, y] = arguments; const box ="
        "plane.getBoundingClientRect(); plane.setPointerCapture = () => 0;"
        "plane.dispatchEvent(new PointerEvent(kind, {clientX: box.left + x * "
        "box.width, clientY: box.top + y * box.height, pointerId: 1, "
        "isPrimary: arguments[4], button: 0, buttons: arguments[5]}))"
    )

    def point(kind, x, y, primary=True, buttons=1):
        browser.execute_script(script, plane, kind, x, y, primary, buttons)
        return text_of(browser, ".vx-where")

    start = point("pointerdown", 0.5, 0.5)
    assert start == "z = (0.00, 0.00)"
    moved = point("pointermove", 0.75, 0.25)
    assert moved != start
    assert point("pointerdown", 0.9, 0.9, primary=False) == moved  # a second finger
    assert point("pointercancel", 0.9, 0.9) == moved
    assert point("pointermove", 0.1, 0.1) == moved
    # A pointer that was lifted elsewhere has no button down when it comes back.
    moved = point("pointerdown", 0.5, 0.6)
    assert point("pointermove", 0.1, 0.1, buttons=0) == moved
    assert point("pointermove", 0.1, 0.1) == moved
    # Beyond the edge, the point stays on it.
    point("pointerdown", 0.5, 0.5)
    corner = point("pointermove", 3, -3)
    assert point("pointermove", 1, 0) == corner


def test_a_test_digit_is_encoded_and_measured(browser):
    choose(browser, "vae")
    click(browser, "Clear")
    assert (
        "There is nothing on the pad"
        in browser.find_element("css selector", "body").text
    )
    assert text_of(browser, ".vx-numbers") == ""
    click(browser, "Take a test digit")
    rows = browser.find_elements("css selector", ".vx-numbers tbody tr")
    names = [row.find_element("css selector", "th").text for row in rows]
    cells = [row.find_elements("css selector", "td") for row in rows]
    assert names == ["reconstruction term (nll)", "KL term (kl)", "−ELBO"]
    nats, average = np.array([[float(cell.text) for cell in row] for row in cells]).T
    metrics = recorded.load_study("explorer_vae").one.metrics
    expected = [metrics["nll"], metrics["kl"], -metrics["elbo"]]
    np.testing.assert_allclose(average, expected, atol=0.11)
    assert 20 < nats[0] < 400 and 0 < nats[1] < 20
    assert nats[0] + nats[1] == pytest.approx(nats[2])  # as rounded
    # What is measured is the test image itself, not what the pad makes of it.
    measured = browser.execute_script(
        "const x = VAEBook.images[0].map((v) => v >= 128);"
        "const { nll, kl } = VAEBook.measure('vae', Float32Array.from(x));"
        "return [nll, kl]"
    )
    np.testing.assert_allclose(nats[:2], measured, atol=0.051)


def test_the_pad_puts_ink_where_mnist_has_it(browser):
    found = browser.execute_script(
        "const canvas = document.createElement('canvas');"
        "canvas.width = canvas.height = 280;"
        "const pad = VAEBook.makePad(canvas, () => {});"
        "const context = canvas.getContext('2d'); context.fillStyle = 'white';"
        "context.fillRect(30, 50, 40, 120); return Array.from(pad.read().pixels)"
    )
    rows, columns = np.nonzero(np.array(found).reshape(28, 28))
    assert np.ptp(rows) + 1 == 20 and 6 <= np.ptp(columns) + 1 <= 7
    # The mean, in the coordinates of corners, of the digits that networks trained on.
    images = datasets.load("mnist", sample=True).x_train / 255.0
    mass = images.sum(axis=(1, 2))
    centre = np.median((images.sum(axis=2) * (np.arange(28) + 0.5)).sum(axis=1) / mass)
    # Half-covered pixels at the ends become ink or none: half a pixel either way.
    assert rows.mean() + 0.5 == pytest.approx(centre, abs=0.5)


def test_keys_cross_the_autoencoders_plane(browser):
    choose(browser, "ae")
    plane = browser.find_element("css selector", ".vx-plane")
    for _ in range(12):
        plane.send_keys("\ue008\ue014")  # Shift and the right arrow
    limit = browser.execute_script("return VAEBook.models.ae.limit")
    shown = float(re.search(r"\((.+?),", text_of(browser, ".vx-where"))[1])
    assert shown == pytest.approx(limit, abs=0.01)


def test_another_network_encodes_what_is_on_the_pad(browser):
    choose(browser, "vae")
    click(browser, "Take a test digit")
    for name in ("beta_0.1", "cvae"):
        choose(browser, name)
        wait(browser, "await new Promise((go) => setTimeout(go, 100))")
        expected = browser.execute_script(
            "const seen = VAEBook.images.map((image) => Float32Array.from(image, "
            "(v) => (v >= 128 ? 1 : 0)));"
            "const told = Number(document.querySelector("
            "'.vw-choice [name$=digit]:checked').value);"
            "return seen.map((x) => Array.from("
            "VAEBook.encode(arguments[0], x, told).mean))",
            name,
        )
        shown = text_of(browser, ".vx-where").replace("−", "-")
        place = [float(n) for n in re.findall(r"-?\d+\.\d+", shown)]
        assert np.abs(np.array(expected) - place).max(axis=1).min() < 0.006
    told = "The network was told that this is a"
    assert told in browser.find_element("css selector", "body").text
    choose(browser, "vae")
    assert told not in browser.find_element("css selector", "body").text


def test_an_autoencoder_has_no_kl(browser):
    click(browser, "Take a test digit")
    choose(browser, "ae")
    assert "No KL term" in text_of(browser, ".vx-numbers")


def test_a_conditional_network_draws_ten_digits(browser):
    ten = browser.find_element("css selector", ".vx-ten")
    choose(browser, "vae")
    assert not ten.is_displayed()
    choose(browser, "cvae")
    assert ten.is_displayed()
    sums = []
    for digit in "17":
        choose(browser, digit)
        sums.append(
            browser.execute_script(
                "return document.querySelector('.vx-drawn').toDataURL()"
            )
        )
    assert sums[0] != sums[1]
    assert ten.get_attribute("width") == "280"


def test_all_ink_is_no_digit(browser):
    browser.execute_script(
        "const pad = document.querySelector('.vx-pad');"
        "pad.setPointerCapture = () => 0;"
        "const box = pad.getBoundingClientRect();"
        "const go = (kind, x, y) => pad.dispatchEvent(new PointerEvent(kind, "
        "{clientX: box.left + x * box.width, clientY: box.top + y * box.height,"
        " isPrimary: true, buttons: 1}));"
        "for (let y = 0; y <= 1; y += 0.03) {"
        "  go('pointerdown', 0, y); go('pointermove', 1, y); go('pointerup', 1, y); }"
    )
    wait(browser, "await new Promise((go) => setTimeout(go, 300))")
    assert "nearly all ink" in browser.find_element("css selector", "body").text
    click(browser, "Clear")


def test_terms_are_said_once_when_the_pen_rests(browser):
    choose(browser, "vae")
    wait(browser, "await new Promise((go) => setTimeout(go, 600))")
    browser.execute_script(
        "window.said = []; new MutationObserver(() => said.push("
        "document.querySelector('.vw-said').textContent)).observe("
        "document.querySelector('.vw-said'), {childList: true});"
    )
    for _ in range(3):
        click(browser, "Take a test digit")
    wait(browser, "await new Promise((go) => setTimeout(go, 600))")
    (said,) = browser.execute_script("return said")
    assert said.split() == text_of(browser, ".vx-numbers").split()
    live = browser.find_elements("css selector", ".vx-numbers [aria-live], [aria-live]")
    assert live == []


def test_a_missing_script_is_named_and_the_choice_before_stands(browser, page):
    choose(browser, "vae")
    script = page.with_name("model_beta_4.js")
    hidden = script.rename(script.with_suffix(".hidden"))
    try:
        browser.get(page.as_uri())
        wait(browser, "return VAEBook.ready")
        browser.find_element("css selector", "input[value=beta_4] + span").click()
        wait(browser, "await new Promise((go) => setTimeout(go, 100))")
        told = text_of(browser, "[role=status]")
        assert told == "model_beta_4.js is missing: build the book again."
        chosen = browser.find_element("css selector", ".vw-choice input:checked")
        assert chosen.get_attribute("value") == "vae"
    finally:
        hidden.rename(script)
    assert "ERR_FILE_NOT_FOUND" in browser.get_log("browser")[-1]["message"]
    choose(browser, "beta_4")  # it is asked for again
    assert "four times" in text_of(browser, ".vx-about")


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
