"""The chapters that have the anatomy of a first text, and what their tests read."""

import ast
import symtable
from pathlib import Path

import core_path
import pytest

ROOT = Path(__file__).parents[2]
# A chapter joins when it has been rewritten: CONTRIBUTING.md has the anatomy.
STEMS = [
    "00_first_vae",
    "01_theory",
    "02_fc_vae",
    "03_conv_vae",
    "04_cvae",
    "05_latent_space",
    "06_evaluation",
    "07_loss_units",
    "90_classifier",
    "91_scoreboard",
]
PATHS = [ROOT / "notebooks" / f"{stem}.ipynb" for stem in STEMS]
FIRST = PATHS[0]  # nothing comes before it, and it uses nothing of the package

each_chapter = pytest.mark.parametrize("path", PATHS, ids=STEMS)
each_later_chapter = pytest.mark.parametrize("path", PATHS[1:], ids=STEMS[1:])


def read_cells(path):
    """Reads the cells of a notebook by name, each as its list of pieces."""
    cells = {}
    for piece in core_path.read(path):
        cells.setdefault(piece.cell, []).append(piece)
    return cells


def read_code(path):
    """Reads the code cells of a notebook but for Colab's, which is no plain Python."""
    return [p for p in core_path.read(path) if p.is_code and p.cell != "colab"]


def read_prose(path):
    """Joins the Markdown that a reader of the core path sees."""
    pieces = [p for p in core_path.read(path) if p.place == "core" and not p.is_code]
    return "\n".join(piece.text for piece in pieces)


def find_function(piece):
    """Finds the function that a cell leaves to the reader."""
    (function,) = (
        node for node in ast.parse(piece.text).body if isinstance(node, ast.FunctionDef)
    )
    return function


def list_headings(path):
    """Lists all headings of a chapter as (level, title, place), in order."""
    found = ((core_path.HEADING.match(p.text), p) for p in core_path.read(path))
    return [(len(m[1]), m[2], p.place) for m, p in found if m and not p.is_code]


# Which argument of a check holds the mistakes.
PLACES = {"react": 0, "check_function": 3, "check_subclass": 5}


def list_reactions(code):
    """Lists the mistakes that the checks in a cell react to.

    They are the keys of the dictionaries given to the functions of `PLACES`, written
    there or under a name.
    """
    tree = ast.parse(code)
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", None))
        if name in PLACES:
            options = {option.arg: option.value for option in call.keywords}
            given = call.args[PLACES[name] :]
            given = given[0] if given else None
            mistakes = options.get("mistakes", given)
            found += list_keys(mistakes, named)
    return found


def list_keys(node, named):
    """Lists the keys of a dictionary; one made from another one has as many."""
    if isinstance(node, ast.DictComp):
        parts = ast.walk(node.generators[0].iter)  # such as mistakes.items()
        node = next((part for part in parts if isinstance(part, ast.Name)), None)
    if isinstance(node, ast.Name):
        node = named.get(node.id)
    return node.keys if isinstance(node, ast.Dict) else []


def list_names(code):
    """Lists the names that a cell reads before it binds them, and all that it binds."""
    read, bound = set(), set()
    for statement in ast.parse(code).body:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        own = {s.get_name() for s in table.get_symbols() if s.is_assigned()}
        own |= {s.get_name() for s in table.get_symbols() if s.is_imported()}
        used = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
        for inner in walk(table):
            used |= {s.get_name() for s in inner.get_symbols() if s.is_global()}
        if isinstance(statement, ast.AugAssign):  # it reads what it binds
            read |= own - bound
        read |= used - bound - own
        bound |= own
    return read, bound


def walk(table):
    """Yields the tables of all functions and classes in a table."""
    for child in table.get_children():
        yield child
        yield from walk(child)


def list_borrowed(pieces):
    """Lists (cell, name) where the core path reads what a fold has bound last."""
    last, found = {}, []
    for piece in pieces:
        read, bound = list_names(piece.text)
        if piece.place != "deeper":
            names = sorted(name for name in read if last.get(name) == "deeper")
            found += [(piece.cell, name) for name in names]
        last |= dict.fromkeys(bound, piece.place)
    return found
