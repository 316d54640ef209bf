"""The stored notebooks and the table of contents keep the book's rules."""

import ast
import re
import sys
import types
from pathlib import Path

import nbformat
import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
HEADINGS = ("## Set up", "## Exercises", "## Summary", "## Solutions")
PROMISES = ("**What you'll build.**", "**What you'll learn.**", "**What you need.**")
OPENING = ["title", "promise", "setup", "colab", "imports"]
CALCULATOR = ["calculator-text", "calculator", "look-calculator"]
OPENINGS = {  # a widget that comes first needs the package before it
    "07_loss_units": ["title", "promise", "colab", *CALCULATOR, "setup", "imports"],
}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)


def read(path):
    return nbformat.read(path, as_version=4)


def source(path, kind):
    return "\n".join(c.source for c in read(path).cells if c.cell_type == kind)


def colab_cell(path):
    return next(c for c in read(path).cells if "google.colab" in c.source)


def test_the_table_of_contents_lists_every_notebook_in_order():
    text = (ROOT / "_toc.yml").read_text()
    assert re.findall(r"file: notebooks/(\w+)", text) == NAMES
    assert NAMES, "there are no notebooks"
    for file in re.findall(r"(?:file|root): (\S+)", text):
        assert any((ROOT / f"{file}{end}").exists() for end in (".md", ".ipynb")), file


@each_notebook
def test_a_notebook_is_stored_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert not [i for i in ids if re.fullmatch(r"[0-9a-f]{8}", i)], "ids must be names"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None
    assert notebook.metadata.accelerator == "GPU"
    assert notebook.metadata.colab == {"gpuType": "T4", "provenance": []}
    assert notebook.metadata.kernelspec.name == "python3"


@each_notebook
def test_a_notebook_has_the_anatomy_of_a_chapter(path):
    text = source(path, "markdown")
    assert read(path).cells[0].source.startswith("# ")
    positions = [text.find(f"{part}") for part in (*PROMISES, *HEADINGS)]
    assert -1 not in positions and positions == sorted(positions)
    assert "**Predict.**" in text and "**Look.**" in text
    assert "**What's next.**" in text and "**Further reading.**" in text
    assert r"\tag{1}" in text


@each_notebook
def test_a_notebook_opens_with_a_picture_and_sets_up_after_its_promise(path):
    cells = read(path).cells
    opening = OPENINGS.get(path.stem, OPENING)
    ids = [cell.id for cell in cells if cell.id != "recall"]
    assert ids[: len(opening)] == opening
    pictures = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", cells[0].source)
    assert [address for _, address in pictures] == [f"images/{path.stem}.png"]
    with Image.open(path.parent / pictures[0][1]) as picture:
        assert picture.text["Description"] == pictures[0][0]  # tools/make_teasers.py
    for cell in (cell for cell in cells if cell.id in ("colab", "imports")):
        assert "hide-input" in cell.metadata.tags, cell.id


@each_notebook
def test_folds_say_what_is_in_them(path):
    seen = set()
    for cell in read(path).cells:
        tags = set(cell.metadata.get("tags", []))
        if tags & {"hide-input", "hide-cell", "hide-output"}:
            prompts = cell.metadata.mystnb
            shown = prompts.code_prompt_show
            # The site adds to "this figure" and "this table" which one it is.
            assert shown.startswith("Show ") and shown not in seen, cell.id
            seen |= {shown} if " this " not in shown else set()
            assert prompts.code_prompt_hide == shown.replace("Show", "Hide", 1), cell.id


@each_notebook
def test_notebook_prose_renders_everywhere(path):
    text = source(path, "markdown")
    assert not re.search(r"```\{|:::|\{\w+\}`", text), "MyST shows as raw text in Colab"
    for formula in re.findall(r"\$\$.*?\$\$", text, re.DOTALL):
        # Sphinx wraps lines in an environment in which MathJax refuses a tag.
        assert not (r"\tag" in formula and r"\\" in formula), formula


@each_notebook
def test_code_keeps_to_the_rules(path):
    for cell in read(path).cells:
        if cell.cell_type != "code" or "google.colab" in cell.source:
            continue
        assert not re.search(r"^\s*[!%]", cell.source, re.MULTILINE), cell.id
        for banned in ("sys.path", "filterwarnings", "simplefilter", "os.environ"):
            assert banned not in cell.source, cell.id
        plumbing = {"hide-input", "hide-cell"} & set(cell.metadata.get("tags", []))
        assert max(map(len, cell.source.splitlines())) <= 80, cell.id
        # A line that only closes brackets is not counted: there is nothing to read.
        lines = [line for line in cell.source.splitlines() if line.strip(" )]},;")]
        imports = isinstance(ast.parse(cell.source).body[0], ast.Import)
        assert len(lines) <= 15 or plumbing or imports, f"{cell.id}: {len(lines)} lines"


