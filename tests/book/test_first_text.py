"""Rewritten chapters have one core path, and what it takes to learn from it."""

import ast
import re

import core_path
import nbformat
import pytest
from first_text import (
    FIRST,
    ROOT,
    each_chapter,
    each_later_chapter,
    find_function,
    list_borrowed,
    list_headings,
    list_names,
    list_reactions,
    read_cells,
    read_code,
    read_prose,
)
from sphinx.util.nodes import _make_id

GLOSSARY = (ROOT / "book" / "glossary.md").read_text().split("```{glossary}")[1]
NAMES = re.findall(r"^\w.*", GLOSSARY.replace("'", ""), re.MULTILINE)
TERMS = {_make_id(f"term-{name}") for name in NAMES}
TERM = re.compile(r"\]\(\.\./book/glossary\.md#(term-[\w-]+)\)")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
MODEL = re.compile(r"(?<![\\\w])(?:p|q)(?:_\\\w+)?\((?:x|z\s*\\mid)")
BARE = re.compile(r"(?<![\\\w])(?:p\(x|p\(z\s*\\mid|q\(z\s*\\mid)")


@each_later_chapter
def test_a_chapter_begins_with_three_questions_on_earlier_ones(path):
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.id for cell in cells[:3]] == ["title", "promise", "recall"]
    text = cells[2].source
    questions, answers = text.split("<details>\n<summary>Answers</summary>\n\n")
    assert questions.startswith("**Before you start.**")
    assert answers.endswith("\n\n</details>")
    for part in (questions, answers):
        assert re.findall(r"^(\d)\. ", part, re.MULTILINE) == ["1", "2", "3"]
    assert re.findall(r"^\d\. .*\?", questions, re.MULTILINE)


@each_chapter
def test_one_function_is_left_to_the_reader(path):
    cells = read_cells(path)
    names = list(cells)
    first = names.index("blank-text")
    assert names[first : first + 3] == ["blank-text", "blank", "blank-check"]
    text, blank, check = (cells[name][-1] for name in names[first : first + 3])
    assert text.text.rstrip().endswith(
        "[Solution to the blank](#Solution-to-the-blank)"
    )
    function = find_function(blank)
    assert function.body[-1].value.value is ... and blank.is_visible
    prompt = check.metadata.mystnb.code_prompt_show
    assert prompt.startswith("Show the check of the blank")
    assert "hide-input" in check.tags and "check_function" in check.text
    assert len(list_reactions(check.text)) >= 2
    used = {p.cell for p in read_code(path) if function.name in list_names(p.text)[0]}
    assert used == {"blank-check"}, "later cells use the book's function"


@each_chapter
def test_the_blank_has_a_solution_that_passes_its_check(path):
    cells = read_cells(path)
    function = find_function(cells["blank"][0])
    (heading,), (solution,) = cells["blank-solution-text"], cells["blank-solution"]
    assert heading.text.splitlines()[0] == "### Solution to the blank"
    assert solution.place == "solutions" and "hide-cell" in solution.tags
    names = {f"solution_{name}" for name in (function.name, function.name[3:])}
    assert names & list_names(solution.text)[1], "solution_kl is that of my_kl"
    last = ast.parse(solution.text).body[-1]
    assert "check" in ast.unparse(last) and "solution_" in ast.unparse(last)


@each_chapter
def test_every_check_reacts_to_three_mistakes_or_more(path):
    for name, (piece, *_) in read_cells(path).items():
        if re.fullmatch(r"exercise-\d+-check", name):
            assert len(list_reactions(piece.text)) >= 3, name


@each_chapter
def test_an_exercise_changes_the_model(path):
    cells = read_cells(path)
    texts = {name: pieces[0].text for name, pieces in cells.items()}
    questions = [i for i in texts if re.fullmatch(r"exercise-\d+", i)]
    changing = [i for i in questions if "**Change the model.**" in texts[i]]
    assert changing
    for name in changing:
        assert re.search(
            r"check_function|check_subclass|close_to", texts[f"{name}-check"]
        )


