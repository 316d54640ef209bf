"""Executes notebooks side by side, before Sphinx reads them one after another.

No notebook needs another one. Those whose results the jupyter-cache lacks are executed
here, as many at a time as cores and memory allow, and their results go to the cache,
where MyST-NB finds them. If notebooks fail, the others are still executed and kept;
then the build stops. Works under plain `jupyter-book build .`.
"""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import joblib
import nbformat
import psutil
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)
MEMORY = 3 * 2**30  # bytes that each notebook may need
# How many threads TensorFlow, scikit-learn and JAX start in a kernel.
THREADS = (
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "NPROC",
)


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("env-before-read-docs", fill_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def fill_cache(app, env, docnames):
    """Executes those of the notebooks to be read that the cache lacks.

    Args:
        app: the Sphinx application.
        env: its environment.
        docnames: pages that are about to be read.

    Raises:
        ExtensionError: if notebooks failed, with the name, cell and traceback of each.
    """
    config = app.config
    if config.nb_execution_mode != "cache":
        return
    cache = get_cache(config.nb_execution_cache_path)
    sources = [Path(env.doc2path(name)) for name in docnames]
    notebooks = [path for path in sources if path.suffix == ".ipynb"]
    missing = [path for path in notebooks if not is_cached(cache, path)]
    if missing:
        options = {
            "timeout": config.nb_execution_timeout,
            "allow_errors": config.nb_execution_allow_errors,
        }
        failures = run_in_thread(execute_all(missing, cache, options))
        if failures:
            raise ExtensionError("\n\n".join(failures))


def is_cached(cache, path: Path) -> bool:
    """Returns whether the cache holds the results of a notebook."""
    try:
        cache.match_cache_notebook(nbformat.read(path, as_version=4))
    except KeyError:
        return False
    return True


def run_in_thread(coroutine):
    """Runs a coroutine to its end in another thread; Ctrl-C cancels it.

    In the main thread, nbclient would replace the handlers of signals, so that Ctrl-C
    would stop one kernel only.
    """
    with (
        asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner,
        ThreadPoolExecutor(1) as pool,  # leaving it waits for the kernels' end
    ):
        loop = runner.get_loop()
        task = loop.create_task(coroutine)
        try:
            return pool.submit(loop.run_until_complete, task).result()
        except BaseException:
            loop.call_soon_threadsafe(task.cancel)
            raise


async def execute_all(paths: list[Path], cache, options: dict) -> list[str]:
    """Executes notebooks and keeps the results of each one as soon as it ends.

    Args:
        paths: of the notebooks.
        cache: a jupyter-cache.
        options: of nbclient.

    Returns:
        For each notebook that failed, its path, cell and traceback.
    """
    workers, threads = share(len(paths))
    logger.info("executing %d notebooks, %d at a time", len(paths), workers)
    environment = {name: str(threads) for name in THREADS} | os.environ
    slots = asyncio.Semaphore(workers)
    failures, done = [], 0

    async def execute_next(path):
        nonlocal done
        async with slots:
            start = time.monotonic()
            notebook, failure = await execute(path, environment, options)
            seconds = time.monotonic() - start
        done += 1
        if failure:
            failures.append(failure)
        else:
            keep(cache, path, notebook, seconds)
        result = "failed" if failure else "executed"
        progress = f"{done} of {len(paths)}"
        logger.info("%s: %s in %.0f s (%s)", path.stem, result, seconds, progress)

    async with asyncio.TaskGroup() as group:
        for path in paths:
            group.create_task(execute_next(path))
    return failures


async def execute(path: Path, environment: dict, options: dict):
    """Executes a notebook in its own folder.

    Returns:
        The executed notebook, and what failed, or None.
    """
    notebook = nbformat.read(path, as_version=4)
    place = "before its first cell"

    def remember(cell, cell_index):
        nonlocal place
        place = f"cell {cell.get('id', cell_index)!r}"

    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,  # the cache compares the metadata of cells, too
        on_cell_execute=remember,
        **options,
    )
    try:
        await client.async_execute(env=environment)
    except Exception as error:  # of a cell, or of the kernel
        if asyncio.current_task().cancelling():  # nbclient takes it for a dead kernel
            raise asyncio.CancelledError from None
        return notebook, f"{path}, {place}: {type(error).__name__}\n{error}"
    return notebook, None


def keep(cache, path: Path, notebook, seconds: float):
    """Puts the results of a notebook into the cache, as MyST-NB would."""
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def share(notebooks: int) -> tuple[int, int]:
    """Shares out cores and memory.

    Args:
        notebooks: how many are to be executed.

    Returns:
        How many are executed at a time, and how many threads each may start.
    """
    cores = joblib.cpu_count()
    room = psutil.virtual_memory().available // MEMORY
    workers = max(1, min(notebooks, cores, room))
    return workers, -(-cores // workers)