@each_notebook
def test_two_code_cells_have_prose_between_them(path):
    cells = read(path).cells
    for first, second in zip(cells, cells[1:], strict=False):
        if first.cell_type == second.cell_type == "code":
            exercise = first.id.startswith("exercise-")
            folded = "hide-input" in first.metadata.get("tags", [])
            setup = {first.id, second.id} <= {"imports", "hyper", "data"}
            blank = (first.id, second.id) == ("blank", "blank-check")
            assert exercise or folded or setup or blank, (first.id, second.id)


@each_notebook
def test_every_figure_has_a_caption_a_name_and_alt_text(path):
    draws = re.compile(r"plots\.plot_|plt\.(figure|subplots)")
    for cell in read(path).cells:
        if cell.cell_type == "code" and draws.search(cell.source):
            if cell.id.startswith("exercise-"):
                continue
            figure = cell.metadata["mystnb"]["figure"]
            assert figure["caption"].endswith(".") and figure["name"].startswith("fig-")
            assert len(cell.metadata["mystnb"]["image"]["alt"]) > 40


@each_notebook
def test_every_exercise_has_a_check_and_a_folded_solution(path):
    cells = {cell.id: cell for cell in read(path).cells}
    names = list(cells)
    last = names.index("solutions")
    found = (re.fullmatch(r"exercise-(\d+)-solution", name) for name in names)
    numbers = sorted(int(match[1]) for match in found if match)
    assert 3 <= len(numbers) <= 5 and numbers == list(range(1, len(numbers) + 1))
    for number in numbers:
        answer = cells[f"exercise-{number}-answer"].source
        name = re.fullmatch(r"answer_(\w+) = \.\.\.", answer)[1]
        check = cells[f"exercise-{number}-check"].source
        assert check.splitlines()[-1] == f"check_{name}(answer_{name})"
        solution = cells[f"exercise-{number}-solution"]
        assert solution.source.splitlines()[-1] == f"check_{name}(solution_{name})"
        assert "hide-cell" in solution.metadata.tags
        assert solution.metadata.jupyter.source_hidden
        assert solution.metadata.cellView == "form"
        # GitHub and VS Code fold nothing: no solution is in sight of its question.
        assert names.index(f"exercise-{number}-solution") > last
        heading = f"Solution to exercise {number}"
        assert cells[f"exercise-{number}-solution-text"].source == f"### {heading}"
        before = names.index(f"exercise-{number}-answer")
        question = next(
            cells[name].source
            for name in reversed(names[:before])
            if cells[name].cell_type == "markdown"
        )
        assert question.endswith(f"[{heading}](#{heading.replace(' ', '-')})")
    extra = [name for name in names[last + 1 :] if "-solution" not in name]
    assert not extra, "the solutions are the end of a notebook"


def test_the_colab_cell_is_the_same_everywhere_and_names_the_repository():
    cells = {colab_cell(path).source for path in NOTEBOOKS}
    assert len(cells) == 1
    url = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
    assert f'REPOSITORY = "{url}"' in cells.pop()
    for path in NOTEBOOKS:
        assert source(path, "code").count("google.colab") == 1


def run_colab_cell(monkeypatch, cell, on_colab=True):
    """Runs the cell as IPython would; returns the magics it called."""
    magics = []
    shell = types.SimpleNamespace(
        run_line_magic=lambda name, line: magics.append((name, line))
    )
    if on_colab:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("colab"))
    code = TransformerManager().transform_cell(cell)
    exec(code, {"get_ipython": lambda: shell})
    return magics


def test_the_colab_cell_does_nothing_elsewhere(monkeypatch, capsys):
    cell = colab_cell(NOTEBOOKS[0]).source
    assert run_colab_cell(monkeypatch, cell, on_colab=False) == []
    assert capsys.readouterr().out == ""


def test_the_colab_cell_says_in_one_sentence_that_there_is_no_address(monkeypatch):
    cell = colab_cell(NOTEBOOKS[0]).source
    cell = re.sub(r'(?<=REPOSITORY = ")[^"]+', "https://example.invalid/book", cell)
    with pytest.raises(ImportError, match="does not know its address") as caught:
        run_colab_cell(monkeypatch, cell)
    shown = []
    shell = InteractiveShell()
    monkeypatch.setattr(shell, "_showtraceback", lambda *parts: shown.extend(parts[2]))
    shell.showtraceback((caught.type, caught.value, caught.tb))
    assert shown == [str(caught.value)] and "\n" not in shown[0]


def test_the_colab_cell_installs_the_package_and_nothing_else(monkeypatch, capsys):
    cell = colab_cell(NOTEBOOKS[0]).source
    cell = re.sub(r'(?<=REPOSITORY = ")[^"]+', "https://github.com/org/book", cell)
    (magic,) = run_colab_cell(monkeypatch, cell)
    name, line = magic
    assert name == "pip"
    assert line.startswith("install -q --no-deps ")
    # IPython fills in {REPOSITORY} when it runs the magic.
    assert line.endswith('"vae_utils @ git+{REPOSITORY}"')
    assert re.fullmatch(
        r"TensorFlow \S+, Keras \S+, \[.*CPU.*\]\n", capsys.readouterr().out
    )
