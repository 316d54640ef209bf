"""Executes the book so that no page shows results of other code or other data.

jupyter-cache looks at a notebook's code cells alone. Its folder is therefore named
after everything else that a result depends on: the package, the pinned versions, the
profile, and what each data set resolves to. Works under plain `jupyter-book build .`.
"""

import hashlib
import os
import warnings
from pathlib import Path

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util import logging

from vae_utils import datasets, settings

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("config-inited", prepare)
    app.connect("build-finished", report)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare(app, config):
    """Finds the data, chooses the cache folder and tells readers of a sample."""
    os.environ.setdefault("IPYTHONDIR", str(HERE / "ipython"))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    kinds = {name: find(name) for name in datasets.NAMES}
    key = fingerprint(Path(app.confdir), kinds)
    config.nb_execution_cache_path = str(Path(app.outdir).parent / "cache" / key)
    if "sample" in kinds.values():
        config.html_theme_options["announcement"] = notice(kinds)
        # What no source gave just now is not asked for again by every notebook.
        os.environ["VAE_UTILS_OFFLINE"] = "1"


def find(name: str) -> str:
    """Returns what a data set resolves to, and logs where it came from or why not."""
    with warnings.catch_warnings(record=True) as reasons:
        warnings.simplefilter("always")
        data = datasets.load(name)
    for line in [data.provenance, *(str(reason.message) for reason in reasons)]:
        logger.info(line)
    return "complete" if data.complete else "sample"


def fingerprint(root: Path, kinds: dict[str, str]) -> str:
    """Hashes all that a result depends on besides the notebook itself."""
    package = Path(datasets.__file__).parents[1]
    files = [path for path in sorted(package.rglob("*")) if path.is_file()]
    files = [path for path in files if "__pycache__" not in path.parts]
    digest = hashlib.sha256(repr((settings.profile(), sorted(kinds.items()))).encode())
    for path in [*files, *(root / f"{n}.txt" for n in ("requirements", "constraints"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def notice(kinds: dict[str, str]) -> str:
    """Says on every page that it was built on the sample, and why that matters."""
    names = " and ".join(name for name, kind in kinds.items() if kind == "sample")
    why = {
        "quick": "in the quick profile, for tests",
        "full": "since the complete data could not be reached",
    }[settings.profile()]
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
