"""The playground in a cell's output: one run or several, and what goes wrong."""

import gzip

import pytest
from playground_page import run
from sentences import assert_is_a_sentence
from widget_pages import (
    allow_scripts,
    open_without_scripts,
    overflow,
    wait_until,
    write_page,
)

from vae_utils.playground import show_playground
from vae_utils.playground.page import CONTROLS, PANELS, make_html

BUDGET = 130_000  # bytes that an output adds to a page, compressed
PAIR = (
    {"mode": "ae", "title": "Autoencoder"},
    {"latentDim": 3, "title": "VAE, & <three> dimensions"},
)
WORDS = (
    """return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"""
)
STEPS = """return [...document.querySelectorAll(".vp-place")].map((line) =>
  Number(line.textContent.match(/step (\\d+)/)?.[1] ?? NaN))"""


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(800, 1000)


@pytest.fixture
def open_cells(browser, tmp_path):
    """Opens a page with outputs of cells, and waits until all runs are there."""

    def go(*outputs):
        browser.get(write_page(tmp_path, *outputs))
        ready = "return [...document.querySelectorAll('.vp-place')].every((line) =>"
        wait_until(browser, ready + "line.textContent.includes('step'))", seconds=20)

    yield go
    assert browser.get_log("browser") == []


def press(browser, text, root=""):
    path = f"//*[@id='{root}']//button" if root else "//button"
    browser.find_element("xpath", f"{path}[text()='{text}']").click()


def slide(browser, name, place):
    script = """
    const label = [...document.querySelectorAll("label")].find(
      (each) => each.firstElementChild?.textContent === arguments[0]);
    const field = label.querySelector("input");
    field.value = arguments[1];
    field.dispatchEvent(new Event("input"));
    """
    browser.execute_script(script, name, place)


def test_one_run_trains_in_an_output(browser, open_cells):
    open_cells(show_playground(panels=PANELS, controls=CONTROLS).data)
    press(browser, "Play")
    wait_until(browser, "return (() => {" + STEPS + "})()[0] > 30")
    assert browser.find_elements("xpath", "//button[text()='Pause']")
    press(browser, "Pause")
    wait_until(
        browser, "return document.querySelector('.vp-play').textContent == 'Play'"
    )
    captions = browser.execute_script(WORDS, "figcaption")
    assert len(captions) == 1 + 3 + 3 and captions[0].startswith("Map: means of q(z|x)")
    assert "of 500 held-out images" in captions[0]
    cells = browser.execute_script(WORDS, ".vp-numbers tbody td")
    assert float(cells[-4]) > 50  # nll on held-out data
    labels = browser.execute_script(WORDS, ".vw-sliders label > span:first-child")
    assert labels == ["β", "Learning rate", "Latent dimensions"]
    (about,) = browser.execute_script(WORDS, ".vae-playground > .vw-small")
    assert about.startswith(
        "1,500 training and 500 held-out images: handwritten digits"
    )


def test_two_runs_play_together(browser, open_cells):
    open_cells(show_playground(*PAIR, controls=CONTROLS).data)
    titles = browser.execute_script(WORDS, ".vp-question")
    assert titles == [each["title"] for each in PAIR]
    press(browser, "One step")
    wait_until(browser, f"return String((() => {{{STEPS}}})()) === '1,1'")
    press(browser, "Play")
    wait_until(browser, f"return Math.min(...(() => {{{STEPS}}})()) > 20", seconds=20)
    press(browser, "Pause")
    press(browser, "Start again")
    wait_until(browser, f"return String((() => {{{STEPS}}})()) === '0,0'")
    axes = browser.execute_script(WORDS, ".vp-lines text")
    names = [text for text in axes if text.startswith("z")]
    assert names[:2] == ["z₁", "z₂"] and len(names) == 4


def test_a_slider_acts_on_all_runs(browser, open_cells):
    open_cells(show_playground({"beta": 2}, {"seed": 3}, controls=CONTROLS).data)
    value = "return document.querySelector('.vw-value').textContent"
    assert browser.execute_script(value) == "2"
    slide(browser, "Latent dimensions", 0)
    script = """return [...document.querySelectorAll(".vp-lines")].every((drawing) =>
      !drawing.textContent.includes("z₂") && drawing.textContent.includes("z₁"))"""
    wait_until(browser, script)
    press(browser, "Play")
    wait_until(browser, f"return Math.min(...(() => {{{STEPS}}})()) > 5", seconds=20)
    slide(browser, "Latent dimensions", 2)
    several = """return [...document.querySelectorAll(".vp-lines")].every((drawing) =>
      drawing.textContent.includes("z₂") || drawing.textContent.includes("z₃"))"""
    wait_until(browser, several)
    wait_until(browser, f"return Math.min(...(() => {{{STEPS}}})()) > 5", seconds=20)
    press(browser, "Pause")


