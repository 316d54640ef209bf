"""The painter in a browser, compared with the model in Keras."""

import re

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose, assert_array_equal
from tiny_painter import make_prior
from widget_pages import (
    allow_scripts,
    open_without_scripts,
    overflow,
    wait_until,
    write_page,
)

from vae_utils.code_painter import page
from vae_utils.code_painter.patches import make_patches
from vae_utils.export.javascript import script

GRID, CODES = (7, 7), 8
EMPTY = -1
RNG = np.random.default_rng(0)
STARTS = {name: RNG.integers(0, CODES, GRID, np.int32) for name in ("one", "two")}
READ = """
const root = document.getElementById("painter");
const labels = [...root.querySelectorAll("[role=gridcell]")].map((c) => c.ariaLabel);
const read = ({ width, height }, i, all) => {
  const pen = Object.assign(document.createElement("canvas"), { width, height })
    .getContext("2d", { willReadFrequently: true });
  pen.drawImage(all[i], 0, 0);
  return Array.from(pen.getImageData(0, 0, width, height).data);
};
const [mosaic, image] = [...root.querySelectorAll("figure canvas")].map(read);
return {
  labels, image, mosaic,
  values: [...root.querySelectorAll(".cp-value")].map((c) => parseFloat(c.textContent)),
  caption: root.querySelector("caption").textContent,
  message: root.querySelector(".cp-message").textContent,
}"""


@pytest.fixture(scope="module")
def model():
    return make_prior()


@pytest.fixture(scope="module")
def address(model, tmp_path_factory):
    html = page.make_html("painter", model, STARTS)
    return write_page(tmp_path_factory.mktemp("painter"), html)


@pytest.fixture(scope="module")
def opened(open_browser):
    return open_browser(800, 1300)


@pytest.fixture
def browser(opened, address):
    opened.get(address)
    yield opened
    assert opened.get_log("browser") == []


def settle(browser):
    """Waits until nothing has changed for a while, and returns what is shown."""
    return browser.execute_async_script(
        "const done = arguments[0]; const root = document.getElementById('painter');"
        "let timer; const ask = () => { clearTimeout(timer);"
        "timer = setTimeout(() => { watcher.disconnect(); done(read()); }, 400); };"
        "const watcher = new MutationObserver(ask); const all = { subtree: true,"
        "childList: true, attributes: true, characterData: true };"
        "watcher.observe(root, all); ask();"
        f"function read() {{ {READ} }}"
    )


def codes_of(shown):
    """Reads the codes from the names of the cells."""
    found = [re.search(r"code (\d+)", label) for label in shown["labels"]]
    return np.array([int(m[1]) if m else EMPTY for m in found], np.int32)


def nats_of(shown):
    """Reads the nats from the names of the cells, NaN where there are none."""
    found = [re.search(r"costs ([\d.]+) nats", label) for label in shown["labels"]]
    return np.array([float(m[1]) if m else np.nan for m in found])


def pixels_of(shown):
    pixels = np.array(shown["image"]).reshape(28, 28, 4)
    assert (pixels[..., 0] == pixels[..., 1]).all()
    return pixels[..., 0], pixels[..., 3]


def decode(model, codes):
    codes = np.reshape(codes, (-1, *GRID)).astype(np.int32)
    return ops.convert_to_numpy(model.decode(model.take_codes(codes)))[..., 0]


def predict(model, codes):
    """Computes −log p of all codes at all places, shape (places, codes)."""
    codes = np.reshape(codes, (-1, *GRID)).astype(np.int32)
    logits = ops.log_softmax(model.predict_codes(codes))
    return -ops.convert_to_numpy(logits).reshape(-1, CODES)


def nats(model, codes):
    return predict(model, codes)[np.arange(codes.size), codes.ravel()]


def check_what_is_shown(model, shown, codes):
    """Compares image and costs with Keras."""
    codes = np.ravel(codes)
    assert_array_equal(codes_of(shown), codes)
    pixels, alphas = pixels_of(shown)
    assert (alphas == 255).all()
    assert_allclose(pixels, 255 * decode(model, codes)[0], atol=2)
    expected = nats(model, codes)
    assert_allclose(nats_of(shown), expected, rtol=1e-2, atol=0.02)
    totals = [expected.sum(), 49 * np.log(CODES)]
    assert_allclose(shown["values"], totals, rtol=1e-2)


def draw_uniform(seed):
    """Yields the numbers of `VAEBook.makeUniform`."""
    mask, state = 0xFFFFFFFF, seed

    def multiply(a, b):
        return (a * b) & mask

    while True:
        state = (state + 0x6D2B79F5) & mask
        mixed = multiply(state ^ (state >> 15), 1 | state)
        mixed ^= (mixed + multiply(mixed ^ (mixed >> 7), 61 | mixed)) & mask
        yield ((mixed ^ (mixed >> 14)) & mask) / 2**32


