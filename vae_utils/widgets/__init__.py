"""Interactive outputs of cells: HTML that carries its own style, scripts and data.

An output works in the book, from disk, in Jupyter and in Colab, since it loads nothing.
`elements.js`, `pointer.js`, `random.js` and `widget.css` here are what all widgets
share; a widget's own scripts are next to its Python code.
"""

from vae_utils.widgets.assembly import POINTER, RANDOM, make_html, new_name, pack
from vae_utils.widgets.pictures import pack_picture

__all__ = ["POINTER", "RANDOM", "make_html", "new_name", "pack", "pack_picture"]
