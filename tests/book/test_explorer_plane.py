"""The explorer's latent plane: handle, keys, mouse, finger, labels, tour."""

import itertools
import re

import numpy as np
import pytest
from explorer_page import (
    FRAMES,
    SETTLED,
    choose,
    make_page,
    place,
    point,
    show,
    text_of,
    touch,
    wait,
)
from selenium.webdriver.common.keys import Keys

from vae_utils import explorer

HANDLE = ".vx-handle"


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


def handle_at(browser):
    """Returns where the handle's middle is, in shares of the plane."""
    wait(browser, FRAMES)
    return browser.execute_script(
        "const [one, plane] = ['.vx-handle', '.vx-plane'].map((name) =>"
        " document.querySelector(name).getBoundingClientRect());"
        "return [(one.left + one.width / 2 - plane.left) / plane.width,"
        " (one.top + one.height / 2 - plane.top) / plane.height]"
    )


def test_keys_move_the_handle(browser):
    plane = browser.find_element("css selector", ".vx-plane")
    plane.send_keys(Keys.HOME)
    assert place(browser) == (0, 0)
    np.testing.assert_allclose(handle_at(browser), 0.5, atol=0.01)
    plane.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert place(browser) == (0.2, -0.1)
    plane.send_keys(Keys.SHIFT, Keys.ARROW_UP)
    assert place(browser) == (0.2, 0.4)
    wait(browser, SETTLED)
    assert re.fullmatch(
        r"At \(0.20, 0.40\): of the 15 nearest test digits, \d+ show an? \d\.",
        text_of(browser, ".vx-status"),
    )


def test_keys_stop_at_the_edge(browser):
    choose(browser, "ae")
    plane = browser.find_element("css selector", ".vx-plane")
    for _ in range(16):
        plane.send_keys("\ue008\ue014")  # Shift and the right arrow
    frame = browser.execute_script("return VAEBook.models.ae.frame")
    edge = frame["middle"][0] + frame["half"]
    assert place(browser)[0] == pytest.approx(edge, abs=0.01)
    np.testing.assert_allclose(handle_at(browser)[0], 1, atol=0.01)


def test_a_drag_moves_the_handle(browser):
    point(browser, "mousePressed", 0.5, 0.5)
    np.testing.assert_allclose(place(browser), 0, atol=0.03)
    point(browser, "mouseMoved", 0.75, 0.25)
    moved = place(browser)
    assert moved[0] == pytest.approx(moved[1], abs=0.03) and moved[0] > 1
    point(browser, "mouseMoved", 3, -3)  # beyond the edge it stays on it
    corner = place(browser)
    np.testing.assert_allclose(handle_at(browser), [1, 0], atol=0.01)
    point(browser, "mouseReleased", 3, -3, buttons=0)
    point(browser, "mouseMoved", 1.5, 0.1, buttons=0)
    assert place(browser) == corner


def test_the_mouse_shows_what_it_is_over_and_leaves_the_handle(browser):
    start, stood = place(browser), handle_at(browser)
    point(browser, "mouseMoved", 0.2, 0.6, buttons=0)
    over = place(browser)
    assert over != start
    np.testing.assert_allclose(handle_at(browser), stood, atol=0.005)
    assert browser.find_elements("css selector", ".vx-ghost")
    point(browser, "mouseMoved", 0.5, 1.2, buttons=0)
    assert place(browser) == start
    assert not browser.find_elements("css selector", ".vx-ghost")


def test_a_finger_moves_the_handle_only_from_near_it(browser):
    x, y = handle_at(browser)
    start = place(browser)
    touch(browser, "touchStart", (0.1, 0.1))
    touch(browser, "touchMove", (0.1, 0.3))  # to the side, the browser would go back
    touch(browser, "touchEnd")
    assert place(browser) == start
    touch(browser, "touchStart", (x + 0.03, y))
    touch(browser, "touchMove", (x, y - 0.2))
    touch(browser, "touchMove", (x, y - 0.4))
    touch(browser, "touchEnd")
    assert handle_at(browser)[1] == pytest.approx(y - 0.4, abs=0.02)
    actions = browser.execute_script(
        "return ['.vx-handle', '.vx-plane'].map((name) =>"
        " getComputedStyle(document.querySelector(name)).touchAction)"
    )
    assert actions == ["none", "auto"]  # elsewhere, the page scrolls


