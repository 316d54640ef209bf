"""The page that an export brings: it shows what the model in JavaScript does."""

import imageio.v3 as iio
import numpy as np
import pytest

from vae_utils import cli, latent
from vae_utils.runs import loading


@pytest.fixture(scope="module")
def run(shared_run):
    return shared_run("cvae")


@pytest.fixture(scope="module")
def page(run, tmp_path_factory):
    target = tmp_path_factory.mktemp("page") / "model"
    options = ["--format", "js", "--output-dir", str(target)]
    assert cli.main(["export", str(run.path), *options]) == 0
    return target / "js" / "index.html"


@pytest.fixture(scope="module")
def browser(open_browser, page):
    opened = open_browser()
    opened.get(page.as_uri())
    return opened


def find(browser, selector):
    return browser.find_elements("css selector", selector)


def test_new_images_are_drawn_at_once_and_when_asked(browser):
    canvases = find(browser, "#samples canvas")
    assert len(canvases) == 5
    before = read(browser, "#samples canvas")
    find(browser, "#draw")[0].click()
    after = read(browser, "#samples canvas")
    assert before.shape == after.shape == (28, 28) and (before != after).any()


def test_a_class_can_be_chosen(browser):
    assert [option.text for option in find(browser, "#label option")] == list(
        "0123456789"
    )
    assert find(browser, "#choice")[0].is_displayed()


def read(browser, selector):
    """Reads the grey values of a canvas."""
    script = (
        "const canvas = document.querySelector(arguments[0]);"
        "const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);"
        "return Array.from(data)"
    )
    values = browser.execute_script(script, selector)
    return np.array(values, np.uint8).reshape(28, 28, 4)[..., 0]


def test_an_image_file_is_reconstructed_and_scored(browser, run, tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    iio.imwrite(tmp_path / "image.png", image)
    find(browser, "#file")[0].send_keys(str(tmp_path / "image.png"))
    script = (
        "const done = arguments[0]; const look = () => document.querySelector("
        "'#numbers').textContent ? done() : setTimeout(look, 20); look();"
    )
    browser.execute_async_script(script)
    np.testing.assert_array_equal(read(browser, "#pair canvas"), image)
    model = loading.load(loading.find(str(run.path)))
    expected = latent.reconstruct(model, image[None], np.array([0]))[0, ..., 0]
    found = read(browser, "#pair figure:last-child canvas")
    np.testing.assert_allclose(found, 255 * expected, atol=1)
    numbers = find(browser, "#numbers")[0].text
    assert [part.split()[0] for part in numbers.split(", ")] == [
        "neg_elbo",
        "nll",
        "kl",
        "mse",
    ]


def test_the_browser_has_nothing_to_complain_about(browser):
    assert browser.get_log("browser") == []
