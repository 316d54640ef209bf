"""The built quick site stays light: what a page loads before anybody scrolls.

Bytes are counted from the site's files, compressed as a host sends them, so the result
depends on no browser and no clock; `make site-report` measures the times.
"""

import base64
import functools
import io
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from PIL import Image
from site_server import compress

HTML = Path(__file__).parents[2] / "_quick" / "site" / "_build" / "html"
PAGES = sorted(p for p in HTML.glob("**/*.html") if "_static" not in p.parts)
CHAPTERS = [page for page in PAGES if page.parent.name == "notebooks"]
LANDING = HTML / "book" / "intro.html"
LANDING_LIMIT, CHAPTER_LIMIT, FRAME_LIMIT = 500_000, 800_000, 200_000
NEAR = 5000  # characters before a lazy picture that loads with the first screen
WIDGET = 4000  # characters that take as much room on a phone as a widget
# The fonts that formulas of this book take; MathJax loads them from this folder.
FONTS = HTML / "_static/mathjax/output/chtml/fonts/woff-v2"
COMMON = ("Zero", "Main-Regular", "Math-Italic", "Size1-Regular", "Size2-Regular")

LATER = r'content_root \+ "(_static/[^"]+)"'  # what inline scripts load

each_page = pytest.mark.parametrize("page", PAGES, ids=[p.stem for p in PAGES])
each_chapter = pytest.mark.parametrize("page", CHAPTERS, ids=[p.stem for p in CHAPTERS])


@functools.cache
def parse(page):
    soup = BeautifulSoup(page.read_text(), "html.parser")
    for hidden in soup.find_all("noscript"):
        hidden.decompose()
    return soup


def locate(page, address):
    return (page.parent / unquote(urlsplit(address).path)).resolve()


def loaded(page):
    """Lists a page's style sheets and scripts."""
    soup = parse(page)
    sheets = [tag["href"] for tag in soup.find_all("link", rel="stylesheet")]
    scripts = [tag["src"] for tag in soup.find_all("script", src=True)]
    fetched = [tag["href"] for tag in soup.find_all("link", rel="preload")]
    tags = [locate(page, address) for address in (*sheets, *scripts, *fetched)]
    inline = " ".join(tag.get_text() for tag in soup.find_all("script", src=False))
    return tags + [HTML / name for name in re.findall(LATER, inline)]


def frame(page):
    """Lists those that no widget brings: a widget's scripts are in a folder."""
    return [path for path in loaded(page) if path.parent == HTML / "_static"]


def pictures(page):
    """Lists the pictures of a page's text that can load with its first screen."""
    soon = set()
    for image in list_images(page):
        before = "".join(map(str, image.find_all_previous(string=is_shown)))
        widgets = len(image.find_all_previous(class_="vae-widget"))
        near = len(re.sub(r"\s+", " ", before)) + WIDGET * widgets < NEAR
        if near or image.get("loading") != "lazy":
            soon.add(locate(page, image["src"]))
    return soon


def is_shown(text):
    hidden = ("script", "style", "details", "nav", "dialog")
    return text.find_parent("article") and not text.find_parent(hidden)


def list_images(page):
    article = parse(page).find("article")
    images = article.find_all("img", src=re.compile("_images/")) if article else []
    return [image for image in images if not image["src"].startswith("data:")]


def formulas(page):
    if not parse(page).find(class_="math"):
        return []
    fonts = [FONTS / f"MathJax_{name}.woff" for name in COMMON]
    return [HTML / "_static/mathjax/formulas.js", *fonts]


def weigh(files):
    return sum(len(compress(file)) for file in files)


def test_the_landing_page_is_light():
    files = {LANDING, *loaded(LANDING), *pictures(LANDING)}
    assert weigh(files) <= LANDING_LIMIT