def test_a_tap_brings_the_handle(browser):
    touch(browser, "touchStart", (0.2, 0.3))
    touch(browser, "touchEnd")
    np.testing.assert_allclose(handle_at(browser), [0.2, 0.3], atol=0.02)


@pytest.mark.parametrize("name", explorer.NETWORKS)
def test_no_label_hides_another_and_few_codes_are_off_the_map(name, browser):
    choose(browser, name)
    discs = browser.execute_script(
        "return [...document.querySelectorAll('.vx-disc')].map((d) =>"
        " ['cx', 'cy', 'r'].map((a) => Number(d.getAttribute(a))))"
    )
    assert len(discs) == (0 if name == "cvae" else 10)
    for (x, y, r), (x2, y2, _) in itertools.combinations(discs, 2):
        assert np.hypot(x - x2, y - y2) >= 2 * r
    size = browser.find_element("css selector", ".vx-plane").size["width"]
    assert all(r <= v <= size - r for *xy, r in discs for v in xy)
    codes, frame = browser.execute_script(
        "const { codes, frame } = VAEBook.models[arguments[0]];"
        "return [Array.from(codes), frame]",
        name,
    )
    offset = np.abs(np.reshape(codes, (-1, 2)) - frame["middle"]).max(axis=1)
    assert 0.98 < np.mean(offset <= frame["half"]) < 1
    assert np.median(offset) > 0.1 * frame["half"]


def test_equal_medians_get_labels_apart(browser):
    places = browser.execute_script(
        "return VAEBook.placeLabels(Array(10).fill([1, 1]), 10, 300)"
    )
    for one, other in itertools.combinations(places, 2):
        assert np.linalg.norm(np.subtract(one, other)) >= 20
    assert np.min(places) >= 10


@pytest.mark.parametrize(("density", "zoomed"), [(1, 990), (2, 500), (3, 640)])
def test_the_plane_is_sharp(density, zoomed, browser):
    command = "Emulation.setDeviceMetricsOverride"
    screen = {"width": zoomed, "height": 1000, "deviceScaleFactor": density}
    try:
        browser.execute_cdp_cmd(command, {**screen, "mobile": False})
        wait(browser, FRAMES)
        dots = browser.find_element("css selector", ".vx-dots")
        width = int(dots.get_attribute("width"))
        shown = browser.execute_script("return arguments[0].clientWidth", dots)
        assert width == pytest.approx(density * shown, abs=density)
    finally:
        screen.update(width=1000, deviceScaleFactor=1)
        browser.execute_cdp_cmd(command, {**screen, "mobile": False})


WATCH = (
    "const seen = []; const until = performance.now() + arguments[0];"
    "while (performance.now() < until) {"
    "  await new Promise(requestAnimationFrame);"
    "  seen.push(document.querySelector('.vx-where').textContent); }"
    "return seen"
)


def test_a_tour_goes_round_and_ends_where_it_began(opened, page):
    show(opened, page)
    home = place(opened)
    show(opened, page, motion="no-preference")
    seen = wait(opened, WATCH, 4500)
    assert len(set(seen)) > 20
    assert place(opened) == home
    assert len(set(wait(opened, WATCH, 300))) == 1


def test_a_tour_gives_way_to_the_reader(opened, page):
    show(opened, page, motion="no-preference")
    plane = opened.find_element("css selector", ".vx-plane")
    plane.send_keys(Keys.HOME)
    assert place(opened) == (0, 0)
    assert len(set(wait(opened, WATCH, 500))) == 1


def test_a_tour_stops_out_of_view(opened, page):
    show(opened, page)
    home = place(opened)
    show(opened, page, motion="no-preference")
    opened.execute_script(
        "document.body.style.height = '9000px'; scrollTo({ top: 6000 })"
    )
    wait(opened, WATCH, 400)
    assert set(wait(opened, WATCH, 300)) == {text_of_hidden(opened)}
    assert place(opened) == home


def text_of_hidden(browser):
    return browser.execute_script(
        "return document.querySelector('.vx-where').textContent"
    )


def test_less_motion_means_no_tour(opened, page):
    show(opened, page)
    assert len(set(wait(opened, WATCH, 500))) == 1
