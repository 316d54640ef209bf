"""Films to play and to scrub, in a browser."""

import json
import re

import numpy as np
import pytest
from widget_pages import (
    allow_scripts,
    open_without_scripts,
    overflow,
    wait_until,
    write_page,
)

from vae_utils import animation, plots
from vae_utils.animation.packing import LEVELS, REACH, pack_codes

FRAMES, COUNT, SIDE = 6, 60, 3
TITLES = [f"epoch {epoch}" for epoch in range(1, FRAMES + 1)]
LEAST_MOTION = "--force-prefers-reduced-motion"
READ = "return document.querySelectorAll('.fm-title')[arguments[0]].textContent"


@pytest.fixture(scope="module")
def codes():
    """Makes codes of two classes that part; some end outside the axes."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(FRAMES, COUNT, 2)).astype(np.float32) / 4
    labels = np.arange(COUNT) % 2
    z += np.linspace(0, 2, FRAMES)[:, None, None] * np.where(labels, 1, -1)[:, None]
    z[-1, 0] = 40
    return z, labels


@pytest.fixture(scope="module")
def grids():
    """Makes grids of 3 × 3 grey squares, brighter from frame to frame."""
    levels = np.linspace(20, 220, FRAMES).astype(np.uint8)
    return np.broadcast_to(levels[:, None, None], (FRAMES, 84, 84)).copy()


@pytest.fixture(scope="module")
def address(tmp_path_factory, codes, grids):
    z, labels = codes
    names = ["first", "second"]
    widgets = [
        animation.show_scatter(z, labels, names, TITLES, alt="Two classes part."),
        animation.show_grid(grids, TITLES, side=SIDE, limit=2.0, alt='"Grey" squares.'),
        animation.show_scatter({"left": z, "right": -z}, labels, names, TITLES),
    ]
    folder = tmp_path_factory.mktemp("films")
    return write_page(folder, *(widget.data for widget in widgets))


@pytest.fixture(scope="module")
def opened(open_browser):
    """A browser in which nothing moves by itself."""
    return open_browser(700, 900, LEAST_MOTION)


@pytest.fixture
def browser(opened, address):
    opened.get(address)
    return opened


def film(browser, index):
    return browser.find_elements("css selector", ".vae-film")[index]


def controls(browser, index):
    group = film(browser, index).find_element("css selector", ".fm-controls")
    return [group.find_element("css selector", name) for name in ("button", "input")]


def pixel(browser, canvas, x, y):
    """Reads the colour of a canvas at a share of its width and height."""
    return browser.execute_script(
        "const [canvas, x, y] = arguments;"
        "const place = [x * canvas.width, y * canvas.height].map(Math.round);"
        "const { data } = canvas.getContext('2d').getImageData(...place, 1, 1);"
        "return [...data]",
        canvas,
        x,
        y,
    )


@pytest.mark.parametrize("limit", [1.0, 3.0])
def test_the_page_unpacks_what_python_packs(limit, codes, browser):
    z = codes[0]
    found = browser.execute_script(
        "return [...VAEBook.film.unpackCodes(...arguments)]"
        ".map((place) => (Number.isNaN(place) ? null : place))",
        pack_codes(z, limit),
        FRAMES,
        limit,
    )
    found = np.reshape(np.array(found, float), (2, COUNT, FRAMES)).transpose(2, 1, 0)
    half = REACH * limit / LEVELS  # of a step
    shown = np.abs(z) < limit
    assert 0.3 < shown.mean() < 1
    assert np.abs(found - z)[shown].max() <= half * (1 + 1e-5)
    far = np.abs(z) > 1.1 * limit
    assert far.any() and np.isnan(found[far]).all()


def test_points_do_not_lie_on_one_lattice(browser):
    z = np.zeros((1, 400, 2), np.float32)
    text = pack_codes(z, 1.0)
    script = "return [...VAEBook.film.unpackCodes(arguments[0], 1, 1)]"
    assert (
        len({round(place, 6) for place in browser.execute_script(script, text)}) > 300
    )


def test_between_frames_points_are_on_their_way(browser):
    places = browser.execute_script(
        "const places = Float32Array.from([0, 1, 4, 5]);"  # one point, two frames
        "return VAEBook.film.placesAt(places, 2, 0.25)"
    )
    assert places == [[0.25, 4.25]]


def test_names_that_overlap_are_moved_apart(browser):
    boxes = [{"x": x, "y": 50, "width": 20, "height": 10} for x in (50, 51, 52, 99)]
    area = {"left": 0, "top": 0, "width": 100, "height": 100}
    moved = browser.execute_script(
        "VAEBook.film.separate(...arguments); return arguments[0]", boxes, area
    )
    for i, one in enumerate(moved):
        assert 10 <= one["x"] <= 90 and 5 <= one["y"] <= 95
        for other in moved[i + 1 :]:
            aside = abs(one["x"] - other["x"]) >= 19.9
            assert aside or abs(one["y"] - other["y"]) >= 9.9


def test_it_shows_the_last_frame_and_the_slider_any(browser):
    from selenium.webdriver.common.keys import Keys

    for index in range(3):
        button, slider = controls(browser, index)
        assert browser.execute_script(READ, index) == "epoch 6"
        assert button.text == "Play"
        slider.send_keys(Keys.HOME)
        assert browser.execute_script(READ, index) == "epoch 1"
        slider.send_keys(Keys.ARROW_RIGHT)
        assert slider.get_attribute("aria-valuetext") == "epoch 2"
        slider.send_keys(Keys.END)
        assert browser.execute_script(READ, index) == "epoch 6"


def test_frames_of_a_grid_are_the_pictures(grids, browser):
    from selenium.webdriver.common.keys import Keys

    canvas = film(browser, 1).find_element("css selector", "canvas")
    _, slider = controls(browser, 1)
    slider.send_keys(Keys.HOME)
    for grid in grids:
        wait_until(
            browser,
            "const { data } = arguments[0].getContext('2d')"
            ".getImageData(arguments[0].width / 2, arguments[0].height / 2, 1, 1);"
            "return Math.abs(data[0] - arguments[1]) <= 3",
            canvas,
            int(grid[0, 0]),
        )
        slider.send_keys(Keys.ARROW_RIGHT)


def test_points_have_the_colours_of_their_classes(browser):
    canvas = film(browser, 0).find_element("css selector", "canvas")
    colours = browser.execute_script(
        "const { width, height } = arguments[0];"
        "const pen = arguments[0].getContext('2d');"
        "const { data } = pen.getImageData(0, 0, width, height);"
        "const seen = new Set();"
        "for (let i = 0; i < data.length; i += 4)"
        "  seen.add([data[i], data[i + 1], data[i + 2]].join());"
        "return [...seen]",
        canvas,
    )
    for label in (0, 1):
        expected = np.rint(255 * np.array(plots.class_color(label))).astype(int)
        assert ",".join(map(str, expected)) in colours
    assert pixel(browser, canvas, 0.5, 0.002)[:3] == [255, 255, 255]


def test_it_plays_on_demand_and_can_be_paused(browser):
    button, slider = controls(browser, 0)
    button.click()
    assert button.text == "Pause"
    wait_until(browser, "return arguments[0].value === '2'", slider)
    button.click()
    assert button.text == "Play"
    paused = slider.get_attribute("value")
    button.click()  # continues from there
    wait_until(browser, "return arguments[0].value > arguments[1]", slider, paused)
    wait_until(browser, "return arguments[0].textContent === 'Play'", button)
    assert slider.get_attribute("value") == str(FRAMES - 1)
    wait_until(
        browser, "return document.querySelector('output').textContent === 'epoch 6'"
    )


def test_moving_the_slider_stops_it(browser):
    from selenium.webdriver.common.keys import Keys

    button, slider = controls(browser, 0)
    button.click()
    wait_until(browser, "return arguments[0].value === '2'", slider)
    slider.send_keys(Keys.HOME)
    assert button.text == "Play" and slider.get_attribute("value") == "0"


def test_paper_shows_the_last_frame(browser):
    button, slider = controls(browser, 0)
    button.click()
    wait_until(browser, "return arguments[0].value === '1'", slider)
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script(READ, 0) == "epoch 6" and button.text == "Play"


def test_a_film_is_drawn_while_it_is_folded(browser):
    drawn = browser.execute_async_script(
        """
        const done = arguments[0];
        const film = document.querySelector(".vae-film");
        film.style.display = "none";
        const canvas = film.querySelector("canvas");
        const twice = (then) =>
          requestAnimationFrame(() => requestAnimationFrame(then));
        twice(() => {
          if (!canvas.width) return done(false);
          const { data } = canvas
            .getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height);
          done(data.some((value, i) => i % 4 < 3 && value < 128));
        });
        """
    )
    assert drawn


def test_nothing_waits_to_play_where_less_motion_is_wanted(opened, address):
    watch = (
        "const Watch = window.IntersectionObserver; window.watches = 0;"
        "window.IntersectionObserver = class extends Watch {"
        "  observe(node) { window.watches++; super.observe(node); } };"
    )
    command = "Page.addScriptToEvaluateOnNewDocument"
    added = opened.execute_cdp_cmd(command, {"source": watch})
    opened.get(address)
    assert opened.execute_script("return watches") == 0
    features = [{"name": "prefers-reduced-motion", "value": "no-preference"}]
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    opened.get(address)
    assert opened.execute_script("return watches") == 3
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    opened.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_it_plays_once_when_it_comes_into_view(open_browser, address):
    browser = open_browser(700, 600)
    browser.get(address)
    button, slider = controls(browser, 0)
    start = "return arguments[0].textContent === 'Pause' && performance.now()"
    started = wait_until(browser, start, button)
    stop = "return arguments[0].textContent === 'Play' && performance.now()"
    seconds = (wait_until(browser, stop, button) - started) / 1000
    assert 3 < seconds <= animation.SECONDS + 0.5
    assert slider.get_attribute("value") == str(FRAMES - 1)
    # Nobody asked for it, so screen readers stay silent; the last film is out of view.
    assert (
        browser.execute_script("return document.querySelector('output').textContent")
        == ""
    )
    assert controls(browser, 2)[0].text == "Play"
    assert browser.execute_script(READ, 2) == "epoch 6"
    browser.close()


@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize("width", [390, 1000])
def test_it_fits_the_window_and_is_sharp(width, factor, open_browser, address):
    browser = open_browser(width, 900, LEAST_MOTION)
    screen = {"width": width, "height": 900, "deviceScaleFactor": factor}
    command = "Emulation.setDeviceMetricsOverride"
    browser.execute_cdp_cmd(command, {**screen, "mobile": False})
    browser.get(address)
    assert overflow(browser) <= 0
    sizes = wait_until(
        browser,
        "const all = [...document.querySelectorAll('canvas')];"
        "return all.every((c) => c.width !== 300)"
        " && all.map((c) => [c.width, c.clientWidth])",
    )
    for pixels, shown in sizes:
        assert pixels == pytest.approx(factor * shown, abs=1) and shown > 100
    assert browser.get_log("browser") == []
    browser.close()


def test_without_scripts_the_last_frame_is_a_picture(opened, address):
    open_without_scripts(opened, address)
    try:
        pictures = opened.find_elements("css selector", ".vae-film img")
        assert len(pictures) == 3 and all(p.size["width"] > 80 for p in pictures)
        alts = [picture.get_attribute("alt") for picture in pictures]
        assert alts[:2] == ["Two classes part.", '"Grey" squares.']
        text = film(opened, 0).find_element("css selector", "p").text
        assert text.startswith("This is the last of 6 frames.")
    finally:
        allow_scripts(opened)


def test_names_are_written_with_care(codes):
    z, labels = codes
    page = animation.show_scatter(z, labels, ["</script>", "$b$"], TITLES).data
    packed = re.search(r'VAEBook.film.start\("[^"]+", (.*)\);\n', page)[1]
    names = json.loads(packed)["names"]
    assert names == {"0": "</script>", "1": "$b$"} and page.count("</script>") == 1


def test_a_film_of_many_points_keeps_the_first(codes):
    z = np.zeros((2, 2000, 2), np.float32)
    page = animation.show_scatter(z, np.zeros(2000, int), ["all"], TITLES[:2]).data
    packed = json.loads(re.search(r"film.start\(\"[^\"]+\", (.*)\);\n", page)[1])
    assert len(packed["labels"]) == 1500 and packed["names"] == {}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"labels": [0]}, "labels must have shape"),
        ({"z": {}}, "needs codes"),
        ({"titles": ["epoch 1"]}, "6 frames needs a title"),
        ({"z": np.zeros((FRAMES, COUNT, 3))}, "shape \\(frames, n, 2\\)"),
        ({"z": np.full((FRAMES, COUNT, 2), np.nan)}, "finite"),
    ],
)
def test_refuses_what_does_not_fit(change, match, codes):
    z, labels = codes
    given = {"z": z, "labels": labels, "titles": TITLES} | change
    with pytest.raises(ValueError, match=match):
        animation.show_scatter(given["z"], given["labels"], ["a", "b"], given["titles"])


def test_a_grid_of_the_wrong_type_is_refused(grids):
    with pytest.raises(ValueError, match="uint8"):
        animation.show_grid(grids / 255, TITLES, side=SIDE, limit=2.0)


def test_a_thinned_grid_keeps_the_outermost_images():
    cells = np.arange(2 * 25, dtype=np.uint8).reshape(2, 5, 1, 5, 1)
    grid = np.broadcast_to(cells, (2, 5, 4, 5, 6)).reshape(2, 20, 30)
    thin = animation.thin_grid(grid, 5, 2)
    assert thin.shape == (2, 12, 18)
    assert thin[0, ::4, ::6].tolist() == [[0, 2, 4], [10, 12, 14], [20, 22, 24]]
    in_colour = np.stack([grid] * 3, axis=-1)
    np.testing.assert_array_equal(animation.thin_grid(in_colour, 5, 2)[..., 1], thin)


@pytest.mark.parametrize(("side", "every"), [(3, 1), (5, 3), (5, 0), (0, 1)])
def test_a_grid_that_cannot_be_thinned_is_refused(side, every):
    with pytest.raises(ValueError, match="Received: (side|every)="):
        animation.thin_grid(np.zeros((1, 20, 20), np.uint8), side, every)
