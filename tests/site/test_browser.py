"""The built site in headless Chromium: the explorer, the console, films."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_quick" / "site" / "_build" / "html"
EXPLORERS = ("book/intro", "book/explorer")
CALCULATOR = "notebooks/07_loss_units"
CHANGED = (
    *EXPLORERS,
    "notebooks/05_latent_space",
    "notebooks/06_evaluation",
    CALCULATOR,
    "notebooks/91_scoreboard",
    "book/command_line",
)
PHONE, DESK = (390, 844), (1300, 1000)
READY = """
const done = arguments[arguments.length - 1];
window.VAEBook.ready.then(() => done(null), (error) => done(String(error)));
"""


@pytest.fixture(scope="module")
def address():
    """Serves the site from this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=HTML)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(*DESK)


def resize(browser, size):
    command = "Emulation.setDeviceMetricsOverride"
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1}
    browser.execute_cdp_cmd(command, {**screen, "mobile": False})


def complaints(browser):
    return [entry for entry in browser.get_log("browser") if entry["level"] != "INFO"]


@pytest.mark.parametrize("page", EXPLORERS)
@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("served", [False, True])
def test_the_explorer_works(page, size, served, browser, address):
    resize(browser, size)
    url = f"{address}/{page}.html" if served else (HTML / f"{page}.html").as_uri()
    browser.get(url)
    assert browser.execute_async_script(READY) is None
    for element in browser.find_elements("css selector", ".vx-fallback"):
        assert not element.is_displayed()
    plane = browser.find_element("css selector", ".vx-plane")
    plane.send_keys("\ue014")  # the right arrow
    assert browser.find_element("css selector", ".vx-where").text == "z = (0.10, 0.00)"
    browser.find_element("xpath", "//button[text()='Take a test digit']").click()
    assert "−ELBO" in browser.find_element("css selector", ".vx-numbers").text
    wide = browser.execute_script(
        "const box = document.querySelector('.vx-explorer').getBoundingClientRect();"
        "return [box.left, box.right, document.documentElement.scrollWidth]"
    )
    assert wide[0] >= 0 and wide[1] <= size[0] and wide[2] <= size[0]
    assert complaints(browser) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_calculator_works_in_its_page(size, browser):
    resize(browser, size)
    browser.get((HTML / f"{CALCULATOR}.html").as_uri())
    form = browser.find_element("css selector", ".loss-units")
    recipes = form.find_element("css selector", "select")
    shown = set()
    for index in (1, 8):
        browser.execute_script(
            "arguments[0].selectedIndex = arguments[1];"
            "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
            recipes,
            index,
        )
        shown.add(form.find_element("css selector", ".lu-beta").text)
    assert len(shown) == 2 and all("β" in text for text in shown)
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= size[0]
    assert complaints(browser) == []


@pytest.mark.parametrize("page", CHANGED)
def test_a_page_asks_nobody_else(page, browser, address):
    browser.get(f"{address}/{page}.html")
    if page in EXPLORERS:
        browser.execute_async_script(READY)
        for button in browser.find_elements("css selector", ".vw-choice input"):
            browser.execute_script("arguments[0].click()", button)
        browser.execute_async_script("setTimeout(arguments[0], 1000)")
    script = "return performance.getEntriesByType('resource').map((e) => e.name)"
    asked = browser.execute_script(script)
    assert asked and all(url.startswith((address, "data:", "blob:")) for url in asked)
    assert complaints(browser) == []


@pytest.mark.parametrize("page", EXPLORERS)
def test_without_scripts_a_picture_stands_there(page, browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((HTML / f"{page}.html").as_uri())
        picture = browser.find_element("css selector", ".vx-fallback img")
        assert picture.get_attribute("alt") and picture.size["width"] > 100
        assert not browser.find_elements("css selector", ".vx-explorer")
    finally:
        command = "Emulation.setScriptExecutionDisabled"
        browser.execute_cdp_cmd(command, {"value": False})


def test_chapter_05_has_films_and_embeds_no_gif(browser, address):
    resize(browser, PHONE)
    browser.get(f"{address}/notebooks/05_latent_space.html")
    films = browser.find_elements("css selector", ".vae-film")
    canvases = browser.find_elements("css selector", ".vae-film canvas")
    assert (len(films), len(canvases)) == (5, 6)
    assert all(canvas.get_attribute("aria-label") for canvas in canvases)
    assert not browser.find_elements("css selector", 'img[src$=".gif"]')
    assert not browser.find_elements("css selector", 'img[src^="data:image/gif"]')
    files = browser.find_elements("css selector", 'main a[href$=".gif"]')
    for file in (link.get_attribute("href") for link in files):
        assert (HTML / file.removeprefix(f"{address}/")).stat().st_size > 100_000
    assert len(files) == 2
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    assert complaints(browser) == []