def check_draws(model, codes, places, seed):
    """Checks that each code is where its number falls among the probabilities."""
    numbers = draw_uniform(seed)
    given = codes.copy()
    for place in places:
        ends = np.cumsum(np.exp(-predict(model, given)[place]))
        code, number = codes[place], next(numbers)
        low = ends[code - 1] if code else 0
        assert low - 5e-3 <= number <= ends[code] + 5e-3


def cell(browser, row, column):
    cells = browser.find_elements("css selector", "#painter [role=gridcell]")
    return cells[row * GRID[1] + column]


def click(browser, text):
    xpath = f"//*[self::button or self::span][text()='{text}']"
    browser.find_element("xpath", xpath).click()


def pick(browser, code):
    swatch = f".cp-palette input[value='{code}'] + span"
    browser.find_element("css selector", swatch).click()


def finish(browser, words="has drawn"):
    """Waits until the codes are drawn."""
    wait_until(
        browser,
        "return document.querySelector('.cp-message').textContent.includes("
        "arguments[0])",
        words,
        seconds=60,
    )
    return settle(browser)


def test_the_networks_compute_what_keras_does(model, browser):
    described, weights = script.pack(page._build_functions(model), page.FLOATS)
    codes = np.random.default_rng(1).integers(0, CODES, 49)
    image, costs = browser.execute_script(
        "const [packed, weights, codes] = arguments;"
        "const networks = VAEBook.painter.makeNetworks(packed, weights);"
        "const grid = Int32Array.from(codes);"
        "return [networks.decode(grid), networks.predict(grid)].map((a) => [...a])",
        {"network": described, "codes": CODES, "blank": 0},
        weights,
        codes.tolist(),
    )
    assert_allclose(image, decode(model, codes).ravel(), atol=2 / 255)
    expected = predict(model, codes)
    assert np.ptp(expected) > 2
    assert_allclose(np.reshape(costs, expected.shape), expected, rtol=1e-2, atol=5e-3)


def test_starts_show_their_image_and_what_they_cost(model, browser):
    check_what_is_shown(model, settle(browser), STARTS["one"])
    click(browser, "two")
    shown = settle(browser)
    check_what_is_shown(model, shown, STARTS["two"])
    assert shown["caption"] == "Cost of this grid, 49 codes: −log p(k)"
    mosaic = np.array(shown["mosaic"]).reshape(56, 56, 4)[..., 0]
    patches = make_patches(model)[STARTS["two"]][..., 0]
    assert_array_equal(mosaic, patches.swapaxes(1, 2).reshape(56, 56))


def test_clicks_and_strokes_paint(model, browser):
    from selenium.webdriver import ActionChains

    codes = STARTS["one"].copy()
    pick(browser, 5)
    cell(browser, 2, 3).click()
    codes[2, 3] = 5
    check_what_is_shown(model, settle(browser), codes)
    pick(browser, 6)
    first, last = cell(browser, 4, 1), cell(browser, 4, 5)
    ActionChains(browser, duration=0).click_and_hold(first).move_to_element(
        last
    ).release().perform()
    codes[4, 1:6] = 6  # also those that the pointer jumped over
    check_what_is_shown(model, settle(browser), codes)
    click(browser, "Undo")
    codes[4, 1:6] = STARTS["one"][4, 1:6]
    check_what_is_shown(model, settle(browser), codes)
    pick(browser, 7)
    cell(browser, 0, 0).click()
    click(browser, "Reset")
    check_what_is_shown(model, settle(browser), STARTS["one"])
    click(browser, "Undo")
    codes[0, 0] = 7
    check_what_is_shown(model, settle(browser), codes)


def test_a_finger_paints(model, browser):
    pick(browser, 4)
    boxes = [cell(browser, 6, column).rect for column in (0, 2)]
    points = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]
    points = [{"x": x, "y": y} for x, y in points]
    for kind, touches in (
        ("touchStart", points[:1]),
        ("touchMove", points[1:]),
        ("touchEnd", []),
    ):
        event = {"type": kind, "touchPoints": touches}
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", event)
    codes = STARTS["one"].copy()
    codes[6, :3] = 4
    check_what_is_shown(model, settle(browser), codes)


