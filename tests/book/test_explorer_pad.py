"""The explorer's pad, its receipt of nats, and its networks."""

import re

import numpy as np
import pytest
from explorer_page import (
    FRAMES,
    SETTLED,
    choose,
    click,
    make_page,
    place,
    point,
    show,
    text_of,
    wait,
)

from vae_utils import datasets, explorer
from vae_utils.runs import recorded

NATS = "Where do the nats go?"
SEEN = (
    "const seen = Float32Array.from(VAEBook.images[arguments[1]],"
    " (v) => (v >= 128 ? 1 : 0)); const name = arguments[0];"
    "const digit = VAEBook.imageLabels[arguments[1]];"
)
FIRST = 17  # the test digit that is on the pad at first


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return make_page(tmp_path_factory.mktemp("explorer"))


@pytest.fixture(scope="module")
def opened(open_browser):
    return open_browser(1000, 1000)


@pytest.fixture
def browser(opened, page):
    show(opened, page)
    yield opened
    assert opened.get_log("browser") == []


def compute(browser, script, name="vae", digit=FIRST):
    return browser.execute_script(SEEN + script, name, digit)


def read_rows(browser):
    """Returns {title: [nats of this digit, on average]} of the receipt."""
    rows = browser.execute_script(
        "return [...document.querySelectorAll('.vx-receipt tbody tr')].map((row) =>"
        " [...row.children].map((cell) => cell.textContent))"
    )
    numbers = lambda cells: [float(c) if c else None for c in cells]  # noqa: E731
    return {title: numbers(cells) for title, *cells in rows}


def draw(browser, *places):
    """Draws a stroke on the pad, which is still being drawn."""
    point(browser, "mousePressed", *places[0], selector=".vx-pad")
    for x, y in places[1:]:
        point(browser, "mouseMoved", x, y, selector=".vx-pad")
    wait(browser, FRAMES)


def test_a_test_digit_is_there_from_the_start(browser):
    mean = compute(browser, "return Array.from(VAEBook.encode(name, seen).mean)")
    np.testing.assert_allclose(place(browser), mean, atol=0.006)
    shown, decoded = compute(
        browser,
        "const of = (c) => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]"
        "  .filter((_, i) => i % 4 === 0);"
        "const mean = VAEBook.encode(name, seen).mean;"
        "return [of(document.querySelector('.vx-drawn')),"
        "  Array.from(VAEBook.decode(name, mean))]",
    )
    np.testing.assert_allclose(np.array(shown) / 255, decoded, atol=0.003)
    ink = browser.execute_script(
        "const c = document.querySelector('.vx-pad');"
        "return c.getContext('2d').getImageData(0, 0, 280, 280).data.filter("
        "(v, i) => i % 4 === 0 && v > 128).length"
    )
    assert ink > 3000


@pytest.mark.parametrize("name", explorer.NETWORKS)
def test_the_receipt_adds_up(name, browser):
    choose(browser, name)
    click(browser, NATS)
    for _ in range(3):
        rows = {title: nats[0] for title, nats in read_rows(browser).items()}
        nll, missed, added = (
            rows[title]
            for title in ("reconstruction term (nll)", "ink missed", "ink added")
        )
        assert missed + added == pytest.approx(nll) and min(missed, added) > 0
        if name != "ae":
            kl = rows["KL term (kl)"]
            assert rows["KL of z₁"] + rows["KL of z₂"] == pytest.approx(kl)
            assert nll + kl == pytest.approx(rows["−ELBO"])
        else:
            assert len(rows) == 3
            assert "No KL term" in text_of(browser, ".vx-numbers")
        click(browser, "Test digit")
        wait(browser, FRAMES)


def test_the_receipt_agrees_with_the_terms_and_the_recorded_run(browser):
    rows = read_rows(browser)
    assert list(rows) == ["reconstruction term (nll)", "KL term (kl)", "−ELBO"]
    nats, average = np.array(list(rows.values())).T
    metrics = recorded.load_study("explorer_vae").one.metrics
    expected = [metrics["nll"], metrics["kl"], -metrics["elbo"]]
    np.testing.assert_allclose(average, expected, atol=0.11)
    measured = compute(
        browser,
        "const { nll, kl } = VAEBook.measure(name, seen); return [nll, kl]",
    )
    np.testing.assert_allclose(nats[:2], measured, atol=0.051)


