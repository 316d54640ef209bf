"""Results of a chapter wait until the reader has predicted."""

import pytest
from bs4 import BeautifulSoup
from built_site import CHAPTERS, HTML, SIZES, press
from selenium.webdriver.common.keys import Keys


@pytest.mark.parametrize("page", CHAPTERS)
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