def test_the_keyboard_paints_and_erases(model, browser):
    from selenium.webdriver.common.keys import Keys

    pick(browser, 3)
    palette = browser.find_element("css selector", ".cp-palette input:checked")
    palette.send_keys(Keys.ARROW_RIGHT)
    code = 4
    cell(browser, 0, 0).send_keys(
        Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER
    )
    browser.switch_to.active_element.send_keys(Keys.HOME, Keys.SPACE)
    codes = STARTS["one"].copy()
    codes[2, :2] = code
    check_what_is_shown(model, settle(browser), codes)
    focused = browser.switch_to.active_element
    assert focused.get_attribute("aria-label").startswith(
        f"Row 3, column 1: code {code} "
    )
    focused.send_keys(Keys.END, Keys.ARROW_DOWN, Keys.DELETE)
    shown = settle(browser)
    codes[3, 6], codes[4:] = EMPTY, EMPTY
    assert_array_equal(codes_of(shown), codes.ravel())
    assert_allclose(shown["values"][1], 27 * np.log(CODES), atol=0.1)
    assert shown["caption"].startswith("Cost of the first 27 codes")


def test_empty_cells_stay_open_and_cost_nothing(model, browser):
    pick(browser, EMPTY)
    cell(browser, 1, 2).click()
    shown = settle(browser)
    codes = STARTS["one"].ravel().copy()
    codes[9:] = EMPTY
    assert_array_equal(codes_of(shown), codes)
    _, alphas = pixels_of(shown)
    is_open = np.kron((codes == EMPTY).reshape(GRID), np.ones((4, 4)))
    assert_array_equal(alphas == 0, is_open == 1)
    expected = nats(model, STARTS["one"])[:9]
    assert_allclose(nats_of(shown)[:9], expected, rtol=1e-2, atol=0.02)
    assert np.isnan(nats_of(shown)[9:]).all()
    assert shown["labels"][9] == "Row 2, column 3: empty"


def test_the_prior_finishes_what_is_there(model, browser):
    click(browser, "Erase the lower half")
    pick(browser, 2)
    cell(browser, 5, 3).click()  # an island, which is kept
    click(browser, "Let the prior finish it")
    first = finish(browser)
    codes = codes_of(first)
    assert first["message"] == "The learned prior has drawn 27 codes."
    check_what_is_shown(model, first, codes)
    assert_array_equal(codes[:21], STARTS["one"].ravel()[:21])
    island = 5 * 7 + 3
    assert codes[island] == 2
    drawn = [place for place in range(21, 49) if place != island]
    check_draws(model, codes, drawn, seed=1)
    click(browser, "Again")
    second = codes_of(finish(browser))
    kept = [*range(21), island]
    assert_array_equal(second[kept], codes[kept])
    assert (second != codes).any()
    check_draws(model, second, drawn, seed=2)
    click(browser, "Undo")
    assert_array_equal(codes_of(settle(browser)), codes)


def test_uniform_codes_ignore_the_others(model, browser):
    click(browser, "Erase the lower half")
    click(browser, "Uniform codes")
    shown = finish(browser)
    codes = codes_of(shown)
    check_what_is_shown(model, shown, codes)
    numbers = draw_uniform(1)
    expected = [int(CODES * next(numbers)) for _ in range(28)]
    assert_array_equal(codes[21:], expected)
    click(browser, "Again")
    assert finish(browser)["message"] == "The uniform prior has drawn 28 codes."


def test_drawing_can_be_stopped_and_resumed(browser):
    from selenium.webdriver.common.keys import Keys

    cell(browser, 0, 0).send_keys(Keys.DELETE)
    click(browser, "Let the prior finish it")
    count = (
        "return [...document.querySelectorAll('[role=gridcell]')]"
        ".filter((c) => c.ariaLabel.includes('code')).length"
    )
    wait_until(browser, f"{count} >= 2")
    click(browser, "Stop")
    shown = finish(browser, "Stopped.")
    codes = codes_of(shown)
    left = (codes == EMPTY).sum()
    assert 0 < left < 49 and (codes[: 49 - left] != EMPTY).all()
    assert len(shown["labels"]) - np.isnan(nats_of(shown)).sum() == 49 - left
    click(browser, "Let the prior finish it")
    resumed = codes_of(finish(browser))
    assert_array_equal(resumed[: 49 - left], codes[: 49 - left])
    click(browser, "Again")
    again = codes_of(finish(browser, "has drawn 49 codes"))
    assert (again != resumed).any()


