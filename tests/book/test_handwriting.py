"""The handwriting widget in headless Chromium, and its agreement with Keras."""

import gzip
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import handwriting as extension
import numpy as np
import page_networks
import pytest
from PIL import Image
from selenium.webdriver.support.ui import WebDriverWait

from vae_utils import explorer, handwriting, latent
from vae_utils.handwriting.scripts import MODEL, STUDY
from vae_utils.runs import recorded

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
HEAD = '<meta charset="utf-8"><title>Handwriting</title>'
FALLBACK = "Ten digits, as a picture."


def write_page(file, body, head=HEAD):
    file.write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>',
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of the site with the widget alone, in a folder with a space."""
    folder = tmp_path_factory.mktemp("hand writing")
    list(explorer.write_scripts(folder / "_static" / "explorer"))
    list(handwriting.write_scripts(folder / "_static" / "handwriting"))
    scripts = (
        f'<script defer src="_static/{name}"></script>'
        for name in extension.list_scripts()
    )
    styles = (
        f'<link rel="stylesheet" href="_static/{name}">'
        for name in extension.list_styles()
    )
    body = (
        '<div class="vae-widget vae-handwriting" id="hand">'
        f'<div class="vh-room"><noscript>{FALLBACK}</noscript></div></div>'
    )
    return write_page(folder / "index.html", body, HEAD + "".join((*styles, *scripts)))


@pytest.fixture(scope="module")
def opened(open_browser, page):
    browser = open_browser()
    browser.get(page.as_uri())
    wait_for_network(browser)
    return browser


@pytest.fixture
def browser(opened):
    """Reloads the page, and waits for the network."""
    opened.refresh()
    wait_for_network(opened)
    return opened


@pytest.fixture(scope="module")
def shown():
    """The recorded network with the weights that the page has."""
    return page_networks.load_shown(STUDY, handwriting.make_script())


def wait_for_network(browser):
    WebDriverWait(browser, 20).until(
        lambda b: b.execute_script("return Boolean(window.VAEBook?.models?.hand)")
    )
    settle(browser)


def find(browser, selector):
    return browser.find_element("css selector", selector)


def click(browser, text):
    browser.find_element("xpath", f"//button[text()='{text}']").click()


def settle(browser):
    """Waits until what a pen or the layout has asked for is painted."""
    browser.execute_async_script(
        "const done = arguments[0];"
        "requestAnimationFrame(() => requestAnimationFrame(() => done()))"
    )


def draw(browser, *strokes):
    """Draws lines through points, shares of the pad."""
    browser.execute_script(
        "const pad = document.querySelector('.vh-pad');"
        "pad.setPointerCapture = () => 0; const box = pad.getBoundingClientRect();"
        "const go = (kind, [x, y]) => pad.dispatchEvent(new PointerEvent(kind, "
        "{clientX: box.left + x * box.width, clientY: box.top + y * box.height,"
        " pointerId: 1, isPrimary: true, button: 0, buttons: 1}));"
        "for (const stroke of arguments[0]) { go('pointerdown', stroke[0]);"
        " for (const place of stroke) go('pointermove', place);"
        " go('pointerup', stroke.at(-1)); }",
        strokes,
    )
    settle(browser)


def card(browser):
    settle(browser)
    return browser.execute_script(
        "return document.querySelector('.vh-card').toDataURL()"
    )


ONE = [[0.5, 0.15], [0.5, 0.85]]
SEVEN = [[0.25, 0.2], [0.75, 0.2], [0.4, 0.85]]


def test_the_network_is_small_and_whole():
    script = handwriting.make_script()
    assert len(gzip.compress(script.encode())) < 100_000  # bytes
    _, packed = page_networks.read_script(script)
    arrays = sum(explorer.decompress(packed).values(), [])
    parameters = recorded.load_study(STUDY).one.metrics["parameters"]
    assert sum(map(np.size, arrays)) == parameters


def test_the_ten_digits_are_those_of_keras(opened, shown):
    arrays = recorded.load_arrays("explorer_vae")
    x = (arrays["images"] >= 128).astype(np.float32)[..., None]
    labels = arrays["image_labels"].astype(int)
    z = latent.encode_mean(shown, x, labels)
    expected = np.stack(
        [latent.decode(shown, z, np.full(len(z), digit)) for digit in range(10)], 1
    )
    found = opened.execute_script(
        "const [x, y] = arguments; return x.map((image, i) => "
        "VAEBook.hand.writeTen(image, y[i]).map((each) => Array.from(each)))",
        x.reshape(len(x), -1).tolist(),
        labels.tolist(),
    )
    shape = (len(x), 10, 784)
    np.testing.assert_allclose(found, expected.reshape(shape), rtol=0, atol=1e-4)
    assert np.ptp(expected) > 0.9  # there is something to see


def test_the_digit_is_found_by_the_smallest_cost(opened):
    arrays = recorded.load_arrays("explorer_vae")
    x = (arrays["images"] >= 128).astype(int).reshape(-1, 784).tolist()
    found, costs = opened.execute_script(
        "return [arguments[0].map(VAEBook.hand.findDigit), arguments[0].map((x) => "
        "VAEBook.hand.DIGITS.map((digit) => { const { nll, kl } = "
        "VAEBook.measure('hand', x, digit, 1); return nll + kl; }))]",
        x,
    )
    np.testing.assert_array_equal(found, np.argmin(costs, axis=1))
    assert np.mean(found == arrays["image_labels"]) > 0.9


def test_the_card_starts_with_a_test_digit(browser):
    settle(browser)
    assert find(browser, ".vh-answer").text.startswith("Test digit")
    assert find(browser, ".vh-invitation").is_displayed()
    label = find(browser, ".vh-card").get_attribute("aria-label")
    assert re.match(r"The digits 0 to 9 in the hand of this \d", label)
    shades = browser.execute_script(
        "const c = document.querySelector('.vh-card');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "let dark = 0; for (let i = 0; i < d.length; i += 4) dark += d[i] < 100;"
        "return dark / (c.width * c.height)"
    )
    assert 0.02 < shades < 0.4  # share of ink


def open_without_network(open_browser, page, tmp_path):
    """Opens the page where the network's script is missing."""
    copy = tmp_path / "copy"
    shutil.copytree(page.parent, copy)
    (copy / "_static" / "handwriting" / MODEL).unlink()
    browser = open_browser()
    browser.get((copy / page.name).as_uri())
    WebDriverWait(browser, 20).until(
        lambda b: "is missing" in find(b, ".vh-problem").text
    )
    return browser


