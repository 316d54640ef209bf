"""A chapter on paper: nothing is cut off, nothing is left out by accident."""

import base64
import io
import re

import pypdf
import pytest
from bs4 import BeautifulSoup
from built_site import HTML, resize

PAPER = (8.5, 11)  # inches
MARGINS = (30, 32)  # millimetres in all, as in print.css


@pytest.fixture(scope="module")
def printed(browser):
    """Prints a chapter; returns its number of pages and its text without spaces."""
    browser.get((HTML / "notebooks" / "02_fc_vae.html").as_uri())
    sheet = {"paperWidth": PAPER[0], "paperHeight": PAPER[1], "preferCSSPageSize": True}
    data = browser.execute_cdp_cmd("Page.printToPDF", sheet)["data"]
    pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(data))).pages
    return len(pages), squeeze("".join(page.extract_text() for page in pages))


def squeeze(text):
    return re.sub(r"\s+", "", text)


def printed_soup():
    """The part of that chapter which paper is to show."""
    text = (HTML / "notebooks" / "02_fc_vae.html").read_text()
    main = BeautifulSoup(text, "html.parser").find("main")
    for folded in main.select(".tag_hide-input details.above-input"):
        folded.decompose()
    return main


def test_paper_shows_the_longest_line_of_code_and_every_column(printed):
    _, text = printed
    lines = [
        line
        for block in printed_soup().select(".cell_input pre, .cell_output pre")
        for line in block.get_text().splitlines()
    ]
    assert squeeze(max(lines, key=len)) in text
    rows = [row.find_all(["th", "td"]) for row in printed_soup().select("table tr")]
    widest = [row for row in rows if len(row) == max(map(len, rows))]
    assert len(widest[0]) >= 7
    for row in widest:
        assert squeeze(row[-1].get_text()) in text


def test_paper_shows_what_the_page_folds_but_for_set_up_and_figures(printed):
    pages, text = printed
    assert pages < 30
    solution = printed_soup().select("#solution-to-exercise-2 pre")[0].get_text()
    assert squeeze(solution) in text
    for absent in ("google.colab", "Showwhathappened", "Showsolution", "Ctrl+K"):
        assert absent not in text


def test_paper_cuts_nothing_off_and_holds_each_box(visit, browser):
    visit("notebooks/02_fc_vae.html")
    width, height = (
        int(96 * (side - margin / 25.4))
        for side, margin in zip(PAPER, MARGINS, strict=True)
    )
    resize(browser, width, height)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    cut = browser.execute_script(
        """return [...document.querySelectorAll("main *")].filter((e) =>
        e.clientWidth > 0 && e.checkVisibility()
        && !e.closest("span.math, mjx-container")
        && (e.getBoundingClientRect().right > innerWidth + 1
          || (e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).overflowX !== "visible")))
        .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert not cut
    tall = browser.execute_script(
        """return [...document.querySelectorAll("main div.cell_input, main figure")]
        .filter((e) => e.getBoundingClientRect().height > innerHeight
          || getComputedStyle(e).breakInside !== "avoid")
        .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert not tall
    missing = browser.execute_script(
        "return [...document.querySelectorAll('main img')]"
        ".filter((e) => e.checkVisibility() && e.loading !== 'lazy'"
        " && !(e.complete && e.naturalWidth)).map((e) => e.src)"
    )
    assert not missing


def test_pictures_that_load_late_are_on_paper(printed, browser):
    browser.get((HTML / "notebooks" / "02_fc_vae.html").as_uri())
    browser.execute_script(
        "for (const e of document.querySelectorAll('main img')) {"
        "e.loading = 'lazy'; const at = e.src; e.src = ''; e.src = at; }"
    )
    browser.execute_cdp_cmd("Page.printToPDF", {})
    late = browser.execute_script(
        "return [...document.querySelectorAll('main img')]"
        ".filter((e) => !(e.complete && e.naturalWidth)).length"
    )
    assert late == 0
