"""The command line: `python -m vae_utils train | evaluate | animate | data`.

TensorFlow is imported only once a command has something for it to do, so that help and
refusals come at once.
"""

from vae_utils.cli.main import main

__all__ = ["main"]
