"""The built site, made by `make site` from notebooks executed in the quick profile."""

import functools
import io
import re
from binascii import a2b_base64
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

SITE = Path(__file__).parents[2] / "_quick" / "site"
HTML = SITE / "_build" / "html"
PAGES = sorted(p for p in HTML.glob("**/*.html") if "_static" not in p.parts)
CHAPTERS = sorted((SITE / "notebooks").glob("*.ipynb"))
LOADING = {
    "script": "src", "img": "src", "source": "src", "video": "src", "iframe": "src",
    "embed": "src", "object": "data",
}  # fmt: skip
LOADING_LINKS = {"stylesheet", "preload", "prefetch", "preconnect", "icon", "manifest"}

each_page = pytest.mark.parametrize("page", PAGES, ids=[p.stem for p in PAGES])
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=[p.stem for p in CHAPTERS])


@functools.cache
def parse(page):
    return BeautifulSoup(page.read_text(), "html.parser")


@functools.cache
def anchors(page):
    return {tag["id"] for tag in parse(page).find_all(id=True)}


def follow(page, path):
    """Returns the file that a path leads to; the page 404 has paths of the host."""
    if path.startswith("/"):
        address = yaml.safe_load((SITE / "_config.yml").read_text())["html"]["baseurl"]
        return HTML / path.removeprefix(urlsplit(address).path)
    return (page.parent / path).resolve()


def main_part(page):
    return parse(page).find("main")


def test_the_site_is_there():
    assert (HTML / "index.html").is_file(), "run `make site`"
    assert {f"{path.stem}.html" for path in CHAPTERS} <= {page.name for page in PAGES}


@each_page
def test_a_page_loads_nothing_from_elsewhere(page):
    soup = parse(page)
    loaded = [tag.get(LOADING[tag.name]) for tag in soup.find_all(list(LOADING))]
    for link in soup.find_all("link"):
        if LOADING_LINKS & set(link.get("rel", [])):
            loaded.append(link["href"])
    loaded += re.findall(r"url\(([^)]+)\)", " ".join(map(str, soup.find_all("style"))))
    for address in filter(None, loaded):
        address = address.strip("'\"")  # as style sheets may quote it
        if address.startswith("data:"):
            continue
        parts = urlsplit(address)
        assert not parts.scheme and not parts.netloc, address
        assert follow(page, unquote(parts.path)).exists(), address


