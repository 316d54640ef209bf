"""The painter in a notebook: self-contained HTML with decoder and prior."""

import base64
from collections.abc import Mapping
from importlib.resources import files

import numpy as np

from vae_utils import widgets
from vae_utils.code_painter.patches import make_patches
from vae_utils.export.functions import build_function
from vae_utils.export.javascript import script
from vae_utils.export.standalone import without_own_layers
from vae_utils.models.abilities import need

FOLDER = files("vae_utils.code_painter")
SCRIPTS = (  # in the order of loading
    "networks.js",
    "board.js",
    "pictures.js",
    "grid.js",
    "palette.js",
    "costs.js",
    "filling.js",
    "controls.js",
    "sheet.js",
    "painter.js",
)
FUNCTIONS = ("decode_codes", "predict_codes")
FLOATS = "float16"  # of the weights: changes a pixel by less than a grey level
MOST_CODES = 256  # that a palette shows
FALLBACK = (
    "Here codes can be painted, and a prior finishes the grid, where pages can run "
    "scripts: in the book, in Colab, or in a trusted Jupyter notebook. The text below "
    "says what to see."
)


def show_painter(model, starts: Mapping[str, np.ndarray]):
    """Shows a grid of codes to paint on, the image it decodes to, and what it costs.

    The output contains style, scripts and the weights of decoder and prior, so it works
    from disk and without the network.

    Args:
        model: `models.CodePrior` with at most 256 codes.
        starts: name → grid of codes to start from, ints of the shape `model.grid`, as
            `model.find_codes` or `model.prior.draw_grids` makes them. The first is
            shown at the start.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: if the model has no prior over codes, or too many codes, or a grid
            does not fit it.
    """
    from IPython.display import HTML

    return HTML(make_html(widgets.new_name("code-painter"), model, starts))


def make_html(name: str, model, starts: Mapping[str, np.ndarray]) -> str:
    """Makes the HTML of the painter.

    Args:
        name: `id` of its element, unique on the page.
        model: as for `show_painter`.
        starts: as for `show_painter`.

    Returns:
        An HTML fragment.

    Raises:
        ValueError: as there.
    """
    need(model, "find_codes", "predict_codes")
    if model.codebook.size > MOST_CODES:
        raise ValueError(
            f"The painter's palette has at most {MOST_CODES} codes; use a model with a "
            f"smaller codebook. Received: codes={model.codebook.size}"
        )
    grids = _check_starts(model, starts)
    described, weights = script.pack(_build_functions(model), FLOATS)
    packed = widgets.pack(_describe(model, grids) | {"network": described})
    engine = f"VAEBook.painter.makeModel = (function () {{\n{_read_engine()}}})();\n"
    return widgets.make_html(
        name,
        "code-painter",
        FALLBACK,
        [FOLDER / "painter.css"],
        [widgets.POINTER, widgets.RANDOM, *(FOLDER / name for name in SCRIPTS)],
        f'{engine}VAEBook.painter.start("{name}", {packed}, "{weights}");',
    )


def _read_engine():
    return f'"use strict";\n{script.read_code()}\nreturn makeModel;\n'


def _build_functions(model):
    """Builds the functions that the page calls, of Keras's own operations."""
    return {name: without_own_layers(build_function(model, name)) for name in FUNCTIONS}


def _check_starts(model, starts) -> dict:
    """Returns the grids as lists of codes, row by row."""
    if not isinstance(starts, Mapping) or not starts:
        raise ValueError(
            f"starts must map one or more names to grids. Received: starts={starts!r}"
        )
    codes, grid = model.codebook.size, tuple(model.grid)
    found = {}
    for name, start in starts.items():
        start = np.asarray(start)
        is_codes = start.dtype.kind in "iu" and ((start >= 0) & (start < codes)).all()
        if start.shape != grid or not is_codes:
            raise ValueError(
                f"Each start must be a grid of codes from 0 to {codes - 1}, ints of "
                f"shape {grid}. Received: {name!r}, {start.dtype} {start.shape}"
            )
        found[str(name)] = start.ravel().tolist()
    return found


def _describe(model, grids) -> dict:
    """Lists what the page needs besides the networks."""
    patches = make_patches(model)
    used = np.concatenate(list(grids.values()))
    return {
        "grid": list(model.grid),
        "image": list(model.image_shape),
        "codes": model.codebook.size,
        "blank": int(np.bincount(used).argmax()),  # decoded where a cell is empty
        "brush": int(patches.mean(axis=(1, 2, 3)).argmax()),  # the brightest
        "starts": list(grids.items()),
        "patch": list(patches.shape[1:]),
        "patches": base64.b64encode(patches.tobytes()).decode(),
    }
