"""Notebooks that the cache lacks are executed side by side, and kept in it."""

import asyncio
import os
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import psutil
import pytest
import side_by_side
from jupyter_cache import get_cache
from sphinx.errors import ExtensionError

CONFIGURATION = """\
extensions = ["myst_nb", "side_by_side"]
nb_execution_mode = "cache"
nb_execution_cache_path = "{}/results"
nb_execution_timeout = 60
"""
INDEX = "# A book\n\n```{toctree}\none\ntwo\n```\n"


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A folder for tiny notebooks; `fill` executes those that the cache lacks."""
    extensions = Path(side_by_side.__file__).parent
    monkeypatch.setenv("IPYTHONDIR", str(extensions / "ipython"))
    logged = []
    monkeypatch.setattr(
        side_by_side.logger, "info", lambda text, *values: logged.append(text % values)
    )
    config = types.SimpleNamespace(
        nb_execution_mode="cache",
        nb_execution_cache_path=str(tmp_path / "results"),
        nb_execution_timeout=60,
        nb_execution_allow_errors=False,
    )
    env = types.SimpleNamespace(doc2path=lambda name: tmp_path / f"{name}.ipynb")
    app = types.SimpleNamespace(config=config)
    return types.SimpleNamespace(
        folder=tmp_path,
        logged=logged,
        config=config,
        fill=lambda *names: side_by_side.fill_cache(app, env, list(names)),
    )


def write(folder, **notebooks):
    """Writes a notebook of one or more code cells, cell-0, cell-1, …, for each name."""
    for name, sources in notebooks.items():
        sources = [sources] if isinstance(sources, str) else sources
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        for i, cell in enumerate(cells):
            cell.id = f"cell-{i}"
        title = nbformat.v4.new_markdown_cell(f"# {name}", id="title")
        kernel = {"name": "python3", "display_name": "Python 3"}
        notebook = nbformat.v4.new_notebook(
            cells=[title, *cells], metadata={"kernelspec": kernel}
        )
        nbformat.write(notebook, folder / f"{name}.ipynb")


def results(book, *names):
    """Returns the text that the last cell of each notebook printed, or None."""
    cache, texts = get_cache(book.config.nb_execution_cache_path), []
    for name in names:
        notebook = nbformat.read(book.folder / f"{name}.ipynb", as_version=4)
        try:
            _, notebook = cache.merge_match_into_notebook(notebook)
            texts.append(notebook.cells[-1].outputs[0].text.strip())
        except KeyError:
            texts.append(None)
    return texts


def share_out(monkeypatch, workers, threads=1):
    monkeypatch.setattr(side_by_side, "share", lambda notebooks: (workers, threads))


def test_myst_nb_takes_what_was_executed_here(tmp_path):
    write(tmp_path, one="print('first', 'result')", two="print('second', 'result')")
    (tmp_path / "conf.py").write_text(CONFIGURATION.format(tmp_path))
    (tmp_path / "index.md").write_text(INDEX)
    extensions = Path(side_by_side.__file__).parent
    command = [sys.executable, "-m", "sphinx", "-W", "-n", tmp_path, tmp_path / "html"]
    environment = {"PYTHONPATH": str(extensions), "NO_COLOR": "1"}
    environment |= {"IPYTHONDIR": str(extensions / "ipython")}
    environment = os.environ | environment
    log = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "executing 2 notebooks" in log and "(2 of 2)" in log
    assert log.count("Using cached notebook") == 2 and "Executing" not in log
    for name, text in (("one", "first result"), ("two", "second result")):
        assert text in (tmp_path / "html" / f"{name}.html").read_text()


def test_results_are_those_of_each_notebook_in_any_order(book, monkeypatch):
    threads = ", ".join(f"os.environ['{name}']" for name in side_by_side.THREADS)
    share_out(monkeypatch, workers=2, threads=3)
    monkeypatch.delenv("NPROC", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "5")  # what was set by hand stays
    os.mkfifo(book.folder / "pipe")  # opened once both notebooks run
    write(
        book.folder,
        one=["import os; open('pipe', 'w')", f"print({threads})"],
        two=["open('pipe'); import os", "print(os.getcwd())"],
    )
    assert results(book, "one", "two") == [None, None]
    book.fill("two", "one")
    assert results(book, "one", "two") == ["3 3 5 3", str(book.folder)]
    assert book.logged[0] == "executing 2 notebooks, 2 at a time"
    assert book.logged[2].endswith(" s (2 of 2)")
    monkeypatch.setattr(side_by_side, "execute_all", None)
    book.fill("one", "two")
    for record in get_cache(book.config.nb_execution_cache_path).list_cache_records():
        assert 0 < record.data["execution_seconds"] < 60


def test_failures_are_named_and_the_other_results_kept(book, monkeypatch):
    share_out(monkeypatch, workers=3)
    book.config.nb_execution_timeout = 5
    write(
        book.folder,
        wrong=["good = 1", "bad = good / 0"],
        asking="input('Your name?')",
        dying="import os; os._exit(1)",
        right="print('kept')",
        lasting="import signal; signal.pause()",
    )
    with pytest.raises(ExtensionError) as caught:
        book.fill("wrong", "asking", "dying", "lasting", "right")
    text = str(caught.value)
    for name, cell, error in (
        ("wrong", 1, "CellExecutionError"),
        ("asking", 0, "CellExecutionError"),
        ("dying", 0, "DeadKernelError"),
        ("lasting", 0, "CellTimeoutError"),
    ):
        assert f"{book.folder / name}.ipynb, cell 'cell-{cell}': {error}\n" in text
    assert "bad = good / 0" in text and "ZeroDivisionError" in text
    assert "StdinNotImplementedError" in text and "after 5 seconds" in text
    names = ["wrong", "asking", "dying", "lasting", "right"]
    assert results(book, *names) == [None, None, None, None, "kept"]
    assert "right: executed in " in "".join(book.logged)


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_no_more_notebooks_run_at_a_time_than_there_are_cores(cores, book, monkeypatch):
    running, counts = set(), []

    async def execute(path, environment, options):
        running.add(path)
        counts.append(len(running))
        for _ in range(500):  # on a busy machine the others take their time
            if max(counts) >= cores:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)  # room for one too many
        running.remove(path)
        return nbformat.read(path, as_version=4), None

    monkeypatch.setattr(side_by_side.joblib, "cpu_count", lambda: cores)
    monkeypatch.setattr(side_by_side, "execute", execute)
    names = ["one", "two", "three", "four", "five"]
    write(book.folder, **{name: f"print('{name}')" for name in names})
    book.fill(*names)
    assert len(counts) == len(names) and max(counts) == cores


def test_ctrl_c_ends_kernels_and_starts_no_other(book, monkeypatch):
    share_out(monkeypatch, workers=2)
    os.mkfifo(book.folder / "pipe")
    wait = "import os, signal\nopen(f'{os.getpid()}.pid', 'w')\n"
    write(
        book.folder,
        one=f"{wait}open('pipe', 'w'); os.kill({os.getpid()}, signal.SIGINT)\n"
        "signal.pause()",
        two=f"{wait}open('pipe')\nsignal.pause()",
        three=wait,
    )
    with pytest.raises(KeyboardInterrupt):
        book.fill("one", "two", "three")
    started = [int(path.stem) for path in book.folder.glob("*.pid")]
    assert len(started) == 2
    assert not any(psutil.pid_exists(process) for process in started)
    assert book.logged == ["executing 3 notebooks, 2 at a time"]


@pytest.mark.parametrize(
    ("notebooks", "cores", "gigabytes", "expected"),
    [
        (9, 2, 16, (2, 1)),
        (9, 4, 64, (4, 1)),
        (2, 8, 64, (2, 4)),
        (3, 8, 64, (3, 3)),
        (1, 8, 64, (1, 8)),
        (9, 1, 16, (1, 1)),
        (9, 8, 7, (2, 4)),
        (9, 8, 1, (1, 8)),
    ],
)
def test_cores_and_memory_are_shared_out(
    notebooks, cores, gigabytes, expected, monkeypatch
):
    memory = types.SimpleNamespace(available=gigabytes * 2**30)
    monkeypatch.setattr(side_by_side.joblib, "cpu_count", lambda: cores)
    monkeypatch.setattr(side_by_side.psutil, "virtual_memory", lambda: memory)
    assert side_by_side.share(notebooks) == expected


def test_copies_that_were_executed_elsewhere_are_left_alone(book):
    book.config.nb_execution_mode = "off"
    write(book.folder, one="print('a result')")
    book.fill("one")
    assert results(book, "one") == [None]
