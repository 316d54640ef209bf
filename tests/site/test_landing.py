"""The landing page: buttons and cards that follow the table of contents."""

import types
from pathlib import Path

import landing
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "_quick" / "site" / "_build" / "html" / "book" / "intro.html"
NAMES = [name for _, names in landing.read_parts(ROOT) for name in names]


def test_parts_are_those_of_the_table_of_contents_that_have_notebooks():
    assert sorted(NAMES) == NAMES and len(NAMES) >= 11
    assert all(name.startswith("notebooks/") for name in NAMES)
    assert all(caption for caption, _ in landing.read_parts(ROOT))


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_the_notebook_says(name):
    chapter = landing.read_chapter(ROOT, name)
    text = chapter.title + chapter.teaser
    assert chapter.title and not chapter.title.startswith("#")
    assert chapter.teaser[-1] in ".?!" and len(chapter.teaser) < 400
    assert not set("[]*`") & set(text), text
    assert chapter.alt


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("One long sentence is enough if it has sixty characters or more. Two.", 1),
        ("Sum or mean? The question looks like taste, and changes the model. No.", 2),
        ("Short.", 1),
    ],
)
def test_a_teaser_is_a_line_or_two(paragraph, expected):
    found = landing.first_sentences(paragraph)
    assert paragraph.startswith(found) and sum(map(found.count, ".?")) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/a/b/", "/github/a/b/blob/main/notebooks/01_theory.ipynb"),
        ("https://gitlab.com/a/b", None),
        (None, None),
    ],
)
def test_colab_opens_what_is_on_github(address, expected):
    options = {"repository_url": address} if address else {}
    config = types.SimpleNamespace(html_theme_options=options)
    found = landing.colab_address(config, "notebooks/01_theory")
    assert found == (expected and f"https://colab.research.google.com{expected}")


def test_the_page_has_a_card_for_every_notebook():
    soup = BeautifulSoup(PAGE.read_text(), "html.parser")
    cards = soup.select(".chapter-cards > li")
    links = [card.find("a")["href"] for card in cards]
    assert links == [f"../{name}.html" for name in NAMES]
    assert all(card.find("img")["alt"] for card in cards)
    start = soup.select_one(".start-buttons a")
    assert start["href"] == f"../{NAMES[0]}.html"


def test_cards_have_small_pictures():
    soup = BeautifulSoup(PAGE.read_text(), "html.parser")
    images = soup.select(".chapter-cards img")
    files = [(PAGE.parent / image["src"]).resolve() for image in images]
    assert len(files) == len(NAMES)
    assert sum(file.stat().st_size for file in files) < 10_000 * len(files)


def test_the_film_leads_to_the_playground_and_waits_for_its_reader():
    soup = BeautifulSoup(PAGE.read_text(), "html.parser")
    film = soup.select_one(".playground-film")
    assert film.find("a")["href"] == "playground.html"
    image = film.find("img")
    assert image["loading"] == "lazy" and image["alt"]
    assert (PAGE.parents[1] / "_static" / film["data-film"]).is_file()
    # It is the second thing of the page, after the pad and before the map.
    order = ["vae-handwriting", "playground-film", "vae-explorer"]
    found = soup.find_all("div", class_=order)
    assert [next(n for n in order if n in each["class"]) for each in found] == order
