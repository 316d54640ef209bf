"""The widget of weighted draws in a browser, compared with NumPy and the package."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from widget_pages import (
    allow_scripts,
    open_without_scripts,
    overflow,
    wait_until,
    write_page,
)

from vae_utils import evaluation
from vae_utils.weighted_draws import Case, page, show_draws

SIDE = 121
AXES = [np.linspace(low, low + 1.2, SIDE) for low in (-0.5, 0.2)]
MEAN, SIGMA = np.array([0.15, 0.7]), np.array([0.08, 0.12])  # of the posterior
EXACT = 150.0


def make_case(name="test 0", shift=0.0):
    """Makes an image whose true posterior is a normal distribution."""
    z1, z2 = np.meshgrid(*AXES)
    squares = ((z1 - MEAN[0]) / SIGMA[0]) ** 2 + ((z2 - MEAN[1]) / SIGMA[1]) ** 2
    log_posterior = -0.5 * squares - np.log(2 * np.pi * SIGMA.prod())
    log_var = 2 * np.log(SIGMA)
    proposals = {
        "Encoder's q": (MEAN + shift, log_var),
        "q on the posterior": (MEAN, log_var),
    }
    image = np.linspace(0, 1, 784).reshape(28, 28)
    return Case(name, image, *AXES, log_posterior - EXACT, EXACT, proposals)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    cases = [make_case(), make_case("test 1", shift=0.4)]
    return write_page(tmp_path_factory.mktemp("draws"), page.make_html("draws", cases))


@pytest.fixture(scope="module")
def opened(open_browser):
    return open_browser(800, 1200)


@pytest.fixture
def browser(opened, address):
    opened.get(address)
    return opened


def weigh(browser, mean, sigma, count):
    """Weighs draws in the page."""
    packed = page._pack(make_case())
    return browser.execute_script(
        "const { makePlane, weigh } = VAEBook.draws;"
        "return weigh(makePlane(arguments[0]), arguments[1], arguments[2])",
        packed,
        {"mean": list(mean), "sigma": list(sigma)},
        count,
    )


def read_noise(browser):
    noise = browser.execute_script("return Array.from(VAEBook.draws.NOISE)")
    return np.array(noise).reshape(-1, 2)


def numbers(browser, start):
    """Reads the sentence once it starts in a given way."""
    return wait_until(
        browser,
        "const text = document.querySelector('.wd-numbers').textContent;"
        "return text.startsWith(arguments[0]) && text",
        start,
    )


def click(browser, text):
    xpath = f'//button[text()="{text}"]'
    browser.find_element("xpath", xpath).click()


def slider(browser, name):
    xpath = f"//label[span[starts-with(text(), '{name}')]]/input"
    return browser.find_element("xpath", xpath)


def test_the_noise_is_standard_normal_and_always_the_same(browser, address):
    noise = read_noise(browser)
    assert noise.shape == (1000, 2)
    assert_allclose(noise.mean(axis=0), 0, atol=0.08)
    assert_allclose(np.cov(noise.T), np.eye(2), atol=0.12)
    assert 0.94 < (np.square(noise).sum(axis=1) < -2 * np.log(0.05)).mean() < 0.96
    browser.get(address)
    assert_allclose(read_noise(browser), noise, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("mean", "sigma"),
    [(MEAN, SIGMA), (MEAN + [0.1, -0.15], SIGMA * 0.7), ((0.0, 0.6), (0.2, 0.2))],
)
def test_the_page_computes_what_numpy_computes(mean, sigma, browser):
    mean, sigma = np.array(mean), np.array(sigma)
    found = weigh(browser, mean, sigma, 200)
    eps = read_noise(browser)[:200]
    z = mean + sigma * eps
    inside = ((z > [a[0] for a in AXES]) & (z < [a[-1] for a in AXES])).all(axis=1)
    assert inside.mean() > 0.9
    log_joint = -0.5 * np.square((z - MEAN) / SIGMA).sum(axis=1) - EXACT
    log_joint -= np.log(2 * np.pi * SIGMA.prod())
    log_q = -0.5 * np.square(eps).sum(axis=1) - np.log(2 * np.pi * sigma.prod())
    log_w = log_joint - log_q
    shares = np.exp(log_w - np.logaddexp.reduce(log_w))
    assert_allclose(found["codes"], z, rtol=1e-12)
    # Between the points of the table log p(x, z) is linear: 0.01 nats at most.
    assert_allclose(np.array(found["shares"])[inside], shares[inside], atol=2e-3)
    running = np.log(np.arange(1, 201)) - np.logaddexp.accumulate(log_w)
    assert_allclose(found["estimates"], running, atol=0.02)
    ess = evaluation.effective_sample_size(log_w[None])[0]
    assert found["ess"] == pytest.approx(ess, rel=0.01)


def test_draws_from_the_posterior_weigh_the_same(browser):
    found = weigh(browser, MEAN, SIGMA, 100)
    assert_allclose(found["shares"], 0.01, rtol=0.05)
    assert_allclose(found["estimates"], EXACT, atol=0.02)


def test_buttons_sliders_and_images_change_the_numbers(browser):
    from selenium.webdriver.common.keys import Keys

    text = numbers(browser, "K = 10: estimate 150.0 nats, exact 150.0, 0.00 too")
    assert "Largest weight: 10 % of the sum" in text
    slider(browser, "K, draws").send_keys(Keys.ARROW_RIGHT)
    numbers(browser, "K = 20: estimate 150.0")
    browser.find_element("xpath", "//span[text()='test 1']").click()
    text = numbers(browser, "K = 20: estimate 1")
    wait_until(
        browser,
        "return /exact 150.0, [2-9]|exact 150.0, [0-9]{2}/.test("
        "document.querySelector('.wd-numbers').textContent)",
    )
    click(browser, "q on the posterior")
    numbers(browser, "K = 20: estimate 150.0 nats, exact 150.0, 0.00 too")
    before = float(slider(browser, "σ₁").get_attribute("value"))
    click(browser, "Twice as wide")
    assert float(slider(browser, "σ₁").get_attribute("value")) == 2 * before
    click(browser, "Half as wide")
    assert float(slider(browser, "σ₁").get_attribute("value")) == before


def test_handles_move_the_centre_and_the_widths(browser):
    from selenium.webdriver import ActionChains

    def drag(name, right, down):
        handle = browser.find_element("css selector", f".vw-handle[data-name={name}]")
        ActionChains(browser).drag_and_drop_by_offset(handle, right, down).perform()

    def value(name):
        return float(slider(browser, name).get_attribute("value"))

    width = browser.find_element("css selector", ".wd-drawings svg").size["width"]
    before = value("μ₁"), value("μ₂"), value("σ₁")
    drag("mean", 30, -20)
    assert value("μ₁") == pytest.approx(before[0] + 30 * 1.2 / width, abs=0.02)
    assert value("μ₂") == pytest.approx(before[1] + 20 * 1.2 / width, abs=0.02)
    assert value("σ₁") == before[2]
    wait_until(
        browser,
        "return document.querySelector('.wd-drawings svg').ariaLabel"
        ".includes(arguments[0])",
        f"around {value('μ₁'):.2f}",
    )
    drag("sigma", 20, 0)
    assert value("σ₁") > before[2] and value("μ₂") != before[1]


def test_the_keyboard_is_enough_and_fields_have_names(browser):
    names = browser.execute_script(
        "return [...document.querySelectorAll('input[type=range]')]"
        ".map((input) => input.labels[0].innerText)"
    )
    assert len(names) == 5 and all(names)
    from selenium.webdriver.common.keys import Keys

    field = slider(browser, "σ₂")
    field.send_keys(Keys.HOME)
    assert field.get_attribute("aria-valuetext") == "0.010"


def test_changes_are_announced_once_after_a_pause(browser):
    browser.execute_script(
        "window.said = []; const node = document.querySelector('output');"
        "new MutationObserver(() => said.push(node.textContent))"
        ".observe(node, {childList: true});"
    )
    for name in ("Twice as wide", "Half as wide", "q on the posterior"):
        click(browser, name)
    (text,) = wait_until(browser, "return said.length && said")
    assert text.startswith("K = 10: estimate")


@pytest.mark.parametrize("width", [390, 1000])
def test_it_fits_the_window_and_logs_nothing(width, open_browser, address):
    narrow = open_browser(width, 900)
    narrow.get(address)
    for name in ("Encoder's q", "Twice as wide", "Half as wide"):
        click(narrow, name)
        assert overflow(narrow) <= 0
    sizes = narrow.execute_script(
        "return [...document.querySelectorAll('svg text')]"
        ".map((t) => parseFloat(getComputedStyle(t).fontSize)"
        " * t.ownerSVGElement.clientWidth / 340)"
    )
    assert min(sizes) >= 9
    assert narrow.get_log("browser") == []
    narrow.close()


def test_without_scripts_a_sentence_says_what_is_missing(opened, address):
    open_without_scripts(opened, address)
    try:
        text = opened.find_element("css selector", "#draws p").text
        assert "The text below says what to see." in text
    finally:
        allow_scripts(opened)


def test_refuses_shapes_that_do_not_fit():
    case = make_case()
    with pytest.raises(ValueError, match="log_joint must have shape"):
        show_draws([case._replace(log_joint=case.log_joint[1:])])
    with pytest.raises(ValueError, match="log_joint"):
        show_draws([case._replace(log_joint=case.log_joint * np.nan)])
