"""What the site report measures, on pages whose numbers are known."""

import gzip
import urllib.error
import urllib.request

import page_load
import pytest
import site_report
from site_server import serve

SHIFT = """<!doctype html><title>A page</title>
<link rel="icon" href="data:,">
<style>div { height: 2500px } section { height: 0 }</style>
<section></section><p>Some words</p><script src="a.js"></script>
<div></div><img src="b.svg" loading="lazy" width="10" height="10">
<div></div><div></div><img src="c.svg" loading="lazy" width="10" height="10">"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"></svg>'
# Moves the words, which fill part of the first screen, after they were painted.
SCRIPT = (
    """addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => {
  document.querySelector("section").style.height = "200px";
}, 300)));"""
    + " " * 4000
)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text(SHIFT)
    (tmp_path / "a.js").write_text(SCRIPT)
    for name in ("b.svg", "c.svg"):
        (tmp_path / name).write_text(SVG)
    return tmp_path


def test_files_travel_compressed(site):
    with serve(site) as address:
        with urllib.request.urlopen(f"{address}/a.js?v=1") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            content = answer.read()
        assert gzip.decompress(content).decode() == SCRIPT
        assert len(content) < len(SCRIPT) / 10
        with urllib.request.urlopen(address) as answer:
            assert "A page" in gzip.decompress(answer.read()).decode()
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/missing.js")
        caught.value.close()


def test_shifts_add_up_within_a_session():
    at = [(0, 0.1), (900, 0.1), (2500, 0.15), (9000, 0.01)]
    shifts = [{"time": time, "value": value} for time, value in at]
    assert page_load.score_shifts(shifts) == pytest.approx(0.2)
    steady = [{"time": 500 * n, "value": 0.1} for n in range(14)]
    assert page_load.score_shifts(steady) == pytest.approx(1.1)
    assert page_load.score_shifts([]) == 0


def test_tasks_block_beyond_fifty_milliseconds():
    assert page_load.add_blocking([(0, 50), (100, 80), (300, 51)]) == 31


def test_a_page_is_measured(site, open_browser):
    open_browser().quit()  # skips where there is no browser
    browser = page_load.open_chromium()
    try:
        with serve(site) as address:
            load = page_load.measure(browser, f"{address}/index.html", page_load.DESK)
    finally:
        browser.quit()
    names = {url.rpartition("/")[2] for url in load.sizes}
    assert names == {"index.html", "a.js", "b.svg", "c.svg"}
    assert load.requests == 4
    assert load.raw == len(SHIFT) + len(SCRIPT) + 2 * len(SVG)
    assert load.sizes[f"{address}/a.js"] < 1000 < len(SCRIPT)
    # The last picture is too far away to load before the reader scrolls.
    assert load.first <= load.compressed - load.sizes[f"{address}/c.svg"]
    assert load.lcp > 0 and load.ready is None and load.shift > 0
    row = site_report.make_row("index.html", page_load.DESK, load)
    assert len(row) == len(site_report.HEADERS) and row[0] == "index"
