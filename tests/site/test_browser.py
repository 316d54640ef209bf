"""The built site in headless Chromium: the explorer, the console, films."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from explorer_page import FRAMES, place, wait

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
IN_CELLS = ("notebooks/02_fc_vae", "notebooks/05_latent_space")
PHONE, DESK, WIDE = (390, 844), (1300, 1000), (1440, 900)
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
    assert not browser.find_elements("css selector", ".vx-fallback, .vx-room")
    plane = browser.find_element("css selector", ".vx-plane")
    plane.send_keys("\ue011\ue014")  # Home, the right arrow
    wait(browser, FRAMES)
    assert browser.find_element("css selector", ".vx-where").text == "z = (0.10, 0.00)"
    browser.find_element("xpath", "//button[text()='Test digit']").click()
    assert "−ELBO" in browser.find_element("css selector", ".vx-numbers").text
    wide = browser.execute_script(
        "const box = document.querySelector('.vx-explorer').getBoundingClientRect();"
        "return [box.left, box.right, document.documentElement.scrollWidth]"
    )
    assert wide[0] >= 0 and wide[1] <= size[0] and wide[2] <= size[0]
    assert complaints(browser) == []


WATCH_SHIFTS = """
window.shifts = 0;
window.addShifts = (entries) => entries.forEach((entry) => {
  if (!entry.hadRecentInput) window.shifts += entry.value; });
window.watcher = new PerformanceObserver((list) => window.addShifts(list.getEntries()));
window.watcher.observe({ type: "layout-shift", buffered: true });
"""
READ_SHIFTS = "addShifts(watcher.takeRecords()); return window.shifts"


@pytest.mark.parametrize("page", EXPLORERS)
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_nothing_jumps_when_the_explorer_comes(page, size, browser, address):
    resize(browser, size)
    command = "Page.addScriptToEvaluateOnNewDocument"
    added = browser.execute_cdp_cmd(command, {"source": WATCH_SHIFTS})
    try:
        browser.get(f"{address}/{page}.html")
        browser.execute_async_script(READY)
        assert wait(browser, f"{FRAMES}; {READ_SHIFTS}") <= 0.05
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


@pytest.mark.parametrize("page", EXPLORERS)
def test_the_explorer_fits_a_screen(page, browser):
    resize(browser, WIDE)
    browser.get((HTML / f"{page}.html").as_uri())
    browser.execute_async_script(READY)
    for name in ("cvae", "vae"):
        chosen = browser.find_element("css selector", f"input[value={name}]")
        browser.execute_script("arguments[0].click()", chosen)
        wait(browser, f"await VAEBook.load('{name}'); {FRAMES}")
        box = browser.find_element("css selector", ".vae-explorer").rect
        assert box["height"] <= WIDE[1]


def test_a_link_leads_to_a_place_of_the_page(browser, address):
    resize(browser, WIDE)
    browser.get(f"{address}/book/explorer.html#model=beta_4&z=1.2,-0.4")
    browser.execute_async_script(READY)
    assert place(browser) == (1.2, -0.4)
    plane = browser.execute_script(
        "const box = document.querySelector('.vx-plane').getBoundingClientRect();"
        "return box.top >= 0 && box.bottom <= innerHeight"
    )
    assert plane and complaints(browser) == []


@pytest.mark.parametrize("page", IN_CELLS)
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_the_explorer_works_in_a_chapter(page, size, browser):
    resize(browser, size)
    browser.get((HTML / f"{page}.html").as_uri())
    browser.execute_async_script(READY)
    browser.find_element("css selector", ".vx-plane").send_keys("\ue011")
    assert place(browser) == (0, 0)
    assert "not the one that your notebook trains" in browser.find_element(
        "css selector", ".vx-note"
    ).text.replace("\n", " ")
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= size[0]
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
