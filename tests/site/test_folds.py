"""What chapters mark as "Deeper" is folded, and opens where it is asked for."""

import time

import pytest
from bs4 import BeautifulSoup
from built_site import CHAPTERS, HTML, SIZES, press
from selenium.webdriver.common.keys import Keys

SOUPS = {
    page: BeautifulSoup((HTML / page).read_text(), "html.parser") for page in CHAPTERS
}
FOLDED = [page for page, soup in SOUPS.items() if soup.select("section.deeper")]


def fold_of(browser, name):
    """Returns whether a section's fold is open, and where its top is, in pixels."""
    return browser.execute_script(
        """const fold = document.getElementById(arguments[0])
          .querySelector(":scope > details");
        return [fold.open, fold.getBoundingClientRect().top];""",
        name,
    )


@pytest.mark.parametrize("page", FOLDED)
def test_every_fold_is_closed_and_takes_one_line(page, visit):
    for size in SIZES:
        heights = visit(page, size=size).execute_script(
            "return [...document.querySelectorAll('details.fold')]"
            ".filter((e) => e.checkVisibility()).map((e) => e.clientHeight)"
        )
        assert heights and max(heights) < 100


def test_chapters_have_folds():
    assert FOLDED


def test_an_address_opens_the_fold_that_it_names(visit):
    name = SOUPS[FOLDED[0]].select("section.deeper")[-1]["id"]
    browser = visit(FOLDED[0], anchor=f"#{name}")
    is_open, top = fold_of(browser, name)
    assert is_open and -50 < top < SIZES["desk"][1]


def test_an_address_opens_the_fold_that_it_leads_into(visit):
    inside, page = next(
        (found["id"], page)
        for page in FOLDED
        for found in SOUPS[page].select("section.deeper details.fold [id]")
        if not found.find_parent(class_="outcome")
    )
    browser = visit(page, anchor=f"#{inside}")
    element = browser.find_element("id", inside)
    assert browser.execute_script(
        "return arguments[0].closest('details.fold').open", element
    )
    top = browser.execute_script(
        "return arguments[0].getBoundingClientRect().top", element
    )
    assert -50 < top < SIZES["desk"][1]


def in_sight(browser, name):
    """Returns whether an element is laid out, and its top is on the screen."""
    return browser.execute_script(
        """const element = document.getElementById(arguments[0]);
        const { top, height } = element.getBoundingClientRect();
        return height > 0 && top > -50 && top < innerHeight;""",
        name,
    )


def test_an_address_opens_a_fold_and_the_outcome_in_it(visit):
    inside, page = next(
        (found["id"], page)
        for page in FOLDED
        for found in SOUPS[page].select("section.deeper .outcome figure[id]")
    )
    assert in_sight(visit(page, anchor=f"#{inside}"), inside)


def test_an_address_opens_an_outcome_and_the_fold_in_it(visit):
    browser = visit(FOLDED[0])
    outcome = browser.find_element("css selector", ".outcome")
    browser.execute_script(
        """arguments[0].insertAdjacentHTML("beforeend", `<details class="fold">
        <summary>Deeper</summary><p id="deep-inside">Inside.</p></details>`);
        location.hash = "deep-inside";""",
        outcome,
    )
    time.sleep(0.3)
    assert in_sight(browser, "deep-inside")
    assert browser.find_element("css selector", ".outcome-show").text.startswith("Hide")


def test_a_link_opens_its_fold_again_and_again(visit):
    name = SOUPS[FOLDED[0]].select("section.deeper")[0]["id"]
    browser = visit(FOLDED[0])
    browser.execute_script(
        """const link = document.createElement("a");
        link.href = "#" + arguments[0];
        link.id = "a-link";
        document.querySelector("main p").append(link, "a");
        link.textContent = "there";""",
        name,
    )
    assert not fold_of(browser, name)[0]
    for _ in range(2):
        browser.execute_script("document.getElementById('a-link').click()")
        time.sleep(0.3)  # the address changes after the click
        assert fold_of(browser, name)[0]
        browser.execute_script(
            "document.getElementById(arguments[0]).firstElementChild.open = false", name
        )


def test_a_fold_opens_by_keyboard_and_tells_widgets(visit):
    browser = visit(FOLDED[0])
    browser.execute_script("addEventListener('resize', () => (window.told = true))")
    summary = press(browser, "section.deeper summary", Keys.ENTER)
    time.sleep(0.2)
    assert summary.find_element("xpath", "..").get_attribute("open")
    assert browser.execute_script("return window.told")


def test_the_contents_of_a_page_leave_folds_out():
    for page in FOLDED:
        listed = SOUPS[page].select(".bd-sidebar-secondary a")
        assert listed
        assert not [link for link in listed if link.get_text().startswith("Deeper")]


def test_paper_shows_folds_open(visit, browser):
    visit(FOLDED[0])
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    heights = browser.execute_script(
        "return [...document.querySelectorAll('section.deeper > details')]"
        ".map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) > 60


def test_without_scripts_a_fold_works(visit, browser):
    command = "Emulation.setScriptExecutionDisabled"
    browser.execute_cdp_cmd(command, {"value": True})
    try:
        visit(FOLDED[0])
        summary = press(browser, "section.deeper summary", Keys.SPACE)
        assert summary.find_element("xpath", "..").get_attribute("open")
    finally:
        browser.execute_cdp_cmd(command, {"value": False})


def test_links_to_terms_say_what_they_mean():
    terms = [link for soup in SOUPS.values() for link in soup.select("main a.term")]
    assert terms
    for link in terms:
        assert "\\" not in link["title"] and len(link["title"]) > 10, link