@each_chapter
def test_a_chapter_ends_with_what_real_systems_change_and_two_folds(path):
    found = list_headings(path)
    places = [
        next(i for i, heading in enumerate(found) if heading[:2] == (level, title))
        for level, title in (
            (2, "What a real system changes"),
            (2, "Exercises"),
            (2, "Summary"),
            (3, "Deeper: equation, line of code, paper"),
            (3, "Deeper: check the bands"),
            (2, "Solutions"),
        )
        if (level, title) in {heading[:2] for heading in found} or path != FIRST
    ]
    assert places == sorted(places)
    assert places[-1] - places[2] == len(places) - 3, "the folds end the summary"
    pieces = core_path.read(path)
    (real,) = [p for p in pieces if p.text.startswith("## What a real system changes")]
    assert 2 <= len(re.findall(r"^- ", real.text, re.MULTILINE)) <= 6
    (table,) = [p for p in pieces if p.text.startswith("### Deeper: equation, line")]
    assert re.search(r"^\|[ :|-]+\|$", table.text, re.MULTILINE)


@each_chapter
def test_folds_in_prose_are_written_so_that_every_program_folds_them(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    opened = re.findall(r"^<details>\n<summary>[^<]+</summary>\n\n", text, re.MULTILINE)
    closed = re.findall(r"\n\n</details>$", text, re.MULTILINE)
    assert len(opened) == len(closed) == text.count("<details>")


@each_chapter
def test_scaffolding_is_only_in_folds_checks_and_solutions(path):
    for piece in read_code(path):
        if piece.place != "core" or piece.cell.endswith("-check"):
            continue
        for node in ast.walk(ast.parse(piece.text)):
            assert not isinstance(node, ast.Assert), piece.cell
            name = getattr(node, "id", getattr(node, "attr", ""))
            assert name != "checked" and not str(name).startswith("band"), piece.cell
        if piece.is_visible:
            assert "profile." not in piece.text, piece.cell
    assert not re.search(r"`profile|\bbands?\b", read_prose(path))


@each_chapter
def test_the_core_path_needs_nothing_that_a_fold_defines(path):
    assert not list_borrowed(read_code(path))


@each_chapter
def test_terms_are_linked_to_the_glossary(path):
    links = TERM.findall(read_prose(path))
    assert set(links) <= TERMS, sorted(set(links) - TERMS)
    assert len(set(links)) >= (4 if path == FIRST else 8), sorted(set(links))
    often = {link for link in links if links.count(link) > 2}
    assert not often, "a term is linked where it first appears"


@each_chapter
def test_the_first_formula_says_whose_weights_a_distribution_has(path):
    formulas = FORMULA.findall(read_prose(path))
    first = next((f for f in formulas if MODEL.search(f)), "")
    assert not BARE.search(first), first


def test_the_first_chapter_shows_all_of_its_code():
    allowed = {"datasets"}
    for piece in read_code(FIRST):
        imported = {
            alias.name
            for node in ast.walk(ast.parse(piece.text))
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").split(".")[0] == "vae_utils"
            for alias in node.names
        }
        # Checks, bands, and what shortens the chapter for tests are folded.
        folded = set() if piece.is_visible else {"exercises", "profile", "runs"}
        assert imported <= allowed | folded, piece.cell
        assert "import vae_utils" not in piece.text, piece.cell
        uses = {"exercises", "profile", "runs"} & set(list_names(piece.text)[0])
        assert not (piece.is_visible and uses), piece.cell


@pytest.mark.parametrize(
    ("formula", "is_bare"),
    [
        (r"$p(x)$", True),
        (r"$q(z \mid x)$", True),
        (r"$\log p(z\mid x)$", True),
        (r"$p_\theta(x\mid z)\,p(z)/q_\phi(z\mid x)$", False),
        (r"$\mathrm{KL}(q\,\Vert\,p)$", False),
        (r"$\exp(x)$", False),
    ],
)
def test_a_distribution_without_its_weights_is_found(formula, is_bare):
    assert bool(BARE.search(formula)) is is_bare
    assert MODEL.search(formula) or not is_bare
