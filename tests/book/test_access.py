"""Every page of the built site for everybody: axe, keyboard, colours, zoom, paper."""

import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from selenium.webdriver.common.keys import Keys

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_quick" / "site" / "_build" / "html"
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.glob("**/*.html")
    if "_static" not in path.parts and "<main" in path.read_text()
)
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]
SIZES = {"desk": (1440, 900), "phone": (390, 844)}

each_page = pytest.mark.parametrize("page", PAGES)
each_chapter = pytest.mark.parametrize("page", CHAPTERS)


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(*SIZES["desk"], "--allow-file-access-from-files")


@pytest.fixture
def visit(browser):
    """Opens a page at a width, in a theme; everything is undone afterwards."""

    def go(page, size="desk", anchor=""):
        resize(browser, *SIZES.get(size, size))
        browser.get("about:blank")
        browser.get((HTML / page).as_uri() + anchor)
        return browser

    yield go
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.execute_script("try { localStorage.clear() } catch {}")
    resize(browser, *SIZES["desk"])


def resize(browser, width, height):
    screen = {"width": width, "height": height, "deviceScaleFactor": 1}
    command = "Emulation.setDeviceMetricsOverride"
    browser.execute_cdp_cmd(command, {**screen, "mobile": False})


def emulate(browser, **features):
    """Sets what the reader's system asks for, such as forced_colors="active"."""
    listed = [
        {"name": name.replace("_", "-"), "value": value}
        for name, value in features.items()
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})


def test_the_site_has_pages():
    assert len(PAGES) >= 20 and len(CHAPTERS) >= 11, "run `make site`"


# What axe finds in all four combinations of theme and width, with all folds open.
AXE = """
const [sizes, done] = [arguments[0], arguments[arguments.length - 1]];
const still = () => Promise.allSettled(document.getAnimations()
  .filter((moving) => moving.playState === "running" && isFinite(
    moving.effect.getComputedTiming().endTime)).map((moving) => moving.finished));
for (const fold of document.querySelectorAll("details")) fold.open = true;
for (const button of document.querySelectorAll('.outcome-show[aria-expanded="false"]'))
  button.click();
window.look = async (theme) => {
  const page = document.documentElement.dataset;
  page.theme = page.mode = theme;
  await still();
  const result = await axe.run(document, {resultTypes: ["violations"],
    rules: {"label-content-name-mismatch": {enabled: true}}});
  return result.violations.map((v) => `${theme}: ${v.impact} ${v.id}: `
    + `${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)}`);
};
const load = document.readyState === "complete" ? Promise.resolve()
  : new Promise((go) => addEventListener("load", go));
load.then(still).then(() => window.MathJax?.startup?.promise).then(() => done());
"""


@pytest.fixture(scope="module")
def axe():
    files = sorted((ROOT / "_quick" / "tools").glob("axe-*.min.js"))
    if not files:
        missing = "There is no axe here; `make test-tools` gets it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return files[-1].read_text()


@each_page
def test_axe_finds_nothing(page, visit, axe):
    browser = visit(page)
    browser.execute_script(axe)
    browser.execute_async_script(AXE, [])
    found = []
    for size in SIZES.values():
        resize(browser, *size)
        for theme in ("light", "dark"):
            found += browser.execute_async_script(
                "window.look(arguments[0]).then(arguments[1])", theme
            )
    assert not found, "\n".join(found)


@each_chapter
def test_a_result_waits_for_the_prediction(page, visit):
    browser = visit(page)
    outcomes = browser.find_elements("css selector", ".outcome")
    predictions = browser.find_elements("css selector", "p.predict")
    assert predictions and len(outcomes) >= len(predictions) // 2
    for outcome in outcomes:
        assert outcome.size["height"] == 0
    for button, outcome in zip(
        browser.find_elements("css selector", ".outcome-show"), outcomes, strict=True
    ):
        question = button.get_attribute("aria-describedby")
        assert "predict" in browser.find_element("id", question).get_attribute("class")
        assert button.get_attribute("aria-controls") == outcome.get_attribute("id")


def press(browser, selector, key=Keys.ENTER):
    """Presses a key on the first element that fits; returns that element."""
    element = browser.find_element("css selector", selector)
    element.send_keys(key)
    return element


def test_a_button_shows_what_happened_and_hides_it_again(visit):
    browser = visit(CHAPTERS[0])
    outcome = browser.find_element("css selector", ".outcome")
    button = press(browser, ".outcome-show")
    assert button.get_attribute("aria-expanded") == "true"
    assert button.text == "Hide what happened" and outcome.size["height"] > 40
    button.send_keys(Keys.SPACE)
    assert button.get_attribute("aria-expanded") == "false"
    assert button.text == "Show what happened" and outcome.size["height"] == 0


def hidden(browser):
    return len(browser.find_elements("css selector", ".outcome[hidden]"))


def test_always_show_is_remembered_on_every_page(visit):
    browser = visit(CHAPTERS[0])
    assert hidden(browser)
    press(browser, ".outcome-always")
    assert not hidden(browser)
    browser.get((HTML / CHAPTERS[1]).as_uri())
    assert not hidden(browser)
    keep = press(browser, '.outcome-always[aria-pressed="true"]')
    assert keep.get_attribute("aria-pressed") == "false" and hidden(browser)
    browser.refresh()
    assert hidden(browser)