def test_without_motion_only_the_result_is_shown(model, browser):
    media = "Emulation.setEmulatedMedia"
    reduce = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.execute_cdp_cmd(media, {"features": reduce})
    try:
        click(browser, "Erase the lower half")
        settle(browser)
        browser.execute_script(
            "window.seen = new Set();"
            "const cells = document.querySelector('.cp-cells');"
            "new MutationObserver(() => seen.add(cells.querySelectorAll("
            "'.cp-empty').length)).observe(cells, {subtree: true, attributes: true})"
        )
        click(browser, "Let the prior finish it")
        codes = codes_of(finish(browser))
        assert set(browser.execute_script("return [...seen]")) <= {28, 0}
        check_draws(model, codes, range(21, 49), seed=1)
    finally:
        browser.execute_cdp_cmd(media, {"features": []})


def test_cells_can_be_shaded_by_their_nats(model, browser):
    browser.find_element("css selector", ".cp-check input").click()
    settle(browser)
    texts = [
        float(each.text)
        for each in browser.find_elements("css selector", ".cp-cells .cp-shaded")
    ]
    assert_allclose(texts, nats(model, STARTS["one"]), rtol=1e-2, atol=0.06)


def test_the_cell_that_is_pointed_at_is_described(model, browser):
    from selenium.webdriver import ActionChains

    settle(browser)
    ActionChains(browser).move_to_element(cell(browser, 3, 5)).perform()
    text = browser.find_element("css selector", ".cp-cell").text
    code = STARTS["one"][3, 5]
    assert text.startswith(f"Row 4, column 6: code {code} costs ")
    assert text.endswith(" nats, given those before it (uniform: 2.08).")


def test_buttons_that_are_off_say_so_and_keep_the_focus(browser):
    names = {
        button.text: button.get_attribute("aria-disabled") == "true"
        for button in browser.find_elements("css selector", "#painter button")
    }
    off = {name for name, is_off in names.items() if is_off}
    assert off == {
        "Let the prior finish it",
        "Uniform codes",
        "Again",
        "Stop",
        "Undo",
        "Reset",
    }
    click(browser, "Undo")
    assert_array_equal(codes_of(settle(browser)), STARTS["one"].ravel())
    click(browser, "Erase the lower half")
    click(browser, "Undo")
    assert browser.switch_to.active_element.text == "Undo"


def test_changes_are_announced_once_after_a_pause(browser):
    settle(browser)
    browser.execute_script(
        "window.said = []; const node = document.querySelector('output');"
        "new MutationObserver(() => said.push(node.textContent))"
        ".observe(node, {childList: true});"
    )
    for column in (1, 2, 3):
        cell(browser, 0, column).click()
    (text,) = wait_until(browser, "return said.length && said")
    assert re.fullmatch(
        r"Cost of this grid, 49 codes: [\d.]+ nats under the learned prior, "
        r"101.9 under the uniform prior.",
        text,
    )


@pytest.mark.parametrize("width", [390, 1000])
def test_it_fits_the_window_whatever_the_model(width, open_browser, tmp_path):
    model = make_prior((30, 45, 3), codes=256)
    rng = np.random.default_rng(0)
    starts = {
        "noise": rng.integers(0, 256, model.grid),
        "one code": np.zeros(model.grid, int),
    }
    html = page.make_html("painter", model, starts)
    narrow = open_browser(width, 900)
    narrow.get(write_page(tmp_path, html))
    colours = settle(narrow)["image"]
    assert overflow(narrow) <= 0
    image = narrow.find_element("css selector", ".cp-image canvas")
    assert [image.get_property(side) for side in ("width", "height")] == [45, 30]
    codes = starts["noise"][None].astype(np.int32)
    expected = ops.convert_to_numpy(model.decode(model.take_codes(codes)))[0]
    found = np.reshape(colours, (30, 45, 4))[..., :3]
    assert_allclose(found, 255 * expected, atol=2)
    narrow.find_element("css selector", ".cp-check input").click()
    click(narrow, "Erase the lower half")
    click(narrow, "Let the prior finish it")
    finish(narrow)
    assert overflow(narrow) <= 0
    assert narrow.get_log("browser") == []
    narrow.close()


def test_two_painters_share_a_page(model, opened, tmp_path):
    htmls = [page.make_html(name, model, STARTS) for name in ("painter", "other")]
    opened.get(write_page(tmp_path, *htmls))
    opened.find_element(
        "xpath", "//*[@id='other']//button[text()='Erase the lower half']"
    ).click()
    assert_array_equal(codes_of(settle(opened)), STARTS["one"].ravel())
    empty = opened.find_elements("css selector", "#other .cp-empty")
    assert len(empty) == 28
    assert opened.get_log("browser") == []


def test_without_scripts_a_sentence_says_what_is_missing(opened, address):
    open_without_scripts(opened, address)
    try:
        text = opened.find_element("css selector", "#painter p").text
        assert "The text below says what to see." in text
    finally:
        allow_scripts(opened)
