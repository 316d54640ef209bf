"""Your handwriting, ten digits: a widget in which a network continues a hand.

The reader draws one digit; a conditional VAE encodes it, and decodes the same code
with all ten labels. The network is the recorded run `explorer_hand`; it computes in the
page, with the scripts of `vae_utils.explorer`.
"""

from vae_utils.handwriting.cell import make_html, show_handwriting
from vae_utils.handwriting.scripts import (
    SCRIPTS,
    SHARED,
    STYLES,
    make_script,
    write_scripts,
)

__all__ = [
    "SCRIPTS",
    "SHARED",
    "STYLES",
    "make_html",
    "make_script",
    "show_handwriting",
    "write_scripts",
]