def test_a_drawing_waits_for_the_network(open_browser, page, tmp_path):
    browser = open_without_network(open_browser, page, tmp_path)
    draw(browser, SEVEN)
    label = find(browser, ".vh-card").get_attribute("aria-label")
    assert label == "An empty card"
    assert "is missing" in find(browser, ".vh-problem").text
    assert not find(browser, ".vh-answer").is_displayed()
    save = browser.find_element("xpath", "//button[text()='Save as picture']")
    assert not save.is_enabled()
    browser.close()


def test_the_network_is_not_asked_before_it_is_there(opened):
    """A page whose network comes late shows the pad, then the card."""
    opened.refresh()
    script = (
        "const done = arguments[0]; const seen = [];"
        "const look = () => { const card = document.querySelector('.vh-card');"
        " if (card) seen.push([Boolean(VAEBook.models.hand),"
        "  card.getAttribute('aria-label')]);"
        " if (seen.length && seen.at(-1)[0] && seen.at(-1)[1] !== 'An empty card')"
        "  done(seen); else setTimeout(look, 1); }; look()"
    )
    seen = opened.execute_async_script(script)
    assert all(label == "An empty card" for there, label in seen if not there)
    assert seen[-1][1].startswith("The digits 0 to 9")


def test_the_card_changes_with_the_drawing(browser):
    cards = [card(browser)]
    click(browser, "Another test digit")
    cards.append(card(browser))
    draw(browser, ONE)
    cards.append(card(browser))
    assert not find(browser, ".vh-invitation").is_displayed()
    draw(browser, [[0.3, 0.85], [0.7, 0.85]])
    cards.append(card(browser))
    assert len(set(cards)) == len(cards)


