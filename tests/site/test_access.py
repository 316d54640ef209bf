"""Every page of the built site for everybody: axe, keyboard, zoom, colours, motion."""

import os

import pytest
from bs4 import BeautifulSoup
from built_site import CHAPTERS, HTML, PAGES, ROOT, SIZES, emulate, press, resize
from selenium.webdriver.common.keys import Keys

each_page = pytest.mark.parametrize("page", PAGES)
each_chapter = pytest.mark.parametrize("page", CHAPTERS)


def test_the_site_has_pages():
    assert len(PAGES) >= 20 and len(CHAPTERS) >= 11, "run `make site`"


# What axe finds in a theme, with all folds open. Of coloured words in code, one of each
# kind stays, and of formulas what is read aloud: a page has thousands of both, and axe
# would look at each of them four times.
AXE = """
const done = arguments[arguments.length - 1];
const seen = new Set();
function thin() {
  for (const word of document.querySelectorAll(".highlight span, dl.py span")) {
    const place = word.closest(".cell_output, .cell_input, .sig, dl")?.className;
    const kind = [word.className, word.parentElement.className, place].join();
    if (seen.has(kind)) word.replaceWith(...word.childNodes);
    seen.add(kind);
  }
  for (const glyphs of document.querySelectorAll("mjx-math")) glyphs.replaceChildren();
}
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
load.then(still).then(() => window.MathJax?.startup?.promise)
  .then(() => window.VAEBook?.ready).then(thin).then(() => done());
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
    browser.execute_async_script(AXE)
    found = []
    for size in SIZES.values():
        resize(browser, *size)
        for theme in ("light", "dark"):
            found += browser.execute_async_script(
                "window.look(arguments[0]).then(arguments[1])", theme
            )
    assert not found, "\n".join(found)


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
def test_no_page_is_wider_than_a_phone_or_400_percent(page, visit):
    """1,280 pixels at 400 % are 320 (WCAG 1.4.10)."""
    for size in ((390, 844), (320, 256)):
        browser = visit(page, size=size)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= size[0]


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
