"""The book's explorer: turns recorded networks into scripts that a page computes with.

A page opened from disk may not fetch files, so weights are text in classic scripts;
`network.js` reads them. The scripts of the widget are here as well, so that the
package has them wherever it is installed.
"""

from vae_utils.explorer.cell import make_html, show_explorer
from vae_utils.explorer.compression import compress, decompress
from vae_utils.explorer.layers import describe_layers
from vae_utils.explorer.networks import FIRST, NETWORKS
from vae_utils.explorer.scripts import (
    SCRIPTS,
    STYLES,
    make_add,
    make_index,
    make_script,
    write_scripts,
)

__all__ = [
    "FIRST",
    "NETWORKS",
    "SCRIPTS",
    "STYLES",
    "compress",
    "decompress",
    "describe_layers",
    "make_add",
    "make_html",
    "make_index",
    "make_script",
    "show_explorer",
    "write_scripts",
]
