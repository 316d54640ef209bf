"""Tables of the site in headless Chromium: width, what stays, sorting, print."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_quick" / "site" / "_build" / "html"
SCRIPT = ROOT / "book" / "_static" / "sorting.js"
SCOREBOARD = "notebooks/91_scoreboard"
WITH_TABLES = (
    SCOREBOARD,
    "notebooks/03_conv_vae",
    "notebooks/08_own_images",
    "notebooks/92_five_projects",
)
PAGES = (*WITH_TABLES, "book/five_projects", "book/command_line")
PHONE, DESK = (390, 844), (1440, 900)
OPEN = """
for (const part of document.querySelectorAll('details')) part.open = true;
for (const button of document.querySelectorAll('.outcome-show')) button.click();
"""
NEXT_FRAME = "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done))"
BOXES = """
const boxes = [...document.querySelectorAll(
  ".cell_output .output.text_html:has(> table), .pst-scrollable-table-container")];
"""
# The scoreboard's table of all columns.
WIDEST = "boxes.find((box) => box.querySelector('tr').innerText.includes('RMSE'))"
# A column of numbers as tables write them, and a column of words.
CELLS = [
    ("1,200", "b"),
    ("97.8 ± 0.4", "a"),
    ("–", "c"),
    ("−3", "a"),
    ("97.8 ± 0.1", "d"),
    ("99 %", ""),
]


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(*DESK)


def open_page(browser, page, size=DESK):
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1}
    command = "Emulation.setDeviceMetricsOverride"
    browser.execute_cdp_cmd(command, {**screen, "mobile": False})
    browser.get((HTML / f"{page}.html").as_uri())
    browser.execute_script(OPEN)
    browser.execute_async_script(NEXT_FRAME)


def complaints(browser):
    return [entry for entry in browser.get_log("browser") if entry["level"] != "INFO"]


@pytest.mark.parametrize("page", PAGES)
def test_no_table_is_cut_on_a_wide_screen(page, browser):
    open_page(browser, page)
    cut = browser.execute_script(
        BOXES + "return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1)"
        ".map((box) => [box.clientWidth, box.scrollWidth, box.innerText.slice(0, 60)])"
    )
    assert cut == []
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= DESK[0]
    assert complaints(browser) == []


def test_tables_follow_the_width_of_the_page(browser):
    from selenium.webdriver.support.ui import WebDriverWait

    open_page(browser, SCOREBOARD)
    script = BOXES + "return [document.documentElement.scrollWidth,"
    script += "parseInt(boxes[2].style.getPropertyValue('--table-room'))]"
    rooms = [browser.execute_script(script)[1]]
    for _ in ("folds the side bar", "unfolds it"):
        browser.find_element("css selector", ".primary-toggle").click()
        wait = WebDriverWait(browser, 10)
        wait.until(lambda b: b.execute_script(script)[1] != rooms[-1])
        width, room = browser.execute_script(script)
        rooms.append(room)
        assert width <= DESK[0]
    assert rooms[1] > rooms[0] and rooms[2] < rooms[1]


@pytest.mark.parametrize("page", PAGES)
def test_on_a_phone_header_and_first_column_stay(page, browser):
    open_page(browser, page, PHONE)
    found = browser.execute_script(
        BOXES
        + """
        const page = document.documentElement.scrollWidth;
        return [page, boxes.filter((box) => box.scrollWidth > box.clientWidth)
          .map((box) => {
            box.scrollLeft = 30;
            box.scrollTop = 40;
            const table = box.querySelector("table");
            const row = table.rows[1].cells[0].getBoundingClientRect();
            const head = table.rows[0].cells[1].getBoundingClientRect();
            const edge = box.getBoundingClientRect();
            return [row.left - edge.left, head.top - edge.top, box.tabIndex];
          })];
        """
    )
    page_width, boxes = found
    assert page_width <= PHONE[0]
    assert boxes
    for left, top, tab in boxes:
        assert abs(left) < 2 and abs(top) < 2 and tab == 0


def test_a_wide_table_covers_no_list_of_contents(browser):
    open_page(browser, SCOREBOARD)
    hidden = "return document.querySelector('.bd-sidebar-secondary')"
    hidden += ".classList.contains('hide')"
    assert not browser.execute_script(hidden)
    browser.execute_script(BOXES + WIDEST + ".scrollIntoView({block: 'center'})")
    browser.execute_async_script(NEXT_FRAME)
    assert browser.execute_script(hidden)


def test_numbers_are_right_aligned_and_words_are_not(browser):
    open_page(browser, SCOREBOARD)
    aligned = browser.execute_script(
        BOXES
        + f"const table = {WIDEST}.querySelector('table');"
        + """
        return [...table.rows[0].cells].map((head, i) =>
          [head.innerText.trim(), getComputedStyle(head).textAlign,
           getComputedStyle(table.rows[1].cells[i]).textAlign]);
        """
    )
    names = {name for name, *_ in aligned}
    assert {"run", "NLL", "network", "ELBO", "KL", "RMSE", "FDD"} <= names
    for name, *alignments in aligned:
        right = name not in ("run", "network")
        assert [a == "right" for a in alignments] == [right, right], name


@pytest.fixture
def table(browser, tmp_path):
    """A page with one table that the script has prepared."""
    rows = "".join(f"<tr><td>{n}</td><td>{w}</td></tr>" for n, w in CELLS)
    rows = rows.replace("</tr>", "<td>x</td></tr>")
    head = "<tr><th>nats </th><th><b>word</b></th><th> </th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    page = tmp_path / "a table.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><title>A table</title>'
        f"<div class='cell_output'><div class='text_html'>{table}</div></div>"
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>",
        encoding="utf-8",
    )
    browser.get(page.as_uri())
    return browser


def column(browser, index):
    script = "return [...document.querySelectorAll('tbody tr')]"
    return browser.execute_script(f"{script}.map((r) => r.cells[{index}].textContent)")


def test_sorting_by_numbers_keeps_ties_and_puts_the_missing_last(table):
    head, _ = table.find_elements("css selector", "th")
    button = head.find_element("css selector", "button")
    assert button.get_attribute("type") == "button" and button.text == "nats"
    assert head.get_attribute("aria-sort") == "none"
    button.click()
    up = ["−3", "97.8 ± 0.4", "97.8 ± 0.1", "99 %", "1,200", "–"]
    assert column(table, 0) == up and head.get_attribute("aria-sort") == "ascending"
    button.click()
    down = ["1,200", "99 %", "97.8 ± 0.4", "97.8 ± 0.1", "−3", "–"]
    assert column(table, 0) == down and head.get_attribute("aria-sort") == "descending"
    button.click()
    assert column(table, 0) == [number for number, _ in CELLS]
    assert head.get_attribute("aria-sort") == "none"


def test_sorting_by_words_with_the_keyboard(table):
    first, second = table.find_elements("css selector", "th")
    first.find_element("css selector", "button").click()
    second.find_element("css selector", "button").send_keys("\ue007")  # enter
    assert column(table, 1) == ["a", "a", "b", "c", "d", ""]
    assert column(table, 0)[:2] == ["97.8 ± 0.4", "−3"]
    assert first.get_attribute("aria-sort") == "none"
    assert second.get_attribute("aria-sort") == "ascending"
    assert second.find_elements("css selector", "button b")
    cells = "tbody tr:first-child td"
    number, word, _ = table.find_elements("css selector", cells)
    assert "number" in number.get_attribute("class")
    assert "number" not in word.get_attribute("class")


def test_a_header_without_text_is_no_header(table):
    assert len(table.find_elements("css selector", "thead th")) == 2
    (cell,) = table.find_elements("css selector", "thead td")
    assert not cell.find_elements("css selector", "button")


def test_without_scripts_a_table_is_as_it_was_made(browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((HTML / f"{SCOREBOARD}.html").as_uri())
        assert not browser.find_elements("css selector", "th button")
        selector = ".cell_output .text_html table"
        tables = browser.find_elements("css selector", selector)
        assert any(table.is_displayed() for table in tables)
    finally:
        command = "Emulation.setScriptExecutionDisabled"
        browser.execute_cdp_cmd(command, {"value": False})


@pytest.mark.parametrize("page", WITH_TABLES)
def test_print_loses_no_column(page, browser):
    open_page(browser, page, (718, 1000))  # A4 less margins, at 96 dpi
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        lost = browser.execute_script(
            BOXES
            + """
            return boxes.filter((box) => {
              const table = box.querySelector("table").getBoundingClientRect();
              const scrolls = getComputedStyle(box).overflowX !== "visible";
              return table.right > innerWidth || scrolls;
            }).map((box) => box.innerText.slice(0, 60));
            """
        )
        assert lost == []
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