def test_stylesheets_load_nothing_from_elsewhere():
    for sheet in HTML.glob("_static/**/*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        assert not re.search(r"(@import|url\()\s*['\"]?(https?:)?//", text), sheet


@each_page
def test_links_inside_the_site_lead_somewhere(page):
    for link in main_part(page).find_all("a", href=True) if main_part(page) else []:
        parts = urlsplit(link["href"])
        if parts.scheme or parts.netloc:
            continue
        target = follow(page, unquote(parts.path)) if parts.path else page
        assert target.exists(), link["href"]
        if parts.fragment and target.suffix == ".html":
            assert unquote(parts.fragment) in anchors(target), link["href"]


@each_page
def test_every_picture_has_alt_text(page):
    for image in parse(page).find_all("img"):
        alt = image.get("alt", "")
        named = alt and not re.search(r"\.(png|gif|svg)$|^_images|^\.\./", alt)
        assert named, image.get("src")


@each_page
def test_figures_are_numbered_by_chapter(page):
    soup = parse(page)
    title = soup.find("h1").get_text() if soup.find("h1") else ""
    chapter = re.match(r"\w+(?= · )", title)
    before = f"{chapter[0]}." if chapter else ""
    captions = soup.select("figcaption .caption-number")
    found = [caption.get_text().strip() for caption in captions]
    assert found == [f"Fig. {before}{i}" for i, _ in enumerate(found, 1)]
    assert found or not soup.select("main figure")


def test_the_side_bar_shows_the_numbers_of_chapters():
    links = parse(HTML / "book" / "intro.html").select("nav.bd-links .toctree-l1 > a")
    titles = [link.get_text() for link in links if "notebooks/" in link["href"]]
    assert [title.split(" · ")[0] for title in titles] == [*"012345678", *"ABCD"]


@each_page
def test_mathematics_is_rendered_from_the_site_itself(page):
    soup = parse(page)
    if soup.find(class_="math"):
        inline = " ".join(s.get_text() for s in soup.find_all("script", src=False))
        (address,) = re.findall(r'src = "([^"]*mathjax[^"]*)"', inline)
        file = (page.parent / address).resolve()
        assert file.is_file() and file.is_relative_to(HTML.resolve())


def test_mathjax_is_cut_to_what_pages_load():
    folder = HTML / "_static" / "mathjax"
    assert (folder / "formulas.js").is_file()
    assert list((folder / "output" / "chtml" / "fonts").rglob("*.woff"))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert size < 2_000_000


@each_page
def test_pages_built_on_the_sample_say_so(page):
    if page.stem in ("search", "genindex", "py-modindex") or not main_part(page):
        return
    assert "built on the small sample" in parse(page).get_text()


@each_chapter
def test_a_chapter_was_executed_without_errors_or_warnings(path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", (cell.id, output.get("text"))


@each_chapter
def test_figures_are_sharp_and_can_be_read_on_a_phone(path):
    """The quick profile measures each figure when it is shown (plots.display)."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = [(cell.id, o) for cell in cells for o in cell.get("outputs", [])]
    for cell, output in outputs:
        if "<Figure" not in output.get("data", {}).get("text/plain", ""):
            continue
        (mime,) = set(output.data) & {"image/svg+xml", "image/png"}
        if path.stem == "00_first_vae":  # the package does not measure it
            with Image.open(io.BytesIO(a2b_base64(output.data[mime]))) as image:
                assert image.width >= 2 * 580, cell  # the width of a column
            continue
        measured = output.metadata[mime]
        smallest = measured["smallest_text"]
        assert smallest is None or smallest >= 9, (cell, smallest)
        assert measured["hidden_texts"] == [], cell
        if mime == "image/png":  # two pixels for each of the page
            content = a2b_base64(output.data[mime])
            with Image.open(io.BytesIO(content)) as image:
                assert abs(image.width - 2 * measured["width"]) <= 1, cell
            assert measured["width"] <= 580, cell


@each_chapter
def test_provenance_is_printed_once(path):
    notebook = nbformat.read(path, as_version=4)
    outputs = [str(o) for c in notebook.cells for o in c.get("outputs", [])]
    assert sum("sample: " in output for output in outputs) == 1


@each_chapter
def test_checks_accept_the_solutions_and_wait_for_answers(path):
    notebook = nbformat.read(path, as_version=4)
    shown = {
        cell.id: output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if cell.id.startswith("exercise-") and output.output_type == "execute_result"
    }
    solutions = [text for name, text in shown.items() if name.endswith("-solution")]
    waiting = [text for name, text in shown.items() if name.endswith("-check")]
    assert len(solutions) == len(waiting) >= 3
    assert all(text.startswith("Right") for text in solutions)  # in 3 cases
    assert all(text.startswith("Not answered yet") for text in waiting)


@each_chapter
def test_figures_are_opaque(path):
    """A transparent picture with black text cannot be read on a dark page."""
    import base64
    import io

    from PIL import Image

    notebook = nbformat.read(path, as_version=4)
    pictures = [
        output["data"]["image/png"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert pictures or path.stem == "93_speed"  # whose only picture opens it
    for picture in pictures:
        image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA")
        assert image.getchannel("A").getextrema() == (255, 255)


@each_chapter
def test_there_is_a_launch_button_only_with_a_public_address(path):
    url = yaml.safe_load((SITE / "_config.yml").read_text())["repository"]["url"]
    public = not urlsplit(url).hostname.endswith(".invalid")
    text = (HTML / "notebooks" / f"{path.stem}.html").read_text()
    assert ("colab.research.google.com" in text) == public
