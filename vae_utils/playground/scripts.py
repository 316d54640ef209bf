"""Puts the playground's scripts together: the engine, and the page around it."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from matplotlib.colors import to_hex

from vae_utils import files, plots
from vae_utils.playground.data import DATA, make_data_script
from vae_utils.widgets.assembly import ELEMENTS, STYLE

FOLDER = resources.files("vae_utils.playground")
PARTS = (  # of the engine, each of which needs those before it
    "numbers.js",
    "random.js",
    "matrices.js",
    "layers.js",
    "bugs.js",
    "likelihoods.js",
    "posterior.js",
    "adam.js",
    "settings.js",
    "model.js",
    "batches.js",
    "evaluation.js",
    "trainer.js",
    "service.js",
)
RUNNER = "runner.js"  # starts the engine in a worker, or in the page
VIEW = (  # what the reader sees
    "data.js",
    "run.js",
    "frame.js",
    "densities.js",
    "map.js",
    "pictures.js",
    "scatter.js",
    "panels.js",
    "curves.js",
    "bars.js",
    "numbers.js",
    "toolbar.js",
    "controls.js",
    "notices.js",
)
PAGE = (  # what only the whole page has
    "address.js",
    "measures.js",
    "network_findings.js",
    "score_findings.js",
    "findings.js",
    "experiments.js",
    "more_experiments.js",
    "quiz.js",
    "evidence.js",
    "guide_panel.js",
    "guide.js",
    "host.js",
    "layout.js",
    "playground.js",
)
CELL = ("compact.js",)  # what only a cell's output has
#: Settings of a run that a link or a cell gives, by the names of engine/settings.js.
SETTINGS = (
    "mode",
    "latentDim",
    "hidden",
    "likelihood",
    "sigma",
    "beta",
    "warmUp",
    "learningRate",
    "batchSize",
    "seed",
    "bugs",
)
STYLES = (STYLE, FOLDER / "playground.css", FOLDER / "guide.css")


def make_engine() -> str:
    """Makes the script that defines the engine, and starts it in the page.

    It is one function, `VAEBook.playgroundEngine`, since a worker can be made of a
    function's own text: a page from disk may load no file in a worker. What the parts
    call `self` is the worker, or the page's window.

    Returns:
        JavaScript, a classic script.
    """
    parts = "".join(_read("engine", name) for name in PARTS)
    return (
        "window.VAEBook ??= {};\n"
        f"VAEBook.playgroundEngine = function (self) {{\n{parts}}};\n"
        "VAEBook.playgroundEngine(window);\n"
    )


def make_scripts() -> str:
    """Makes the script with the engine and what starts it, `startRunner`.

    Returns:
        JavaScript, a classic script.
    """
    return make_engine() + _read("engine", RUNNER)


def make_view() -> str:
    """Makes the script of all that a run is shown with, in the page or in a cell.

    Returns:
        JavaScript, a classic script, for after those of `make_scripts`.
    """
    colours = json.dumps([to_hex(colour) for colour in plots.CLASS_COLORS])
    return f"VAEBook.playground.classColours = {colours};\n" + "".join(
        _read("view", name) for name in VIEW
    )


def make_cell_script() -> str:
    """Makes the script of the small form, for after those of `make_view`.

    Returns:
        JavaScript, a classic script.
    """
    return "".join(_read("view", name) for name in CELL)


def make_page_script() -> str:
    """Makes the one script that the page of the site loads, besides its data.

    Returns:
        JavaScript, a classic script.
    """
    page = "".join(_read("view", name) for name in PAGE)
    elements = ELEMENTS.read_text(encoding="utf-8")
    start = _read("view", "start.js")
    return elements + make_scripts() + make_view() + page + start


def write_scripts(folder: str | Path) -> Iterator[Path]:
    """Writes what a page of the site loads: script, style sheets, and all data.

    Args:
        folder: where to; made if missing.

    Yields:
        The path of each file written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"playground.js": make_page_script()}
    texts |= {f"data_{name}.js": make_data_script(name) for name in DATA}
    texts |= {style.name: style.read_text("utf-8") for style in STYLES}
    for name, text in texts.items():
        files.write(folder / name, text.encode())
        yield folder / name


def _read(folder, name):
    return (FOLDER / folder / name).read_text(encoding="utf-8")