def test_two_outputs_do_not_meddle(browser, open_cells):
    outputs = [
        make_html("first", [{"seed": 1}], "digits", ["samples"], ["beta"]),
        make_html("second", [{}], "ring", ["grid"], ["beta"]),
        make_html("third", [{"seed": 1}], "digits", ["samples"], ["beta"]),
    ]
    open_cells(*outputs)
    for count in (1, 2):
        press(browser, "One step", "first")
        script = f"return String((() => {{{STEPS}}})()) === '{count},0,0'"
        wait_until(browser, script)
    press(browser, "One step", "second")
    wait_until(browser, f"return String((() => {{{STEPS}}})()) === '2,1,0'")
    captions = browser.execute_script(WORDS, "figcaption")
    assert [c.split(" held-out ")[-1].split(",")[0] for c in captions[::2]] == [
        "images",
        "points",
        "images",
    ]
    for _ in range(2):
        press(browser, "One step", "third")
    wait_until(browser, f"return String((() => {{{STEPS}}})()) === '2,1,2'")
    look = """return ["first", "third"].map((name) =>
      document.querySelector(`#${name} .vp-samples`).toDataURL())"""
    one, other = browser.execute_script(look)
    assert one == other


def test_the_output_has_the_engine_of_the_page(browser, open_cells):
    """What a cell shows after some steps is what the engine has, on its own data."""
    open_cells(make_html("c", [{"beta": 4}], "digits", ["numbers"], []))
    for _ in range(15):  # an epoch of 1,500 images
        press(browser, "One step")
    wait_until(browser, f"return String((() => {{{STEPS}}})()) === '15'")
    cells = browser.execute_script(WORDS, ".vp-numbers tbody td")
    script = """
    const data = P.getData("digits");
    const trainer = P.makeTrainer({ ...data.settings, beta: 4 }, data);
    for (let i = 0; i < 15; i++) trainer.train();
    const { heldOut, trained } = trainer.snapshot().epochs.at(-1);
    return [trained.loss, heldOut.nll, heldOut.kl, data.training.count];
    """
    loss, nll, kl, count = run(browser, script)
    assert count == 1500
    assert cells[-4:] == [f"{nll:.2f}", f"{kl:.2f}", f"{nll + kl:.2f}", "–"]
    assert f"{loss:.2f}" in cells


def test_a_divergence_is_said(browser, open_cells):
    open_cells(show_playground({"learningRate": 1e30}, {}).data)
    press(browser, "Play")
    line = "return document.querySelector('.vp-place').textContent"
    script = line + ".startsWith('Training stopped at step 2: nll')"
    wait_until(browser, script)
    # The other run goes on, and the button stops it.
    assert browser.execute_script(WORDS, ".vp-play") == ["Pause"]
    press(browser, "Pause")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"beta": -1}, "beta must be a number, 0 or more. Received: beta=-1"),
        ({"hidden": 64}, "hidden must be up to two widths from 1 to 1024. "),
        ({"bugs": ["</script>"]}, "bugs must be names among meanOverPixels, "),
        ({"batchSize": 1501}, "batchSize must not exceed the training examples. "),
    ],
)
def test_a_setting_that_makes_no_sense_is_a_sentence(setting, said, browser, tmp_path):
    browser.get(write_page(tmp_path, show_playground(setting).data))
    script = "return document.querySelector('.vae-playground').innerText"
    wait_until(browser, f"return (() => {{{script}}})().includes(arguments[0])", said)
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("width", [390, 800])
def test_outputs_fit(width, browser, open_cells):
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    open_cells(show_playground(*PAIR, panels=PANELS, controls=CONTROLS).data)
    assert overflow(browser) <= 0
    wide = """return [...document.querySelectorAll(".vp-cell")].map((cell) =>
      Math.round(cell.getBoundingClientRect().left))"""
    left, right = browser.execute_script(wide)
    assert (left < right) == (width == 800)  # next to each other where there is room
    screen["width"] = 800
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def test_without_scripts_there_is_a_sentence(browser, tmp_path):
    address = write_page(tmp_path, show_playground().data)
    open_without_scripts(browser, address)
    assert (
        "Here a small network trains" in browser.find_element("tag name", "body").text
    )
    allow_scripts(browser)


@pytest.mark.parametrize(
    ("runs", "more", "named"),
    [
        ([{}], {"data": "cats"}, "The data are digits, clothes, sprites, ring; "),
        ([{"latent_dim": 3}], {}, "The settings are mode, latentDim, "),
        ([{"output": "linear"}], {}, "The settings are mode, "),
        ([{}], {"panels": ["map"]}, "The panels are grid, pairs, samples, curves, "),
        (
            [{}],
            {"controls": ["seed"]},
            "The controls are beta, learningRate, latentDim",
        ),
        ([{}, "ae"], {}, "The settings are mode, "),
    ],
)
def test_unknown_names_are_refused_in_a_sentence(runs, more, named):
    with pytest.raises(ValueError, match="choose among them") as refused:
        show_playground(*runs, **more)
    assert_is_a_sentence(refused.value)
    assert str(refused.value).startswith(named)


@pytest.mark.parametrize("data", ["digits", "clothes", "sprites", "ring"])
def test_an_output_is_small(data):
    output = show_playground({}, data=data).data
    assert len(gzip.compress(output.encode())) < BUDGET
    assert "</script>" not in output.replace("</script>\n", "", 1)
