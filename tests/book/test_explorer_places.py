"""Links to a place of the explorer, several explorers, cells, and what can go wrong."""

import numpy as np
import pytest
from explorer_page import (
    FRAMES,
    choose,
    click,
    make_page,
    place,
    show,
    text_of,
    wait,
)

from vae_utils import explorer

CHOSEN = ".vw-choice input[name$=network]:checked"
NOT_HERE = "The link asks for a network that is not here, so nothing was changed."
NO_PLACE = "The link should give the place as two numbers, such as z=1.20,-0.40."
EDGE = "The link leads beyond the map; this is its edge."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("an explorer")  # a path with a space


@pytest.fixture(scope="module")
def page(folder):
    return make_page(folder)


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(1000, 1000)


def chosen(browser, explorer=""):
    found = browser.find_element("css selector", f"{explorer} {CHOSEN}")
    return found.get_attribute("value")


def test_a_link_leads_to_its_place(browser, page):
    show(browser, page, "#model=beta_4&z=1.20,-0.40")
    assert (chosen(browser), place(browser)) == ("beta_4", (1.2, -0.4))
    show(browser, page, "#model=cvae&z=-0.5,1&digit=3")
    digit = browser.find_element("css selector", "input[name$=digit]:checked")
    assert (chosen(browser), place(browser)) == ("cvae", (-0.5, 1))
    assert digit.get_attribute("value") == "3"
    assert browser.get_log("browser") == []


def test_a_link_without_a_place_chooses_the_network(browser, page):
    show(browser, page, "#model=ae")
    assert chosen(browser) == "ae"


def test_a_new_fragment_is_followed(browser, page):
    show(browser, page)
    browser.execute_script("location.hash = '#model=ae&z=10,-20'")
    wait(browser, "await VAEBook.load('ae'); " + FRAMES)
    assert (chosen(browser), place(browser)) == ("ae", (10, -20))


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("#model=gan&z=0,0", NOT_HERE),
        ("#model=__proto__&z=0,0", NOT_HERE),
        ("#model=<img src=x onerror=alert(1)>", NOT_HERE),
        ("#model=vae&z=NaN,1", NO_PLACE),
        ("#model=vae&z=1", NO_PLACE),
        ("#model=vae&z=1,2,3", NO_PLACE),
        ("#model=vae&z=Infinity,0", NO_PLACE),
        ("#model=vae&z=1e400,0", NO_PLACE),
        ("#model=vae&z=%ZZ", NO_PLACE),
        ("#model=vae&z=900,-900", EDGE),
        ("#model=vae&z=1,1&explorer=7", ""),
        ("#model=vae&z=1,1&digit=99&explorer=x", ""),
        ("#what-you-see", ""),
        ("#model", ""),
        ("#%", ""),
    ],
)
def test_nonsense_in_a_link_is_no_error(fragment, said, browser, page):
    show(browser, page, fragment)
    assert chosen(browser) == "vae"
    assert text_of(browser, ".vx-wish") == said
    x, y = place(browser)
    half = browser.execute_script("return VAEBook.models.vae.frame.half")
    assert max(abs(x), abs(y)) <= half + 0.01
    assert browser.get_log("browser") == []


def test_a_link_can_be_copied(browser, page):
    show(browser, page, "#model=beta_4&z=1.20,-0.40")
    script = (
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value:"
        " { async writeText(text) { window.copied = text; } } })"
    )
    browser.execute_script(script)
    click(browser, "Copy link to this place")
    wait(browser, FRAMES)
    copied = browser.execute_script("return copied")
    assert copied == page.as_uri() + "#model=beta_4&z=1.20,-0.40"
    assert text_of(browser, ".vx-status") == "Copied: a link to z = (1.20, −0.40)."


def test_without_a_clipboard_the_link_is_shown(browser, page):
    show(browser, page)
    browser.execute_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = () => false"
    )
    click(browser, "Copy link to this place")
    wait(browser, FRAMES)
    field = browser.find_element("css selector", ".vx-link")
    assert field.is_displayed() and "#model=vae&z=" in field.get_attribute("value")
    assert "did not let the page copy" in text_of(browser, ".vx-status")


# Makes one network arrive late.
LATE = """<script>
window.VAEBook = {
  set load(load) { this.loadNow = load; },
  get load() {
    const ms = (name) => (name === LATE ? 300 : 0);
    const wait = (name) => new Promise((done) => setTimeout(done, ms(name)));
    return async (name) => { await wait(name); return this.loadNow(name); };
  },
};
</script>"""


@pytest.mark.parametrize("late", ["vae", "ae"])
def test_two_explorers_on_a_page_do_not_meddle(late, browser, tmp_path):
    names = ("vae", "ae")
    body = LATE.replace("LATE", f"'{late}'") + "".join(
        f'<div class="vae-widget vae-explorer" id="e{i}" data-model="{name}"></div>'
        for i, name in enumerate(names)
    )
    show(browser, make_page(tmp_path, body), "#model=beta_4&z=1,1&explorer=2")
    assert [chosen(browser, f"#e{i}") for i in (0, 1)] == [names[0], "beta_4"]
    places = [text_of(browser, f"#e{i} .vx-where") for i in (0, 1)]
    assert places[1] == "z = (1.00, 1.00)" != places[0]
    browser.find_element("css selector", "#e0 .vx-plane").send_keys("\ue011")
    wait(browser, FRAMES)
    assert text_of(browser, "#e1 .vx-where") == places[1]
    assert text_of(browser, "#e0 .vx-where") == "z = (0.00, 0.00)"
    assert browser.get_log("browser") == []


def make_cells(folder, *cells):
    html = [explorer.make_html(f"cell-{i}", names) for i, names in enumerate(cells)]
    path = folder / "cells.html"
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cells</title>'
        f"<body>{''.join(html)}</body></html>"
    )
    return path