def test_the_landing_page_has_its_style_sheets_inside_and_its_networks_once():
    files = [path.name for path in loaded(LANDING)]
    assert not any(name.endswith(".css") for name in files)
    assert files.count("model_vae.js") == files.count("model_hand.js") == 1
    text = LANDING.read_text()
    assert (
        text.index("model_vae.js") < text.index("<body") < text.index("model_hand.js")
    )


@each_chapter
def test_a_chapter_is_light(page):
    files = {page, *loaded(page), *pictures(page), *formulas(page)}
    assert weigh(files) <= CHAPTER_LIMIT


@each_page
def test_what_frames_a_page_is_light(page):
    """The page's own text, without widgets, and what all pages load."""
    soup = BeautifulSoup(page.read_text(), "html.parser")
    for output in soup.select(".cell_output"):
        output.decompose()
    text = len(compress_text(str(soup)))
    assert text + weigh(frame(page)) <= FRAME_LIMIT


def compress_text(text):
    import gzip

    return gzip.compress(text.encode(), 6)


@each_page
def test_a_page_asks_for_few_files(page):
    """Each request costs a slow phone half a second."""
    soup = parse(page)
    assert len(soup.find_all("link", rel="stylesheet")) <= 2
    scripts = soup.find_all("script", src=True)
    names = [Path(urlsplit(script["src"]).path).name for script in scripts]
    assert not any("fontawesome" in name for name in names)
    if page.stem != "search":
        assert len(scripts) <= 3
        assert all(script.has_attr("defer") for script in scripts)
        assert not {"searchindex.js", "searchtools.js"} & set(names)


@each_page
def test_mathjax_comes_with_formulas_only(page):
    soup = parse(page)
    inline = " ".join(s.get_text() for s in soup.find_all("script", src=False))
    assert ("mathjax/formulas.js" in inline) == bool(soup.find(class_="math"))
    assert not soup.find("script", src=re.compile("mathjax"))


@each_page
def test_pictures_keep_their_places_and_wait(page):
    images = list_images(page)
    for number, image in enumerate(images):
        hurried = number == 0 and image.get("fetchpriority") == "high"
        assert (image.get("loading") == "lazy") != hurried, image["src"]
        width, height = float(image["width"]), float(image["height"])
        if not image["src"].endswith(".svg"):
            with Image.open(locate(page, image["src"])) as picture:
                real = picture.width / picture.height
            assert width / height == pytest.approx(real, rel=0.02)
    if page in CHAPTERS:
        assert images[0]["fetchpriority"] == "high"
    if page == LANDING:
        assert not any(image.has_attr("fetchpriority") for image in images)


@functools.cache
def sheet(path):
    return path.read_text()


@each_page
def test_every_icon_has_its_rule_and_its_letter(page):
    styles = " ".join(sheet(path) for path in frame(page) if path.suffix == ".css")
    styles += " ".join(tag.get_text() for tag in parse(page).find_all("style"))
    letters = set()
    for font in re.findall(r"url\(data:font/woff;base64,([^)]+)\)", styles):
        letters |= set(TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap())
    classes = {
        name for tag in parse(page).find_all(True) for name in tag.get("class", [])
    }
    icons = {name for name in classes if name.startswith("fa-")}
    icons -= {"fa-solid", "fa-regular", "fa-brands", "fa-lg"}
    for icon in icons:
        code = re.search(rf'\.{icon}:before[^{{]*{{content:"\\([0-9a-f]+)', styles)
        assert code and int(code[1], 16) in letters, icon
    used = re.findall(r'--pst-icon-[a-z-]+:"(.)"', styles)
    assert used and {ord(letter) for letter in used} <= letters


def test_addresses_in_joined_style_sheets_lead_to_files():
    sheets = [path for path in HTML.glob("_static/**/joined.*.css")]
    assert sheets
    for path in sheets:
        for address in re.findall(r"url\(\s*['\"]?(?!data:|#)([^)'\"]+)", sheet(path)):
            assert (path.parent / urlsplit(address).path).is_file(), (path, address)
