"""The package of the VAE book: data, models, training, pictures and numbers.

Three functions do what most programs need::

    import vae_utils

    data = vae_utils.load_data("mnist")
    model, history = vae_utils.train(data, latent_dim=10, folder="runs/mine")
    model = vae_utils.load("runs/mine")

All else is in the modules, of which nothing is imported before it is used.
`vae_utils.__version__` is the version.
"""

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vae_utils.shortcuts import load, load_data, train

__all__ = ["__version__", "load", "load_data", "train"]

#: Name → the module that has it.
_PLACES = dict.fromkeys(("load", "load_data", "train"), "vae_utils.shortcuts")

# TensorFlow reads it when it is imported, and logs less; errors are raised anyway.
_LEVEL = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def __getattr__(name):
    """Imports what the package offers when it is first used, which takes a while."""
    if name == "__version__":
        value = importlib.import_module("vae_utils.version").read_version()
    elif name in _PLACES:
        value = getattr(_import_quietly(_PLACES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def _import_quietly(module):
    """Imports a module without TensorFlow's greetings, unless its log is asked for."""
    from vae_utils import streams

    if _LEVEL == "0":
        return importlib.import_module(module)
    with streams.without_greetings():
        return importlib.import_module(module)


def __dir__():
    """Lists what there is, also what is not imported yet."""
    return sorted({*globals(), *__all__})
