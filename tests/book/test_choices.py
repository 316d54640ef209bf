"""Chapters run to their end with other settings than their own, or say what they take.

A few combined choices run here; `make choices` runs all of them, one by one.
"""

import ast
import re
import types
from pathlib import Path

import choices
import nbformat
import pytest
import run_choices

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EACH_CASE = choices.CASES + choices.FULL_CASES
# Chapters that check bands, and settings that none of their bands depends on.
UNCHECKED = {"91_scoreboard", "92_five_projects", "93_speed"}
FREE = {"02_fc_vae": {"EPOCHS"}}


def code_cells(chapter):
    notebook = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {cell.id: cell.source for cell in cells if "%pip" not in cell.source}


def is_setting(statement):
    return ast.unparse(statement.targets[0]).isupper()


def listed_settings(source):
    """Returns the names of a settings cell, and the fields of its configurations."""
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign) or not is_setting(statement):
            continue
        name, value = statement.targets[0].id, statement.value
        called = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
        if called.startswith("configurations.") or called == "dataclasses.replace":
            yield from (f"{name}.{keyword.arg}" for keyword in value.keywords)
        else:
            yield name


@pytest.mark.parametrize(
    "case", choices.COMBINED, ids=[case.chapter for case in choices.COMBINED]
)
def test_a_chapter_with_other_settings_reaches_its_end(case):
    outcome = run_choices.run(case)
    assert outcome.failure is None
    assert not outcome.warnings


def test_other_settings_replace_values_and_nothing_else():
    source = "# Größe\nA = 1  # one\nB = make(\n    'é', c=f(2), d=3\n)\nC = 4\n"
    changed = run_choices.change_settings(source, {"A": "7", "B.c": "(8,\n9)"})
    assert changed == source.replace("A = 1", "A = 7").replace("f(2)", "(8,\n9)")
    for unknown in ("D", "B.e", "A.c"):
        with pytest.raises(ValueError, match=f"no such setting. Received: '{unknown}'"):
            run_choices.change_settings(source, {unknown: "1"})


@pytest.mark.parametrize("chapter", choices.CHAPTERS)
def test_every_setting_of_a_chapter_is_tried(chapter):
    cases = [case for case in EACH_CASE if case.chapter == chapter]
    for case in cases:
        run_choices.change_notebook(case)
    tried = {name for case in cases for name in case.settings} | {"SEED"}  # by all
    source = code_cells(chapter)["hyper"]
    elsewhere = {"EPOCHS"} & tried  # fields that only repeat it are not tried again
    for name in set(listed_settings(source)) - tried:
        assert elsewhere and name.endswith(".epochs") and "epochs=EPOCHS" in source, (
            name
        )


@pytest.mark.parametrize("chapter", choices.CHAPTERS)
def test_every_assertion_of_a_chapter_says_what_is_wrong_in_a_sentence(chapter):
    for name, source in code_cells(chapter).items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Assert):
                assert node.msg is not None, f"{name}: {ast.unparse(node)}"
                message = ast.unparse(node.msg)
                assert re.search(r"\.['\"]$", message), f"{name}: {message}"


def is_checked(chapter, settings, complete, monkeypatch, profile="full"):
    """Computes `checked` from the statements of the notebook that it depends on."""
    monkeypatch.setenv("VAE_BOOK_PROFILE", profile)
    source = "\n".join(
        run_choices.change_settings(source, settings) if name == "hyper" else source
        for name, source in code_cells(chapter).items()
        if not name.startswith("exercise-")
    )
    needed, chosen = {"checked"}, []
    for statement in reversed(ast.parse(source).body):
        names = {node.id: node for node in ast.walk(statement) if hasattr(node, "id")}
        stored = {n for n, node in names.items() if isinstance(node.ctx, ast.Store)}
        wanted = isinstance(statement, ast.Assign) and stored & needed - {"data"}
        if wanted:
            needed = (needed - stored) | (set(names) - stored)
        if wanted or isinstance(statement, ast.Import | ast.ImportFrom):
            chosen.insert(0, statement)
    data = types.SimpleNamespace(complete=complete)
    scope = {"data": data}
    exec(compile(ast.Module(chosen, []), chapter, "exec"), scope)
    return scope["checked"]


@pytest.mark.parametrize("chapter", [c for c in choices.CHAPTERS if c not in UNCHECKED])
def test_bands_are_checked_with_a_chapters_own_settings_only(chapter, monkeypatch):
    assert is_checked(chapter, {}, True, monkeypatch)
    assert not is_checked(chapter, {}, False, monkeypatch)
    for case in EACH_CASE:
        changed = set(case.settings) - FREE.get(chapter, set())
        if case.chapter == chapter and changed and not case.refused:
            assert not is_checked(chapter, case.settings, True, monkeypatch), case
