"""The book's explorer: turns recorded networks into scripts that a page computes with.

A page opened from disk may not fetch files, so weights are base64 text in classic
scripts; `book/_static/explorer/network.js` reads them.
"""

from vae_utils.explorer.layers import describe_layers
from vae_utils.explorer.networks import FIRST, NETWORKS
from vae_utils.explorer.scripts import make_index, make_script, write_scripts

SCRIPTS = (  # of book/_static/explorer, in the order in which a page loads them
    "network.js",
    "pointer.js",
    "parts.js",
    "pad.js",
    "ground.js",
    "map.js",
    "view.js",
    "explorer.js",
)

__all__ = [
    "FIRST",
    "NETWORKS",
    "SCRIPTS",
    "describe_layers",
    "make_index",
    "make_script",
    "write_scripts",
]
