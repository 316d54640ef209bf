"""A VAE in plain JavaScript that trains in the reader's page.

The engine is one function of JavaScript, put together from the scripts next to this
file; a page calls it, and a worker is made of its text. `tests/book` compares it with
the package's own models.
"""

from vae_utils.playground.scripts import PARTS, make_engine, make_scripts

__all__ = ["PARTS", "make_engine", "make_scripts"]
