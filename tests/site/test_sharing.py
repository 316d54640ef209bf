"""What the built site tells search engines, cards and web servers, with no address and
with one.
"""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from posixpath import normpath
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

SITE = Path(__file__).parents[2] / "_quick" / "site"
HTML = SITE / "_build" / "html"
ADDRESS = "https://org.github.io/book/"
INTRO = """# The VAE book

A first sentence that says what <the> book is about & for whom. A second one.

```{figure} _static/teaser.png
:alt: Digits.
:target: ../notebooks/stub.html
```

[](../notebooks/stub)

```{figure} _static/teaser.png
:alt: Digits, which a click enlarges.
:width: 50%
```

<p><a href="../notebooks/stub.html">By hand</a> <img src="_static/a.png" alt="A"></p>
"""
STUB = """# A stub

A sentence of the chapter, which is long enough to describe it.

![The teaser of the chapter.](images/stub.png)
"""
TOC = """format: jb-book
root: book/intro
chapters:
  - file: notebooks/stub
"""


@functools.cache
def parse(page):
    return BeautifulSoup(page.read_text(), "html.parser")


def parse_head(page):
    return BeautifulSoup(page.read_text().partition("</head>")[0], "html.parser")


def head(page):
    """Reads the tags that describe a page."""
    tags = parse_head(page).find_all("meta")
    return {tag.get("property") or tag.get("name"): tag.get("content") for tag in tags}