def test_a_drawing_starts_afresh_on_a_test_digit(browser):
    before = card(browser)
    draw(browser, [[0.5, 0.15], [0.5, 0.3]], [[0.5, 0.3], [0.5, 0.85]])
    rows = browser.execute_script(
        "const pad = document.querySelector('.vh-pad');"
        "const { data } = pad.getContext('2d').getImageData(0, 0, 280, 280);"
        "const ink = []; for (let x = 0; x < 280; x++)"
        "  ink.push(data[4 * (140 * 280 + x)] > 128 && data[4 * (70 * 280 + x)] > 128);"
        "return ink"
    )
    (columns,) = np.nonzero(rows)
    assert card(browser) != before
    assert 15 <= len(columns) <= 25 and columns.mean() == pytest.approx(140, abs=2)


def test_the_digit_is_found_and_can_be_corrected(browser):
    from selenium.webdriver.support.ui import Select

    draw(browser, ONE)
    choice = Select(find(browser, ".vh-answer select"))
    assert choice.first_selected_option.text == "1"
    assert find(browser, ".vh-answer").text.startswith("You drew")
    before = card(browser)
    choice.select_by_visible_text("7")
    assert card(browser) != before
    assert "this 7" in find(browser, ".vh-card").get_attribute("aria-label")
    draw(browser, [[0.4, 0.5], [0.6, 0.5]])  # what the reader said is kept
    assert choice.first_selected_option.text == "7"
    click(browser, "Clear")
    draw(browser, ONE)
    assert choice.first_selected_option.text == "1"


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([], "There is nothing on the pad yet"),
        ([[[0, y], [1, y]] for y in np.arange(0, 1, 0.03).tolist()], "nearly all ink"),
    ],
    ids=["empty", "all ink"],
)
def test_what_is_no_digit_is_answered_by_a_sentence(strokes, sentence, browser):
    click(browser, "Clear")
    draw(browser, *strokes)
    assert sentence in find(browser, ".vh-problem").text
    assert not find(browser, ".vh-answer").is_displayed()
    save = browser.find_element("xpath", "//button[text()='Save as picture']")
    assert not save.is_enabled()
    click(browser, "Another test digit")
    assert find(browser, ".vh-problem").text == "" and save.is_enabled()


def test_save_gives_a_picture(browser, tmp_path):
    from selenium.webdriver.support.ui import WebDriverWait

    command = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", command)
    draw(browser, SEVEN)
    click(browser, "Save as picture")
    file = tmp_path / "my-handwriting-ten-digits.png"
    WebDriverWait(browser, 20).until(lambda _: file.exists())
    with Image.open(file) as picture:
        assert picture.size == (1200, 630)
        pixels = np.asarray(picture.convert("L"), float)
    own, ten = pixels[140:410, 65:335], pixels[80:470, 400:1140]
    assert (own < 100).mean() > 0.03 and (ten < 100).mean() > 0.03
    assert find(browser, ".vh-message").text == "Saved."


def test_a_refused_copy_is_answered_and_a_copy_is_a_picture(browser):
    browser.execute_script(
        "window.kinds = []; navigator.clipboard.write = async ([item]) => {"
        "  kinds.push(...item.types); if (kinds.length > 1) throw new Error(); }"
    )
    for told in ("Copied.", "The browser does not allow copying here."):
        click(browser, "Copy")
        settle(browser)
        assert find(browser, ".vh-message").text.startswith(told)
    assert browser.execute_script("return kinds[0]") == "image/png"


def test_a_drawing_is_handed_on_once_the_pen_rests(browser):
    browser.execute_script(
        "window.handed = []; document.addEventListener('vae-book-drawn', "
        "({ detail }) => handed.push([detail.digit, Array.from(detail.pixels)]))"
    )
    wait = (
        "const done = arguments[0]; const since = performance.now(); (function look() {"
        "if (handed.length || performance.now() - since > 5000) done(handed);"
        "else requestAnimationFrame(look); })()"
    )
    draw(browser, ONE)
    ((digit, pixels),) = browser.execute_async_script(wait)
    assert digit == 1 and len(pixels) == 784 and set(pixels) == {0, 1}
    assert "The network sees a 1." in browser.execute_script(
        "return document.querySelector('.vw-said').textContent"
    )


def test_everything_can_be_done_by_keyboard(browser):
    from selenium.webdriver.common.keys import Keys

    reached = []
    for _ in range(5):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        reached.append(active.text if active.tag_name == "button" else active.tag_name)
    expected = ["Clear", "Another test digit", "Save as picture", "Copy", "select"]
    assert reached == expected
    label = browser.execute_script(
        "return document.querySelector('.vh-answer select').labels[0].textContent"
    )
    assert label == "Test digit"


