"""Numbers of chapters and figures: one style, everywhere, and the right ones."""

import re
import types
from pathlib import Path

import chapters
import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
APPENDICES = [path.stem for path in NOTEBOOKS if path.stem >= "90"]
PROSE = [*NOTEBOOKS, *ROOT.glob("book/*.md"), ROOT / "README.md"]
LINK = re.compile(
    r"\[(?P<words>(?:chapter|appendix) \w+)\]\(\S*?(?P<file>\d\d_\w+)\.ipynb"
    r"|`(?P<name>(?:chapter|appendix) \w+) <\S*?(?P<page>\d\d_\w+)>`",
    re.IGNORECASE,
)

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_text = pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)


def number(stem):
    """Numbers a notebook: chapters by their file, appendices by letters in order."""
    return (
        "ABCDEFG"[APPENDICES.index(stem)] if stem in APPENDICES else str(int(stem[:2]))
    )


@each_notebook
def test_a_title_begins_with_the_notebooks_own_number(path):
    title = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0]
    assert title.startswith(f"# {number(path.stem)} · ")


@each_text
def test_prose_names_chapters_by_the_numbers_of_their_titles(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(chapters?|appendix) (0\d|9\d)\b", text, re.IGNORECASE)
    for link in LINK.finditer(text):
        said = (link["words"] or link["name"]).split()
        kind = "appendix" if said[1].isalpha() else "chapter"
        assert said[1] == number(link["file"] or link["page"]), link[0]
        assert said[0].lower() == kind, link[0]


def test_parts_say_what_one_does_there():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    captions = [part["caption"] for part in parts]
    assert captions[:3] == [
        "Build your first VAEs",
        "Measure them",
        "Use your own images",
    ]
    for part in parts:
        files = [chapter["file"] for chapter in part["chapters"]]
        appendices = [Path(file).stem in APPENDICES for file in files]
        assert any(appendices) == all(appendices) == (part["caption"] == "Appendices")


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("2 · Teach a network to draw", ("2",)),
        ("A · Train a classifier", ("A",)),
        ("12 · Dozens", ("12",)),
        ("Glossary", ()),
        ("Two dots · and more", ()),
        ("", ()),
    ],
)
def test_the_number_of_a_chapter_is_read_from_its_title(title, found):
    assert chapters.chapter_number(title) == found


def test_figures_begin_again_in_each_chapter():
    def title(text):
        return types.SimpleNamespace(astext=lambda: text)

    titles = {"two": "2 · Second", "a": "A · First", "free": "Glossary"}
    env = types.SimpleNamespace(
        titles={page: title(text) for page, text in titles.items()},
        toc_fignumbers={
            "two": {"figure": {"fig-x": (5,), "fig-b": (6,)}, "table": {"t": (1,)}},
            "a": {"figure": {"fig-c": (7,)}},
            "free": {"figure": {"fig-d": (8,), "fig-e": (9,)}},
        },
    )
    chapters.number_figures(None, env)
    assert env.toc_fignumbers == {
        "two": {
            "figure": {"fig-x": ("2", 1), "fig-b": ("2", 2)},
            "table": {"t": ("2", 1)},
        },
        "a": {"figure": {"fig-c": ("A", 1)}},
        "free": {"figure": {"fig-d": (1,), "fig-e": (2,)}},
    }