def test_cells_carry_what_they_need(browser, tmp_path):
    page = make_cells(tmp_path, ("vae",), ("ae", "vae"))
    show(browser, page)
    wait(browser, FRAMES)
    for i, names in enumerate((["vae"], ["ae", "vae"])):
        cell = f"#cell-{i}"
        offered = browser.find_elements("css selector", f"{cell} input[name$=network]")
        assert [each.get_attribute("value") for each in offered] == names
        assert chosen(browser, cell) == names[0]
        choice = browser.find_element("css selector", f"{cell} fieldset")
        assert choice.is_displayed() is (len(names) > 1)
        note = text_of(browser, f"{cell} .vx-note")
        run = explorer.NETWORKS[names[0]].study
        assert run in note and "not the one that your notebook trains" in note
        plane = browser.find_element("css selector", f"{cell} .vx-plane")
        plane.send_keys("\ue011")
        wait(browser, FRAMES)
        assert text_of(browser, f"{cell} .vx-where") == "z = (0.00, 0.00)"
        fallback = browser.find_elements("css selector", f"{cell} > p")
        assert fallback == []
    models = browser.execute_script("return Object.keys(VAEBook.models)")
    assert sorted(models) == ["ae", "vae"]
    # Somewhere else than in the book, an address says nothing of a place.
    copy = browser.find_element("xpath", "//button[starts-with(text(), 'Copy')]")
    assert not copy.is_displayed()
    asked = browser.execute_script("return performance.getEntriesByType('resource')")
    assert asked == [] and browser.get_log("browser") == []


def test_a_cell_shows_the_vae_unless_it_is_told_otherwise():
    html = explorer.show_explorer().data
    assert html.count('VAEBook.add("') == 1 and 'VAEBook.add("vae"' in html
    with pytest.raises(ValueError, match=r"vae, .*cvae.*Received: name='gan'"):
        explorer.show_explorer("vae", "gan")


def test_data_of_a_cell_cannot_end_its_script():
    html = explorer.show_explorer(*explorer.NETWORKS).data
    assert html.count("</script") == html.count("<script") == 1
    assert "<!--" not in html


def test_a_missing_script_is_named_and_the_choice_before_stays(browser, page):
    script = page.with_name("model_beta_4.js")
    hidden = script.rename(script.with_suffix(".hidden"))
    try:
        show(browser, page)
        browser.find_element("css selector", "input[value=beta_4] + span").click()
        # The page shows the place when nothing has changed for 0.4 s: wait for longer.
        quiet = "; await new Promise((go) => setTimeout(go, 1500))"
        missing = "await VAEBook.load('beta_4').catch(() => {}); " + FRAMES
        wait(browser, missing + quiet)
        told = text_of(browser, ".vx-status")
        assert told == "model_beta_4.js is missing: build the book again."
        assert chosen(browser) == "vae"
    finally:
        hidden.rename(script)
    assert "ERR_FILE_NOT_FOUND" in browser.get_log("browser")[-1]["message"]
    choose(browser, "beta_4")  # it is asked for again
    assert "weighted by 4" in text_of(browser, ".vx-about")


def test_it_works_where_storage_is_blocked(browser, page):
    command = "Page.addScriptToEvaluateOnNewDocument"
    source = (
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name,"
        " { get() { throw new DOMException('blocked', 'SecurityError'); } });"
    )
    added = browser.execute_cdp_cmd(command, {"source": source})
    try:
        show(browser, page)
        assert chosen(browser) == "vae" and len(place(browser)) == 2
        assert browser.get_log("browser") == []
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_forced_colours_show_the_choice_and_the_handle(browser, page):
    show(browser, page)
    forced = [{"name": "forced-colors", "value": "active"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": forced})
    colours = browser.execute_script(
        "const of = (s, p, pseudo) => getComputedStyle(document.querySelector(s),"
        " pseudo)[p]; return [of('.vw-choice input:checked + span', 'backgroundColor'),"
        " of('.vw-choice input:not(:checked) + span', 'backgroundColor'),"
        " of('.vx-handle', 'backgroundColor', '::after'),"
        " of('.vx-plane', 'backgroundColor')]"
    )
    assert colours[0] == colours[2]  # the system's Highlight
    assert colours[0] not in (colours[1], colours[3])
    assert "rgb(215, 38, 61)" not in colours[2]


@pytest.mark.parametrize("width", [320, 390, 823, 1133])
def test_it_fits(width, browser, page):
    command = "Emulation.setDeviceMetricsOverride"
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd(command, screen)
    try:
        show(browser, page)
        box, over, plane = browser.execute_script(
            "const box = (name) => document.querySelector(name)"
            ".getBoundingClientRect(); return [box('.vae-explorer').height,"
            " document.documentElement.scrollWidth - innerWidth,"
            " box('.vx-plane').width]"
        )
        assert over <= 0
        if width > 600:
            assert box <= 900  # one screen
            tops = browser.execute_script(
                "return ['.vx-pad', '.vx-plane', '.vx-drawn'].map((name) =>"
                " document.querySelector(name).getBoundingClientRect().top)"
            )
            np.testing.assert_allclose(tops, tops[0], atol=30)  # one row
        else:
            assert plane < 0.9 * width  # room for a finger that scrolls
            top, bottom = browser.execute_script(
                "return [document.querySelector('.vx-pad').getBoundingClientRect().top,"
                " document.querySelector('.vx-plane').getBoundingClientRect().bottom]"
            )
            assert bottom - top < 700  # the code is in view while one draws
    finally:
        browser.execute_cdp_cmd(command, {**screen, "width": 1000, "height": 1000})
