"""A VAE in plain JavaScript that trains in the reader's page.

`engine/` trains, in a worker: its scripts are one function, of whose text a worker is
made, and `tests/book` compares it with the package's own models. `view/` shows a run.
`show_playground` is the small form, the output of a cell; the page `book/playground`
has all of it.
"""

from vae_utils.playground.data import DATA, make_data_script
from vae_utils.playground.page import show_playground
from vae_utils.playground.scripts import (
    PARTS,
    STYLES,
    make_engine,
    make_page_script,
    make_scripts,
)

__all__ = [
    "DATA",
    "PARTS",
    "STYLES",
    "make_data_script",
    "make_engine",
    "make_page_script",
    "make_scripts",
    "show_playground",
]
