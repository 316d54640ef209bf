"""A small playground as the output of a notebook cell: self-contained HTML."""

from collections.abc import Sequence

from vae_utils import widgets
from vae_utils.playground.data import DATA, make_data_script
from vae_utils.playground.scripts import (
    SETTINGS,
    STYLES,
    make_cell_script,
    make_scripts,
    make_view,
)
from vae_utils.widgets.assembly import STYLE

TRAINING, HELD_OUT = 1500, 500  # images, so that a page stays light
PANELS = ("grid", "pairs", "samples", "curves", "numbers")
CONTROLS = ("beta", "learningRate", "latentDim")
FALLBACK = (
    "Here a small network trains where pages can run scripts: in the book, in Colab, "
    "or in a trusted Jupyter notebook."
)


def show_playground(
    *runs: dict,
    data: str = "digits",
    panels: Sequence[str] = ("grid",),
    controls: Sequence[str] = ("beta",),
):
    """Shows networks that train in the page, next to each other.

    The output contains style, scripts and images, so it works from disk and without the
    network. A VAE of 14 × 14 images is small enough for a browser.

    Args:
        *runs: settings of each network by the names of the playground's address, such
            as `{"mode": "ae"}`, its `title`, and whether it is `fixed`, so that no
            control changes it; a VAE if none is given.
        data: one of `DATA`, or "ring".
        panels: what is shown besides the map, of `PANELS`.
        controls: which settings can be changed, of `CONTROLS`.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: if data, a setting, a panel or a control is unknown.
    """
    from IPython.display import HTML

    name = widgets.new_name("playground")
    return HTML(make_html(name, runs or ({},), data, panels, controls))


def make_html(
    name: str,
    runs: Sequence[dict],
    data: str,
    panels: Sequence[str],
    controls: Sequence[str],
) -> str:
    """Makes the HTML of a small playground; arguments as for `show_playground`.

    Args:
        name: `id` of its element, unique on the page.
        runs: as there.
        data: as there.
        panels: as there.
        controls: as there.

    Returns:
        An HTML fragment.

    Raises:
        ValueError: as there.
    """
    _check([data], (*DATA, "ring"), "data")
    _check(panels, PANELS, "panels")
    _check(controls, CONTROLS, "controls")
    for run in runs:
        _check(run, (*SETTINGS, "title", "fixed"), "settings")
    script = "" if data == "ring" else make_data_script(data, TRAINING, HELD_OUT)
    given = {
        "data": data,
        "runs": [{"title": "", **run} for run in runs],
        "panels": list(panels),
        "controls": list(controls),
    }
    start = (
        "VAEBook.playground.startCompact("
        f"document.getElementById({widgets.pack(name)}), {widgets.pack(given)});"
    )
    return widgets.make_html(
        name,
        "vae-playground",
        FALLBACK,
        [style for style in STYLES if style != STYLE],
        [],
        make_scripts() + make_view() + make_cell_script() + script + start,
    )


def _check(names, known, kind):
    """Refuses a name that is not known."""
    for name in names:
        if name not in known:
            raise ValueError(
                f"The {kind} are {', '.join(known)}; choose among them. "
                f"Received: {name!r}"
            )