@pytest.mark.parametrize("name", explorer.NETWORKS)
def test_costs_of_pixels_add_up_to_the_terms(name, browser):
    choose(browser, name)
    for digit in (0, 5, 17):
        costs, terms = compute(
            browser,
            "const q = VAEBook.encode(name, seen, digit);"
            "const { pixels, ...sums } = VAEBook.findCosts(name, seen, digit, q);"
            "const ink = Array.from(seen);"
            "return [{ pixels: Array.from(pixels), ink, ...sums },"
            "  VAEBook.measure(name, seen, digit)]",
            name,
            digit,
        )
        pixels, ink = np.array(costs["pixels"]), np.array(costs["ink"])
        assert pixels.min() >= 0
        assert pixels.sum() == pytest.approx(terms["nll"], rel=1e-6)
        assert pixels[ink == 1].sum() == pytest.approx(costs["missed"])
        assert pixels[ink == 0].sum() == pytest.approx(costs["added"])
        if name == "ae":
            assert costs["kl"] is None
        else:
            assert sum(costs["kl"]) == pytest.approx(terms["kl"], rel=1e-5)


def test_the_map_of_costs_has_two_hues_and_words(browser):
    script = (
        "const copy = document.createElement('canvas').getContext('2d', "
        "{ willReadFrequently: true });"
        "copy.drawImage(document.querySelector('.vx-input'), 0, 0);"
        "return [...copy.getImageData(0, 0, 28, 28).data]"
    )
    plain = np.reshape(browser.execute_script(script), (28, 28, 4))
    assert (plain[..., 0] == plain[..., 2]).all()
    assert not browser.find_element("css selector", ".vx-legend").is_displayed()
    click(browser, NATS)
    colours = np.reshape(browser.execute_script(script), (28, 28, 4))
    ink = plain[..., 0] > 128
    red, blue = colours[..., 0].astype(int), colours[..., 2].astype(int)
    assert (red[ink] >= blue[ink]).all() and (red[ink] > blue[ink] + 50).any()
    assert (blue[~ink] >= red[~ink]).all() and (blue[~ink] > red[~ink] + 50).any()
    assert browser.find_element("css selector", ".vx-legend").is_displayed()
    label = browser.find_element("css selector", ".vx-input").get_attribute(
        "aria-label"
    )
    missed, added = re.findall(r"[\d.]+ nats", label)
    rows = read_rows(browser)
    assert float(missed.split()[0]) == pytest.approx(rows["ink missed"][0], abs=0.11)
    assert float(added.split()[0]) == pytest.approx(rows["ink added"][0], abs=0.11)
    button = browser.find_element("css selector", "[aria-expanded]")
    assert button.get_attribute("aria-expanded") == "true"


def test_the_first_stroke_replaces_the_test_digit(browser):
    before = place(browser)
    draw(browser, (0.5, 0.2), (0.5, 0.5), (0.5, 0.8))
    ink = browser.execute_script(
        "const c = document.querySelector('.vx-pad');"
        "return c.getContext('2d').getImageData(0, 0, 280, 280).data.filter("
        "(v, i) => i % 4 === 0 && v > 128).length"
    )
    assert 2500 < ink < 5500  # a bar of 20 by 190 pixels, and no seven
    assert place(browser) != before
    point(browser, "mouseReleased", 0.5, 0.8, selector=".vx-pad", buttons=0)


def test_eight_codes_while_the_pen_moves_and_all_once_it_is_lifted(browser):
    browser.execute_script(
        "window.counts = []; let codes = 0; const { findCosts, logits } = VAEBook;"
        "VAEBook.logits = (...all) => { codes += 1; return logits(...all); };"
        "VAEBook.findCosts = (...all) => { codes = 0; const found = findCosts(...all);"
        " window.counts.push(codes); return found; };"
    )
    draw(browser, (0.4, 0.2), (0.5, 0.5), (0.6, 0.8))
    counts = browser.execute_script("return counts")
    assert counts and set(counts) <= {8, 64} and counts[0] == 8
    point(browser, "mouseReleased", 0.6, 0.8, selector=".vx-pad", buttons=0)
    wait(browser, FRAMES)
    assert browser.execute_script("return counts").pop() == 64


def test_a_drawing_from_elsewhere_is_taken_until_the_pad_is_used(browser):
    script = (
        "const pixels = Float32Array.from(VAEBook.images[arguments[1]],"
        " (v) => (v >= 128 ? 1 : 0)); document.dispatchEvent(new CustomEvent("
        "'vae-book-drawn', { detail: { pixels, digit: 1 } }));"
    )
    mean = "return Array.from(VAEBook.encode(name, seen).mean)"
    browser.execute_script(script, "vae", 1)
    expected = compute(browser, mean, digit=1)
    np.testing.assert_allclose(place(browser), expected, atol=0.006)
    click(browser, "Test digit")
    kept = place(browser)
    browser.execute_script(script, "vae", 0)
    assert place(browser) == kept != tuple(np.round(expected, 2))


