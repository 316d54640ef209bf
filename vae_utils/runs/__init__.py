"""A run: a training in a folder of its own, to go on with, evaluate and film.

`folder` says what is where, `session` trains, `loading` brings networks back, `report`
measures and draws.
"""

from vae_utils.runs.folder import RunError, RunFolder

__all__ = ["RunError", "RunFolder"]
