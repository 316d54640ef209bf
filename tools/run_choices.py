"""Runs chapters with other settings than their own, and prints how each run ended.

    python tools/run_choices.py [CHAPTER ...] [--full] [--folder FOLDER] [--workers 2]

Without chapters, all cases of `tools/choices.py` run: those of the quick profile, or
with `--full` those of the full one, which take minutes each. A case is a copy of a
notebook with other values in its settings cell; the stored notebooks stay as they are.
Exit status 1 if a run did not end as it should: at the end of the notebook, or, of
settings that a chapter does not take, with a sentence in its first cells.
"""

import argparse
import ast
import dataclasses
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from choices import CASES, FULL_CASES, Case
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tabulate import tabulate

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = "hyper"  # id of the cell with a chapter's settings
SECONDS = 900  # longest time that a single cell may take
# Two kernels share the cores, as in the Makefile.
SHARE = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
SHARE |= {"OMP_NUM_THREADS": "1", "NPROC": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
REFUSAL = re.compile(r"(hyper|data|autoencoder-fit): ValueError: .+")
COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """States how a run of a notebook ended.

    Args:
        case: what was run.
        failure: cell, and its error or a solution's verdict; None if all went well.
        warnings: what its cells wrote to stderr.
        seconds: from the start of the kernel to its end.
    """

    case: Case
    failure: str | None
    warnings: str
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether the end was reached, or a refusal was one sentence at the start."""
        if self.case.refused:
            return bool(self.failure) and bool(REFUSAL.match(self.failure))
        return self.failure is None


def change_settings(source: str, settings: dict[str, str]) -> str:
    """Replaces values in the source of a settings cell.

    Args:
        source: of the cell.
        settings: name → source of its new value; `NAME.field` is a keyword argument of
            the call that is assigned to NAME.

    Returns:
        The source with all else as it was, comments included.

    Raises:
        ValueError: if the cell has no such setting.
    """
    for name, value in settings.items():
        node = _find_setting(ast.parse(source), name)
        lines = source.encode().splitlines(keepends=True)
        start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
        end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
        whole = source.encode()
        source = (whole[:start] + value.encode() + whole[end:]).decode()
    return source


def _find_setting(tree: ast.Module, name: str) -> ast.expr:
    """Returns the expression that gives a setting its value."""
    variable, _, field = name.partition(".")
    for statement in tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        if ast.unparse(statement.targets[0]) == variable:
            fields = getattr(statement.value, "keywords", ())
            values = {keyword.arg: keyword.value for keyword in fields}
            if value := values.get(field) if field else statement.value:
                return value
    raise ValueError(f"The settings cell has no such setting. Received: {name!r}")


def change_notebook(case: Case, folder: Path = ROOT / "notebooks"):
    """Reads a chapter and returns it with the settings of a case."""
    notebook = nbformat.read(folder / f"{case.chapter}.ipynb", as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == SETTINGS)
    cell.source = change_settings(cell.source, case.settings)
    return notebook


def run(case: Case, folder: Path = ROOT / "notebooks") -> Outcome:
    """Executes a copy of a notebook with other settings, in an empty folder."""
    notebook = change_notebook(case, folder)
    began, failure = time.monotonic(), None
    environment = os.environ | SHARE | {"VAE_BOOK_PROFILE": "quick"}
    environment |= {"IPYTHONDIR": str(ROOT / "book/_ext/ipython")} | case.environment
    with tempfile.TemporaryDirectory() as working:
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": working}},
        )
        try:
            # C++ libraries greet on stderr; what Python writes there is in the cells.
            client.execute(env=environment, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            failure = f"{_failed_cell(notebook)}: {error.ename}: {error.evalue}".strip()
    failure = failure or _wrong_solution(notebook)
    return Outcome(case, failure, _stderr(notebook), time.monotonic() - began)


def _failed_cell(notebook) -> str:
    """Returns the id of the cell whose output is an error."""
    return next(
        cell.id
        for cell in notebook.cells
        if any(o.output_type == "error" for o in cell.get("outputs", ()))
    )


def _wrong_solution(notebook) -> str | None:
    """Returns the first solution that its own check does not find right, with why."""
    for cell in notebook.cells:
        if cell.id.endswith("-solution"):
            for output in cell.outputs:
                verdict = output.get("data", {}).get("text/plain")
                is_verdict = output.output_type == "execute_result"
                if is_verdict and not verdict.startswith("Right"):
                    return f"{cell.id}: {verdict}"
    return None


def _stderr(notebook) -> str:
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    return "".join(o.text for o in outputs if o.get("name") == "stderr")


def describe(outcome: Outcome) -> list[str]:
    """Returns the cells of a row of the table."""
    case = outcome.case
    changes = ", ".join(f"{n} = {v}" for n, v in case.settings.items())
    variables = " ".join(f"{n}={v}" for n, v in case.environment.items())
    ended = COLOURS.sub("", outcome.failure or "reached the end")
    if outcome.failure is None and outcome.warnings:
        ended += ", with warnings: " + outcome.warnings.strip().splitlines()[-1]
    first = " ".join(ended.split())[:200]
    return [case.chapter, f"{changes} {variables}".strip(), first, outcome.seconds]


def main() -> int:
    """Reads the command line, runs the cases and prints their table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="names, such as 01_theory")
    parser.add_argument("--full", action="store_true", help="the full profile's cases")
    parser.add_argument("--folder", type=Path, default=ROOT / "notebooks")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    cases = FULL_CASES if options.full else CASES
    chosen = [c for c in cases if c.chapter in options.chapters or not options.chapters]
    rows, failures = [], 0
    with ProcessPoolExecutor(options.workers) as pool:
        for outcome in pool.map(run, chosen, [options.folder] * len(chosen)):
            rows.append(describe(outcome))
            failures += not outcome.as_expected
            print(*rows[-1][:3], f"{rows[-1][3]:.0f} s", sep=" | ", flush=True)
    headers = ["chapter", "settings", "result", "s"]
    print(tabulate(rows, headers, "github", floatfmt=".0f"))
    print(f"{len(rows) - failures} of {len(rows)} runs ended as they should")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
