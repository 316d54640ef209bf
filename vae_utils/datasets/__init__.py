"""MNIST and Fashion-MNIST: complete where a source can be reached, or a sample.

They are loaded like this::

    data = datasets.load("mnist")
    x_train, x_val, x_test = data.x_train, data.x_val, data.x_test
    print(data.provenance)

`catalog` says what the files are, `idx` reads and verifies them, `folders`, `mirrors`
and `package_clients` are where they come from, `loading` asks these in order.
"""

from vae_utils.datasets.catalog import CATALOG, NAMES
from vae_utils.datasets.folders import install, read
from vae_utils.datasets.loading import Dataset, SampleWarning, load

__all__ = [
    "CATALOG",
    "NAMES",
    "Dataset",
    "SampleWarning",
    "install",
    "load",
    "read",
]