@pytest.mark.parametrize("width", [320, 390, 740, 1440])
def test_the_widget_fits_the_window(width, open_browser, page):
    narrow = open_browser(width, 900)
    narrow.get(page.as_uri())
    settle(narrow)
    whole, pad, right = narrow.execute_script(
        "const box = (name) => document.querySelector(name).getBoundingClientRect();"
        "return [document.documentElement.scrollWidth, box('.vh-paper').bottom,"
        "box('.vh-card').top]"
    )
    assert whole <= width
    assert (right < pad) == (width >= 740)  # side by side
    narrow.close()


@pytest.mark.parametrize("media", ["screen", "print", "forced colours"])
def test_the_drawing_is_seen_in_every_medium(media, browser):
    forced = "active" if media == "forced colours" else "none"
    features = [{"name": "forced-colors", "value": forced}]
    kind = "print" if media == "print" else "screen"
    command = {"media": kind, "features": features}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", command)
    try:
        draw(browser, ONE)
        taken = find(browser, ".vh-paper").screenshot_as_png
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    with Image.open(io.BytesIO(taken)) as picture:
        grey = np.asarray(picture.convert("L"), float)
    assert 0.02 < (grey < 110).mean() < 0.2 and np.median(grey) > 200


def test_the_fallback_is_shown_where_scripts_are_off(open_browser, page):
    browser = open_browser(390, 900, "--blink-settings=scriptEnabled=false")
    browser.get(page.as_uri())
    shown = find(browser, "noscript")  # Selenium's `text` leaves it out
    assert shown.get_property("innerText") == FALLBACK and shown.rect["height"] > 10
    browser.close()


def test_cells_carry_all_they_need(open_browser, tmp_path):
    body = handwriting.make_html("first") + handwriting.make_html("second")
    browser = open_browser()
    browser.get(write_page(tmp_path / "index.html", body).as_uri())
    settle(browser)
    cards = browser.find_elements("css selector", ".vh-card")
    assert len(cards) == 2 and all(c.get_attribute("aria-label") for c in cards)
    script = "return performance.getEntriesByType('resource').length"
    assert browser.execute_script(script) == 0
    assert browser.get_log("browser") == []
    browser.close()


def test_a_page_with_both_widgets_loads_nothing_twice(tmp_path):
    (tmp_path / "conf.py").write_text(
        'extensions = ["myst_parser", "explorer", "handwriting"]'
    )
    both = "```{vae-handwriting}\nA picture.\n```\n\n```{vae-explorer}\nA map.\n```\n"
    (tmp_path / "index.md").write_text(f"# A page\n\n{both}")
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", tmp_path, tmp_path / "html"],
        env=os.environ | {"PYTHONPATH": f"{EXTENSIONS}:{EXTENSIONS.parents[1]}"},
        check=True,
    )
    text = (tmp_path / "html" / "index.html").read_text("utf-8")
    loaded = re.findall(r'<script[^>]* src="_static/([^"?]+)', text)
    assert len(set(loaded)) == len(loaded)
    expected = ["explorer/network.js", "explorer/index.js"]
    expected += ["handwriting/handwriting.js", "explorer/explorer.js"]
    places = [loaded.index(name) for name in expected]
    assert places == sorted(places)
    fetched = ["explorer/model_vae.js", "handwriting/model_hand.js"]
    for name in [*expected, *fetched]:
        assert (tmp_path / "html" / "_static" / name).is_file()
    first, then = (re.search(rf'"(\S+/)?_static/{name}"', text) for name in fetched)
    assert first.start() < text.index("</head>") < then.start()  # fetched, not run
    assert "<noscript><p>A picture.</p>" in re.sub(r"\s*\n\s*", "", text)


def test_the_browser_has_nothing_to_complain_about(browser):
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("dimensions", [3, 8, 16])
def test_the_noise_stands_for_a_standard_normal(dimensions, opened):
    noise = np.array(opened.execute_script(f"return VAEBook.noiseOf({dimensions})"))
    assert noise.shape == (64, dimensions)
    np.testing.assert_allclose(noise.mean(axis=0), 0, atol=1e-9)
    covariance = noise.T @ noise / len(noise)
    np.testing.assert_allclose(covariance, np.eye(dimensions), atol=0.17)
