"""The command line: `python -m vae_utils train | evaluate | animate | export | data`.

One module a command, with its options and what it does. TensorFlow is imported only
once a command needs it, so that help and refusals come at once.
"""

from vae_utils.cli.main import main

__all__ = ["main"]
