"""Executes the book so that no page shows results of other code or other data.

jupyter-cache looks at a notebook's code cells alone. Its folder is therefore named
after all else that a result depends on: the package, the versions installed, profile,
seed, backend, and what each data set resolves to. Works under plain
`jupyter-book build .`.
"""

import hashlib
import os
import re
import sys
import warnings
from importlib import metadata
from pathlib import Path

import nbformat
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.errors import ConfigError
from sphinx.util import logging

from vae_utils import datasets, profile

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
KERNEL_CONFIG = "ipython/profile_default/ipython_kernel_config.py"
STACK = ("tensorflow", "keras", "jax", "numpy", "scikit-learn", "matplotlib", "imageio")


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("config-inited", prepare)
    app.connect("build-finished", report)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare(app, config):
    """Finds the data, chooses the cache folder and tells readers of a sample."""
    os.environ.setdefault("IPYTHONDIR", str(HERE / "ipython"))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    _fix_folders()
    notebooks = sorted(Path(app.srcdir).glob("notebooks/*.ipynb"))
    kinds = {name: find(name) for name in used(notebooks)}
    key = fingerprint(kinds)
    # `jupyter-book clean` keeps what is here.
    cache = Path(app.outdir).parent / ".jupyter_cache" / key
    config.nb_execution_cache_path = str(cache)
    if "sample" in kinds.values():
        config.html_theme_options["announcement"] = notice(kinds)


def _fix_folders():
    """Makes folders in variables absolute: a kernel starts in its notebook's."""
    try:
        profile.fix_folders()
    except ValueError as error:
        raise ConfigError(str(error)) from error


def used(notebooks: list[Path]) -> list[str]:
    """Lists the data sets that notebooks load, by the two ways in which they do."""
    cells = [c for path in notebooks for c in nbformat.read(path, as_version=4).cells]
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return sorted(set(re.findall(r'(?:DATASET = |datasets\.load\()"([\w-]+)"', code)))


def find(name: str) -> str:
    """Returns what a data set resolves to, and logs where it came from or why not."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            data = datasets.load(name)
        except ValueError as error:
            raise ConfigError(str(error)) from error
    logger.info(data.provenance)
    for warning in caught:
        # A sample is not an error of the book: even a strict build continues.
        expected = issubclass(warning.category, datasets.SampleWarning)
        (logger.info if expected else logger.warning)(str(warning.message))
    return "complete" if data.complete else "sample"


def fingerprint(kinds: dict[str, str]) -> str:
    """Hashes all that a result depends on besides the notebook itself."""
    package = Path(datasets.__file__).parents[1]
    files = [path for path in sorted(package.rglob("*")) if path.is_file()]
    files = [path for path in files if "__pycache__" not in path.parts]
    parts = {path.relative_to(package).as_posix(): path.read_bytes() for path in files}
    parts["kernel"] = (HERE / KERNEL_CONFIG).read_bytes()
    parts["choices"] = profile.name(), profile.seed(None), sorted(kinds.items())
    parts["backend"] = os.environ.get("KERAS_BACKEND"), sys.version
    parts["versions"] = [(name, metadata.version(name)) for name in STACK]
    return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()[:16]


def notice(kinds: dict[str, str]) -> str:
    """Says on every page that it was built on the sample, and why that matters."""
    names = " and ".join(name for name, kind in kinds.items() if kind == "sample")
    why = {
        "quick": "in the quick profile, for tests",
        "full": "since the complete data could not be reached",
    }[profile.name()]
    return (
        f"This copy of the book was built on the small sample of {names} bundled with "
        f"it, {why}: its numbers and pictures are not those of the published book."
    )


def report(app, exception):
    """Says how long each notebook took when it was last executed."""
    if exception is not None:
        return
    for name in sorted(app.env.found_docs):
        result = NbMetadataCollector.get_exec_data(app.env, name)
        if result:
            logger.info("%s: executed in %.0f s", name, result["runtime"] or 0.0)
