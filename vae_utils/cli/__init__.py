"""The command line: `python -m vae_utils COMMAND`, such as `train` or `evaluate`.

One module a command, with its options and what it does. TensorFlow is imported only
once a command needs it, so that help and refusals come at once.
"""

from vae_utils.cli.main import main

__all__ = ["main"]