def test_blocked_storage_breaks_nothing(visit, browser):
    command = "Page.addScriptToEvaluateOnNewDocument"
    blocked = """Object.defineProperty(window, "localStorage",
      {get() { throw new DOMException("blocked", "SecurityError"); }});"""
    script = browser.execute_cdp_cmd(command, {"source": blocked})
    try:
        visit(CHAPTERS[0])
        browser.get_log("browser")
        assert hidden(browser)
        press(browser, ".outcome-always")
        assert not hidden(browser)
        log = browser.get_log("browser")
        assert not [entry for entry in log if "reading.js" in entry["message"]]
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_a_link_into_what_happened_opens_it(visit):
    for page in CHAPTERS:
        soup = BeautifulSoup((HTML / page).read_text(), "html.parser")
        if inside := soup.select_one(".outcome figure[id]"):
            break
    browser = visit(page, anchor=f"#{inside['id']}")
    figure = browser.find_element("id", inside["id"])
    assert figure.is_displayed() and figure.size["height"] > 40
    top = browser.execute_script(
        "return arguments[0].getBoundingClientRect().top", figure
    )
    assert -50 < top < SIZES["desk"][1]


def test_without_scripts_everything_is_shown(visit, browser):
    command = "Emulation.setScriptExecutionDisabled"
    browser.execute_cdp_cmd(command, {"value": True})
    try:
        visit(CHAPTERS[0])
        for outcome in browser.find_elements("css selector", ".outcome"):
            assert outcome.size["height"] > 0
        assert not browser.find_element("css selector", ".outcome-bar").is_displayed()
    finally:
        browser.execute_cdp_cmd(command, {"value": False})


@each_page
def test_folds_of_a_page_have_different_names(page):
    soup = BeautifulSoup((HTML / page).read_text(), "html.parser")
    names = []
    for summary in soup.select("main details > summary"):
        assert not summary.get("aria-label"), summary
        shown = summary.select_one(".collapsed") or summary
        names.append(shown.get_text(" ", strip=True))
    assert len(names) == len(set(names)), sorted(names)


# Walks through a page with the Tab key; answers what took the focus and how it looks.
WALK = """
const at = document.activeElement;
const [style, box] = [getComputedStyle(at), at.getBoundingClientRect()];
const drawn = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none"
  || style.boxShadow !== "none";
return {name: at.outerHTML.slice(0, 120), body: at === document.body,
  seen: drawn || at.type === "radio" || at.type === "checkbox",
  link: at.tagName === "A", in: Boolean(at.closest("main")), width: box.width};
"""


@pytest.mark.parametrize("page", CHAPTERS[:1] + [p for p in CHAPTERS if "91" in p])
def test_the_keyboard_reaches_everything_and_is_seen(page, visit):
    browser = visit(page)
    wanted = browser.execute_script(
        "for (const link of document.querySelectorAll('a')) link.tabIndex = -1;"
        "return [...document.querySelectorAll('main summary, main button,"
        ' main [tabindex="0"]\')].filter((e) => e.checkVisibility()'
        " && !e.closest('details:not([open]) > :not(summary)')).length"
    )
    reached = 0
    for _ in range(wanted + 60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        at = browser.execute_script(WALK)
        if at["body"]:
            break
        assert at["seen"], at["name"]
        reached += at["in"]
    else:
        raise AssertionError("the keyboard never leaves the page")
    assert reached >= wanted > 10


@each_page
def test_nothing_is_cut_at_400_percent(page, visit):
    """1,280 pixels at 400 % are 320 (WCAG 1.4.10)."""
    browser = visit(page, size=(320, 256))
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 320


@each_chapter
def test_what_is_wider_than_its_box_can_be_scrolled_by_keyboard(page, visit):
    browser = visit(page, size="phone")
    stuck = browser.execute_script(
        """return [...document.querySelectorAll("main *")].filter((e) =>
        e.scrollWidth > e.clientWidth + 1 && e.checkVisibility()
        && ["auto", "scroll"].includes(getComputedStyle(e).overflowX)
        && e.clientWidth > 0 && e.tabIndex < 0
        && !e.querySelector("a, button, input, [tabindex]"))
        .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert not stuck


def test_forced_colours_keep_what_colour_says(visit, browser):
    visit(CHAPTERS[0])
    emulate(browser, forced_colors="active")
    look = """const style = getComputedStyle(document.querySelector(arguments[0]));
    return [style.borderInlineStartStyle, style.borderInlineStartWidth];"""
    for selector in ("p.predict", "p.look", ".outcome-show", "div.cell details.hide"):
        style, width = browser.execute_script(look, selector)
        assert style == "solid" and float(width.removesuffix("px")) >= 1, selector
    show = press(browser, ".outcome-show", Keys.ARROW_LEFT)
    assert browser.execute_script(
        "const s = getComputedStyle(arguments[0]);"
        "return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2",
        show,
    )


def test_less_motion_is_no_motion(visit, browser):
    visit(CHAPTERS[0])
    emulate(browser, prefers_reduced_motion="reduce")
    browser.execute_script("document.querySelector('main details').open = true")
    press(browser, ".outcome-show")
    running = browser.execute_script(
        "return document.getAnimations().filter((m) => m.playState === 'running')"
        ".map((m) => m.animationName ?? m.transitionProperty)"
    )
    assert not running
    assert (
        browser.execute_script(
            "return getComputedStyle(document.documentElement).scrollBehavior"
        )
        == "auto"
    )
