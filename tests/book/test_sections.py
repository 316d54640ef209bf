"""The index that search reads: which sections there are, and their words."""

import json
import types
from pathlib import Path

import pytest
import sections
import yaml
from docutils import nodes
from sphinx import addnodes

ROOT = Path(__file__).parents[2]
LIGHT = {
    "book/api",
    "book/api_runs",
    "book/bibliography",
    "book/command_line",
    "book/five_projects",
}


def make_section(name, title, *children):
    section = nodes.section("", nodes.title("", title), *children, ids=[name])
    return section


def make_paragraph(*parts):
    texts = [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return nodes.paragraph("", "", *texts)


@pytest.fixture
def page():
    """A page with a section in a section, code, formulas, and a glossary."""
    code = nodes.literal_block("", "hidden = 1")
    item = nodes.definition_list_item(
        "",
        nodes.term("", "posterior collapse", ids=["term-collapse"]),
        nodes.definition("", make_paragraph("The KL term is zero.")),
    )
    inner = make_section("inner", "Inside", make_paragraph("deep words"), code)
    formulas = nodes.math("", r"\beta"), nodes.math("", "z"), nodes.math("", r"\frac12")
    first = make_paragraph(
        "With ", formulas[0], ", ", formulas[1], " and ", formulas[2]
    )
    document = nodes.document(None, None)
    document += make_section(
        "top",
        "1 · A page",
        first,
        inner,
        addnodes.glossary("", nodes.definition_list("", item)),
    )
    return document


def test_sections_and_terms_have_their_own_words_and_no_code(page):
    assert sections.read_sections(page) == [
        ("", "1 · A page", "With β, z and …"),
        ("inner", "Inside", "deep words"),
        ("term-collapse", "posterior collapse", "The KL term is zero."),
    ]


def test_an_object_has_its_name_and_the_first_sentence():
    signature = addnodes.desc_signature("", "", ids=["package.draw"])
    about = addnodes.desc_content(
        "", make_paragraph("Draws."), make_paragraph("More than one wants to read.")
    )
    document = nodes.document(None, None)
    document += addnodes.desc("", signature, about)
    assert sections.read_sections(document) == [
        ("package.draw", "package.draw", "Draws.")
    ]


@pytest.fixture
def book(tmp_path, page):
    """A built book of that page, as Sphinx describes it to extensions."""
    (tmp_path / "book").mkdir()
    index = {key: {} for key in (*sections.SPHINX, *sections.EMPTY, "objects")}
    index |= {"docnames": ["page"], "terms": {"word": 0}, "titles": ["1 · A page"]}
    text = f"{sections.HEAD}{json.dumps(index)}{sections.TAIL}"
    (tmp_path / "searchindex.js").write_text(text)
    env = types.SimpleNamespace(
        toctree_includes={"root": ["page"]},
        config=types.SimpleNamespace(root_doc="root"),
        get_doctree=lambda name: page,
    )
    return types.SimpleNamespace(
        builder=types.SimpleNamespace(name="html"),
        outdir=str(tmp_path),
        srcdir=str(tmp_path),
        env=env,
    )


def write_settings(book, answers):
    settings = {
        "synonyms": [["beta", "β"]],
        "answers": answers,
        "weights": {"page": 0.5},
    }
    Path(book.srcdir, "book", "search.yml").write_text(yaml.safe_dump(settings))


def test_the_index_holds_sections_and_what_sphinx_reads_again(book):
    write_settings(book, {"page#inner": "depth, deep"})
    sections.write_index(book, None)
    text = Path(book.outdir, "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix(sections.HEAD).removesuffix(sections.TAIL))
    assert index["sections"][1] == [
        0,
        "inner",
        "Inside",
        "deep words",
        0.5,
        "depth, deep",
    ]
    assert index["synonyms"] == [["beta", "β"]]
    assert index["docnames"] == ["page"] and index["titles"] == ["1 · A page"]
    assert index["terms"] == {} and "objects" not in index


def test_an_answer_whose_section_is_gone_is_a_warning(book, monkeypatch):
    said = []
    warn = types.SimpleNamespace(
        warning=lambda text, *values: said.append(text % values)
    )
    monkeypatch.setattr(sections, "logger", warn)
    write_settings(book, {"page#gone": "deep"})
    sections.write_index(book, None)
    assert said == ["book/search.yml names a section that does not exist: page#gone"]


def test_a_failed_build_and_other_builders_keep_the_index(book):
    before = Path(book.outdir, "searchindex.js").read_text()
    sections.write_index(book, RuntimeError("failed"))
    book.builder.name = "linkcheck"
    sections.write_index(book, None)
    assert Path(book.outdir, "searchindex.js").read_text() == before


def test_reference_pages_count_less_than_chapters():
    settings = yaml.safe_load(
        (ROOT / "book" / "search.yml").read_text(encoding="utf-8")
    )
    assert settings["weights"].keys() >= LIGHT
    assert all(0 < weight < 1 for weight in settings["weights"].values())
