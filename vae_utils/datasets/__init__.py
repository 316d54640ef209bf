"""Data sets: complete if any source has them, otherwise a bundled sample.

Load one like this::

    data = datasets.load("mnist")
    x_train, x_val, x_test = data.x_train, data.x_val, data.x_test
    print(data.provenance)

`catalog` describes the known data sets, `dataset` holds one in memory, and `loading`
tries the sources in order: `folders`, `mirrors` and `package_clients`. `idx` verifies
and parses files. `cats` and `sprites` need no source: `rendered` makes them, in the
`variants` that there are, and in any combination of `factors`.
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
    "SampleWarning",
    "cats",
    "describe",
    "install",
    "load",
    "load_complete",
    "read",
    "sprites",
]
