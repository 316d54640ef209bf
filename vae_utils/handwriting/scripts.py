"""The scripts of the widget, and the one that carries its network into a page."""

import functools
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from vae_utils import explorer, files
from vae_utils.widgets.assembly import STYLE

NAME, STUDY = "hand", "explorer_hand"
COARSENESS = 3.0  # costs a nat of 75 in the reconstruction term, and nothing to be seen
MODEL = f"model_{NAME}.js"
FOLDER = resources.files("vae_utils.handwriting")
STYLES = (STYLE, FOLDER / "handwriting.css")
# What the explorer has, too: a page that has both loads it once. With `index.js`, which
# has the test digits, these come first.
NEEDED = (
    "elements.js",
    "pointer.js",
    "weights.js",
    "network.js",
    "parts.js",
    "pad.js",
)
SHARED = tuple(script for script in explorer.SCRIPTS if script.name in NEEDED)
SCRIPTS = tuple(
    FOLDER / name
    for name in ("ink.js", "hand.js", "card.js", "sheet.js", "handwriting.js")
)


@functools.cache
def make_script() -> str:
    """Makes the script of the network.

    Raises:
        ValueError: if the study is missing or damaged.
    """
    return explorer.make_add(NAME, STUDY, dimensions=None, coarseness=COARSENESS)


def write_scripts(folder: str | Path) -> Iterator[Path]:
    """Writes what a page of the site loads besides what it shares with the explorer.

    Args:
        folder: where to; made if missing.

    Yields:
        The path of each file written.

    Raises:
        ValueError: if the study is missing or damaged.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {MODEL: make_script()}
    texts |= {file.name: file.read_text("utf-8") for file in (*STYLES, *SCRIPTS)}
    for name, text in texts.items():
        files.write(folder / name, text.encode())
        yield folder / name
