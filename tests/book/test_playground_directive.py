"""The directive `vae-playground`: what it puts in a page, and what the page loads."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playground_site import show
from widget_pages import allow_scripts, open_without_scripts, wait_until

from vae_utils.playground import DATA, STYLES

ROOT = Path(__file__).parents[2]
BUDGET = 250_000  # bytes of what the page loads before it trains, compressed
FALLBACK = "This is shown where scripts are off."
PAGES = {
    "index": "# A page\n\nWithout one.\n\n```{toctree}\ndeep/one\ntwo\n```\n",
    "deep/one": f"# One\n\n```{{vae-playground}}\n{FALLBACK}\n```\n",
    "two": "# Two\n\n```{vae-playground}\n```\n\n```{vae-playground}\n```\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Builds a small site; returns its folder."""
    folder = tmp_path_factory.mktemp("a site")
    (folder / "conf.py").write_text('extensions = ["myst_parser", "playground"]')
    for name, text in PAGES.items():
        (folder / f"{name}.md").parent.mkdir(exist_ok=True)
        (folder / f"{name}.md").write_text(text)
    paths = os.pathsep.join([str(ROOT / "book" / "_ext"), str(ROOT)])
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", folder, folder / "html"],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return folder / "html"


def read(site, name):
    return BeautifulSoup((site / f"{name}.html").read_text(), "html.parser")


def list_files(soup):
    """Lists the playground's files that a page names, with the element's name."""
    named = [(e.name, e.get("src") or e.get("href")) for e in soup("script")]
    named += [(e.name, e.get("href")) for e in soup("link")]
    return [
        (name, address.split("?")[0])
        for name, address in named
        if address and "_static/playground/" in address
    ]


def test_all_files_are_written(site):
    written = {path.name for path in (site / "_static" / "playground").iterdir()}
    assert written == {
        "playground.js",
        *(f"data_{name}.js" for name in DATA),
        *(style.name for style in STYLES),
    }


def test_a_page_without_a_playground_loads_nothing(site):
    assert list_files(read(site, "index")) == []


def test_a_page_with_one_loads_script_styles_and_first_data(site):
    found = list_files(read(site, "deep/one"))
    expected = [("script", "playground.js"), ("link", "data_digits.js")]
    expected += [("link", style.name) for style in STYLES]
    folder = "../_static/playground/"
    assert sorted(found) == sorted((kind, folder + name) for kind, name in expected)
    for _, address in found:
        assert (site / "deep" / address).is_file()
    preloaded = read(site, "deep/one").select_one("link[rel=preload]")
    assert preloaded["as"] == "script" and "data_digits.js" in preloaded["href"]


def test_what_the_page_loads_first_is_light(site):
    folder = site / "_static" / "playground"
    names = ["playground.js", "data_digits.js", *(style.name for style in STYLES)]
    sizes = {name: len(gzip.compress((folder / name).read_bytes())) for name in names}
    assert sum(sizes.values()) <= BUDGET, sizes


def test_the_fallback_is_for_pages_without_scripts(site):
    root = read(site, "deep/one").select_one(".vae-playground")
    assert root.select_one("noscript").get_text(strip=True) == FALLBACK
    names = [each["id"] for each in read(site, "two").select(".vae-playground")]
    assert len(set(names)) == 2


@pytest.fixture(scope="module")
def browser(open_browser):
    return open_browser(1200, 900)


def test_a_built_page_trains(browser, site):
    address = (site / "deep" / "one.html").as_uri()
    show(browser, address)
    browser.find_element("css selector", ".vp-play").click()
    line = "document.querySelector('.vp-place').textContent"
    wait_until(browser, f"return Number({line}.match(/step (\\d+)/)?.[1]) > 5")
    browser.find_element("css selector", ".vp-play").click()
    assert FALLBACK not in browser.find_element("tag name", "body").text
    assert "#data=digits&mode=vae&" in browser.current_url
    assert browser.get_log("browser") == []


def test_the_fallback_is_shown_without_scripts(browser, site):
    open_without_scripts(browser, (site / "deep" / "one.html").as_uri())
    assert FALLBACK in browser.find_element("tag name", "body").text
    allow_scripts(browser)
