"""The toy of chapter 1 in a browser, compared with the chapter's own functions."""

import json
from pathlib import Path

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

from vae_utils.toy_bound import page, show_bound

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "01_theory.ipynb"
CELLS = ("toy-model", "toy-best")
PROPOSALS = [(-1.0, 0.05), (0.0, 1.0), (0.3, 0.5), (1.02, 0.37), (2.5, 1.5)]


@pytest.fixture(scope="module")
def chapter():
    """Runs the chapter's cells that define the toy; returns their names."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = {cell["id"]: "".join(cell["source"]) for cell in cells}
    names = {"np": np}
    exec(code["kl-table"].split("\n\n\n")[0], names)  # the function normal_kl
    for cell in CELLS:
        exec(code[cell], names)
    return names


@pytest.fixture(scope="module")
def address(tmp_path_factory, chapter):
    widget = page.make_html("toy", chapter["X"], chapter["S"])
    return write_page(tmp_path_factory.mktemp("toy"), widget)


@pytest.fixture(scope="module")
def opened(open_browser):
    return open_browser(700, 900)


@pytest.fixture
def browser(opened, address):
    opened.get(address)
    return opened


def measure(browser, chapter, state):
    """Computes the numbers of a proposal in the page."""
    return browser.execute_script(
        "const model = VAEBook.toy.makeModel(arguments[0]);"
        "return VAEBook.toy.measure(model, arguments[1])",
        {"x": chapter["X"], "s": chapter["S"]},
        state,
    )


def shown(browser, start):
    """Reads the numbers once their text starts in a given way."""
    return wait_until(
        browser,
        "const bars = [...document.querySelectorAll('svg')].at(-1).ariaLabel ?? '';"
        "return bars.startsWith(arguments[0]) && bars",
        start,
    )


def click(browser, text):
    browser.find_element("xpath", f"//button[text()='{text}']").click()


def slider(browser, name):
    return browser.find_element("css selector", f"input[data-name={name}]")


def slider_values(browser):
    """Reads the numbers at the sliders."""
    return [e.text for e in browser.find_elements("css selector", ".vw-value")]


def drag(browser, name, pixels):
    """Drags a handle to the right."""
    from selenium.webdriver import ActionChains

    handle = browser.find_element("css selector", f".vw-handle[data-name={name}]")
    ActionChains(browser).drag_and_drop_by_offset(handle, pixels, 0).perform()


@pytest.mark.parametrize(("mean", "sigma"), PROPOSALS)
def test_the_page_computes_what_the_chapter_computes(mean, sigma, chapter, browser):
    found = measure(browser, chapter, {"mean": mean, "sigma": sigma})
    nll, kl = chapter["terms"](np.array(mean), np.array(2 * np.log(sigma)))
    assert_allclose([found["nll"], found["kl"]], [nll, kl], rtol=1e-9)
    assert_allclose(found["cost"], -chapter["log_evidence"], rtol=1e-9)
    assert_allclose(found["gap"], nll + kl + chapter["log_evidence"], rtol=1e-8)


def test_the_gap_is_the_divergence_from_the_posterior(chapter, browser):
    found = measure(browser, chapter, {"mean": 0.9, "sigma": 0.4})
    log_q = chapter["log_normal"](chapter["GRID"], 0.9, np.log(0.4**2))
    ratio = np.exp(log_q) * (log_q - chapter["log_posterior"])
    assert_allclose(found["gap"], ratio.sum() * chapter["STEP"], rtol=1e-6)


def test_the_true_posterior_closes_the_gap(chapter, browser):
    found = measure(browser, chapter, {"isExact": True})
    assert abs(found["gap"]) < 1e-9 < found["kl"]
    click(browser, "True posterior")
    shown(browser, "−ELBO = nll + kl = −0.52 + 0.95 = 0.43, and −log p(x) + gap = 0.43")
    assert "closed" in browser.find_element("css selector", ".tb-verdict").text
    assert not browser.find_elements("css selector", ".vw-handle")


def test_the_sliders_have_no_number_while_q_is_not_normal(browser):
    from selenium.webdriver.common.keys import Keys

    click(browser, "True posterior")
    assert slider_values(browser) == ["–", "–"]
    assert slider(browser, "mean").get_attribute("aria-valuetext") == "not used"
    slider(browser, "mean").send_keys(Keys.ARROW_LEFT)
    assert slider_values(browser) == ["1.99", "0.50"]
    assert slider(browser, "mean").get_attribute("aria-valuetext") == "1.99"
    assert browser.find_elements("css selector", ".vw-handle")


def test_the_best_normal_is_no_worse_than_the_best_of_the_chapter(chapter, browser):
    best = browser.execute_script(
        "const { findBest, makeModel } = VAEBook.toy;"
        "return findBest(makeModel(arguments[0]))",
        {"x": chapter["X"], "s": chapter["S"]},
    )
    mean, log_var = chapter["best"]
    assert best["mean"] == pytest.approx(mean, abs=0.03)
    assert 2 * np.log(best["sigma"]) == pytest.approx(log_var, abs=0.06)
    bound = measure(browser, chapter, best)["bound"]
    assert -chapter["elbo"].max() - 1e-3 < bound <= -chapter["elbo"].max()
    click(browser, "Best normal q")
    shown(browser, "−ELBO = nll + kl = −0.46 + 1.09 = 0.62")
    text = browser.find_element("css selector", ".tb-verdict").text
    assert text.startswith("No normal q does better. It leaves a gap of 0.20 nats")


def test_handles_move_the_centre_and_the_width(browser):
    before = [
        float(slider(browser, n).get_attribute("value")) for n in ("mean", "sigma")
    ]
    drag(browser, "mean", -60)
    width = browser.find_element("css selector", "svg").size["width"]
    step = 60 * 5 / width  # 5 units of z across
    mean, sigma = (slider(browser, n).get_attribute("value") for n in ("mean", "sigma"))
    assert float(mean) == pytest.approx(before[0] - step, abs=0.03)
    assert float(sigma) == before[1]
    wait_until(  # the handles have followed
        browser,
        "return document.querySelector('svg').ariaLabel.includes(arguments[0])",
        f"μ = {float(mean):.2f}",
    )
    drag(browser, "sigma", 30)
    assert slider(browser, "mean").get_attribute("value") == mean
    after = float(slider(browser, "sigma").get_attribute("value"))
    assert after == pytest.approx(before[1] + step / 2, abs=0.03)


def test_the_keyboard_is_enough(browser):
    from selenium.webdriver.common.keys import Keys

    slider(browser, "mean").send_keys(Keys.ARROW_LEFT, Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.get_attribute("data-name") == "sigma"
    focused.send_keys(Keys.HOME)
    assert slider_values(browser) == ["1.99", "0.05"]
    focused.send_keys(Keys.TAB, Keys.ENTER)  # the first button
    shown(browser, "−ELBO = nll + kl = 17.38 + 0.00")
    names = browser.execute_script(
        "return [...document.querySelectorAll('input')]"
        ".map((input) => input.labels[0].innerText)"
    )
    assert names[0].startswith("μ, the centre of q") and len(names) == 2


def test_changes_are_announced_once_after_a_pause(browser):
    browser.execute_script(
        "window.said = []; const node = document.querySelector('output');"
        "new MutationObserver(() => said.push(node.textContent))"
        ".observe(node, {childList: true});"
    )
    for name in ("Prior", "Best normal q", "Prior"):
        click(browser, name)
    (text,) = wait_until(browser, "return said.length && said")
    assert text == "q is the prior: kl is zero, and nll pays for it."


@pytest.mark.parametrize("width", [390, 1000])
def test_it_fits_the_window_and_logs_nothing(width, open_browser, address):
    narrow = open_browser(width, 900)
    narrow.get(address)
    for name in ("Prior", "Best normal q", "True posterior"):
        click(narrow, name)
        assert overflow(narrow) <= 0
    sizes = narrow.execute_script(
        "return [...document.querySelectorAll('svg text')]"
        ".map((t) => parseFloat(getComputedStyle(t).fontSize))"
    )
    assert min(sizes) >= 9
    drawing = narrow.find_element("css selector", "svg").size["width"]
    assert 0 < drawing <= width
    assert narrow.get_log("browser") == []
    narrow.close()


def test_bars_are_told_apart_without_colours(browser):
    media = {"features": [{"name": "forced-colors", "value": "active"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    outlines = browser.execute_script(
        "return [...document.querySelectorAll('rect')]"
        ".map((bar) => getComputedStyle(bar).stroke)"
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert len(outlines) == 4 and "none" not in outlines


def test_without_scripts_a_sentence_says_where_to_look(opened, address):
    open_without_scripts(opened, address)
    try:
        text = opened.find_element("css selector", "#toy p").text
        assert "The fold below shows both curves." in text
    finally:
        allow_scripts(opened)


@pytest.mark.parametrize(
    ("x", "s", "name"), [(4, 0.2, "x"), ("1", 0.2, "x"), (0.9, 0, "s"), (0, None, "s")]
)
def test_refuses_what_the_quadrature_cannot_do(x, s, name):
    with pytest.raises(ValueError, match=f"Received: {name}="):
        show_bound(x, s)