def canonical(page):
    return [link["href"] for link in parse_head(page).find_all("link", rel="canonical")]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A book of two stub pages, built with the real configuration but an address."""
    book = tmp_path_factory.mktemp("published")
    config = yaml.safe_load((SITE / "_config.yml").read_text())
    config["repository"]["url"] = "https://github.com/org/book"
    config["html"]["baseurl"] = ADDRESS
    config["sphinx"]["extra_extensions"].remove("sphinx.ext.autodoc")
    (book / "_config.yml").write_text(yaml.safe_dump(config))
    (book / "_toc.yml").write_text(TOC)
    shutil.copytree(SITE / "book", book / "book")
    (book / "book" / "intro.md").write_text(INTRO)
    for file in ("requirements.txt", "constraints.txt"):
        shutil.copy(SITE / file, book / file)
    (book / "notebooks" / "images").mkdir(parents=True)
    Image.new("L", (1200, 500)).save(book / "notebooks" / "images" / "stub.png")
    cells = [nbformat.v4.new_markdown_cell(STUB)]
    kernel = {"name": "python3", "display_name": "Python 3"}
    stub = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(stub, book / "notebooks" / "stub.ipynb")
    subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", book],
        check=True,
        capture_output=True,
        env={**os.environ, "VAE_BOOK_PROFILE": "quick"},
    )
    return book / "_build" / "html"


def test_without_an_address_no_page_names_one():
    config = yaml.safe_load((SITE / "_config.yml").read_text())
    if not urlsplit(config["html"]["baseurl"]).hostname.endswith(".invalid"):
        pytest.skip("This copy of the book has an address")
    pages = [p for p in HTML.rglob("*.html") if "_static" not in p.parts]
    for page in pages:
        assert canonical(page) == [], page
        tags = head(page)
        assert not {"og:url", "og:image"} & set(tags), page
        assert not [v for v in tags.values() if v and "://" in v], page
    assert not (HTML / "sitemap.xml").exists()
    assert "://" not in (HTML / "robots.txt").read_text()
    assert (HTML / ".nojekyll").exists() and not (HTML / "CNAME").exists()


def test_every_page_of_the_book_describes_itself():
    toc = (SITE / "_toc.yml").read_text()
    described = {}
    for name in re.findall(r"(?:file|root): (\S+)", toc):
        tags = head(HTML / f"{name}.html")
        assert tags["description"] == tags["og:description"], name
        assert 40 <= len(tags["description"]) <= 200, (name, tags["description"])
        assert tags["og:title"] and tags["og:site_name"] == "The VAE book"
        described[name] = tags["description"]
    assert len(set(described.values())) == len(described)


def test_the_index_is_the_first_page_itself():
    index, copy = parse(HTML / "index.html"), parse(HTML / "book" / "intro.html")
    assert index.title.text == copy.title.text != ""
    assert not index.find("meta", attrs={"http-equiv": "Refresh"})
    assert index.find("main").text == copy.find("main").text


def test_both_copies_of_the_first_page_link_to_the_same_places():
    found = []
    for page in (HTML / "index.html", HTML / "book" / "intro.html"):
        folder = page.parent.relative_to(HTML).as_posix()
        tags = parse(page).find_all(["a", "img", "script", "link"])
        uris = [tag.get("href") or tag.get("src") for tag in tags]
        uris = [uri for uri in uris if uri and not urlsplit(uri).scheme]
        places = [normpath(f"{folder}/{uri}") for uri in uris if uri[0] != "#"]
        found.append(places)
        for place in places:
            assert (HTML / urlsplit(place).path).exists(), (page, place)
    index, copy = ({urlsplit(place).path for place in places} for places in found)
    assert index == copy


@pytest.mark.parametrize(
    ("name", "place"), [("index", ""), ("book/intro", ""), ("notebooks/stub",) * 2]
)
def test_a_page_names_its_address(name, place, published):
    page = published / f"{name}.html"
    address = ADDRESS + (f"{place}.html" if place else "")
    assert canonical(page) == [address] == [head(page)["og:url"]]


def test_the_card_of_a_chapter_shows_its_teaser(published):
    tags = head(published / "notebooks" / "stub.html")
    assert tags["og:title"] == "A stub"
    assert tags["og:description"].startswith("A sentence of the chapter, which")
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:image:alt"] == "The teaser of the chapter."
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "500")
    with Image.open(published / tags["og:image"].removeprefix(ADDRESS)) as image:
        assert image.size == (1200, 500)


def test_the_card_of_another_page_shows_the_teaser_of_the_book(published):
    tags = head(published / "index.html")
    expected = "A first sentence that says what <the> book is about & for whom."
    assert tags["og:description"].startswith(expected)
    assert tags["og:image"] == f"{ADDRESS}_static/teaser.png"
    assert (published / "_static" / "teaser.png").exists()


def test_what_a_page_links_to_by_hand_is_found_from_the_index_too(published):
    for name in ("index", "book/intro"):
        page = published / f"{name}.html"
        main = parse(page).find("main").find("article")
        links = [a["href"] for a in main.find_all("a") if "stub" in a["href"]]
        assert len(links) == 3, links
        for link in [*links, main.find("img", alt="A")["src"]]:
            path = (page.parent / link).resolve().relative_to(published.resolve())
            assert path.as_posix() in ("notebooks/stub.html", "book/_static/a.png")


def test_a_small_picture_links_to_its_file_from_both_copies(published):
    for name in ("index", "book/intro"):
        page = published / f"{name}.html"
        links = parse(page).find("article").find_all("a", class_="image-reference")
        found = {(page.parent / link["href"]).resolve() for link in links}
        assert (published / "_images" / "teaser.png").resolve() in found


def test_the_sitemap_lists_every_page_once(published):
    root = ElementTree.parse(published / "sitemap.xml").getroot()
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = [loc.text for loc in root.findall("s:url/s:loc", space)]
    assert listed == [ADDRESS, f"{ADDRESS}notebooks/stub.html"]
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (published / "robots.txt").read_text()


def test_launch_and_repository_buttons_lead_to_the_repository(published):
    text = (published / "notebooks" / "stub.html").read_text()
    chapter = "github/org/book/blob/main/notebooks/stub.ipynb"
    assert f"https://colab.research.google.com/{chapter}" in text
    assert "https://github.com/org/book" in text


@pytest.fixture
def pages(published):
    """Serves the book as GitHub Pages does: in a folder, with its page 404."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            inside = urlsplit(path).path.removeprefix("/book/")
            return str(published / (inside or "index.html"))

        def send_error(self, code, *arguments):
            body = (published / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/book/"
        server.shutdown()


def test_the_page_for_missing_addresses_works_at_any_depth(pages):
    missing = f"{pages}a/folder/that/is/not/there.html"
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(missing)
    assert answer.value.code == 404
    soup = BeautifulSoup(answer.value.read(), "html.parser")
    assert soup.find("article").find("h1").text == "This page does not exist"
    uris = [tag.get("href") or tag.get("src") for tag in soup.find_all(True)]
    places = {urljoin(missing, uri) for uri in uris if uri and uri[0] != "#"}
    places = {place for place in places if place.startswith(pages)}
    assert {f"{pages}index.html", f"{pages}notebooks/stub.html"} <= places
    for place in places:
        assert urllib.request.urlopen(place).status == 200