def test_an_empty_pad_says_so(browser):
    click(browser, NATS)
    click(browser, "Clear")
    assert "There is nothing on the pad" in text_of(browser, ".vx-wish")
    assert text_of(browser, ".vx-numbers") == ""
    assert not browser.find_element("css selector", ".vx-input").is_displayed()
    posterior = browser.find_element("xpath", "//button[text()='Sample q(z|x)']")
    assert not posterior.is_enabled()
    assert not browser.find_elements("css selector", ".vx-ellipse")
    click(browser, "Test digit")
    assert text_of(browser, ".vx-wish") == "" and posterior.is_enabled()


def test_all_ink_is_no_digit(browser):
    click(browser, "Clear")
    for y in np.arange(0.02, 1, 0.05):
        point(browser, "mousePressed", 0.01, y, selector=".vx-pad")
        point(browser, "mouseMoved", 0.99, y, selector=".vx-pad")
        point(browser, "mouseReleased", 0.99, y, selector=".vx-pad", buttons=0)
    wait(browser, FRAMES)
    assert "nearly all ink" in text_of(browser, ".vx-wish")


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


@pytest.mark.parametrize("name", ["beta_0.1", "cvae"])
def test_another_network_encodes_what_is_on_the_pad(name, browser):
    choose(browser, name)
    script = "return Array.from(VAEBook.encode(name, seen, digit).mean)"
    np.testing.assert_allclose(
        place(browser), compute(browser, script, name), atol=0.006
    )
    told = "conditioned on the digit 7" in text_of(browser, ".vx-wish")
    assert told is (name == "cvae")


def test_a_conditional_network_draws_ten_digits(browser):
    ten = browser.find_element("css selector", ".vx-ten")
    assert not ten.is_displayed()
    choose(browser, "cvae")
    assert ten.is_displayed() and ten.get_attribute("width") == "280"
    drawn = []
    for digit in "17":
        choose(browser, digit)
        drawn.append(
            browser.execute_script(
                "return document.querySelector('.vx-drawn').toDataURL()"
            )
        )
    assert drawn[0] != drawn[1]


def test_samples_come_from_where_they_say(browser):
    for text in ("Sample from the prior", "Sample q(z|x)"):
        places = []
        for _ in range(20):
            click(browser, text)
            places.append(place(browser))
        assert len(set(places)) > 15
    mean, deviation = compute(
        browser,
        "const { mean, logVar } = VAEBook.encode(name, seen);"
        "return [Array.from(mean), Array.from(logVar, (v) => Math.exp(v / 2))]",
    )
    assert (np.abs(np.subtract(places, mean)) < 5 * np.array(deviation) + 0.01).all()
    choose(browser, "ae")
    for text in ("Sample from the prior", "Sample q(z|x)"):
        button = browser.find_element("xpath", f"//button[text()='{text}']")
        assert not button.is_displayed()


def test_terms_are_said_once_when_the_pen_rests(browser):
    wait(browser, SETTLED)
    browser.execute_script(
        "window.said = []; new MutationObserver(() => said.push("
        "document.querySelector('.vw-said[role]').textContent)).observe("
        "document.querySelector('.vw-said[role]'), {childList: true});"
    )
    for _ in range(3):
        click(browser, "Test digit")
    wait(browser, SETTLED)
    (said,) = browser.execute_script("return said")
    rows = read_rows(browser)
    assert said.startswith("In nats: ") and f"−ELBO {rows['−ELBO'][0]}" in said
    live = browser.find_elements("css selector", ".vx-numbers [aria-live], [aria-live]")
    assert live == []


def test_a_loaded_machine_keeps_up_with_the_pen(browser):
    """Counts work, not seconds: one reading of the pad a frame, however many events."""
    browser.execute_script(
        "window.reads = 0; const { encode } = VAEBook;"
        "VAEBook.encode = (...all) => { window.reads += 1; return encode(...all); };"
    )
    reads = wait(
        browser,
        "const pad = document.querySelector('.vx-pad');"
        "pad.setPointerCapture = () => 0;"
        "const box = pad.getBoundingClientRect();"
        "const go = (kind, i) => pad.dispatchEvent(new PointerEvent(kind, {"
        " clientX: box.left + 40 + i, clientY: box.top + 40 + i, isPrimary: true,"
        " buttons: 1 }));"
        "go('pointerdown', 0); for (let i = 1; i < 50; i++) go('pointermove', i);"
        f"{FRAMES}; return window.reads",
    )
    assert reads == 1
