"""Data sets: complete if any source has them, otherwise a bundled sample.

Load one like this::

    data = datasets.load("mnist")
    x_train, x_val, x_test = data.x_train, data.x_val, data.x_test
    print(data.provenance)

or a folder of your own pictures like this::

    print(datasets.check_folder("./photos").table())
    data = datasets.load("./photos", size=64)

`catalog` describes the known data sets, `dataset` holds one in memory, and `loading`
tries the sources in order: `folders`, `mirrors` and `package_clients`. `idx` verifies
and parses files. `cats` and `sprites` need no source: `rendered` makes them, in the
`variants` that there are, and in any combination of `factors`. `pictures` reads data of
your own.
"""

from vae_utils.datasets import cats, sprites
from vae_utils.datasets.catalog import CATALOG, NAMES, describe
from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.folders import install, read
from vae_utils.datasets.loading import SampleWarning, load, load_complete

__all__ = [
    "CATALOG",
    "NAMES",
    "Dataset",
    "Report",
    "SampleWarning",
    "cats",
    "check_folder",
    "describe",
    "from_arrays",
    "from_folder",
    "from_idx",
    "from_npy",
    "from_npz",
    "install",
    "load",
    "load_again",
    "load_complete",
    "read",
    "sprites",
]


def __getattr__(name):
    """Imports what reads your own images when it is first used, which takes a while."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from vae_utils.datasets import pictures

    return getattr(pictures, name)


def __dir__():
    """Lists what there is, also what is not imported yet."""
    return sorted({*globals(), *__all__})
