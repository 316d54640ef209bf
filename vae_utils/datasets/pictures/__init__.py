"""Your own images: a folder of pictures, files of arrays, or arrays.

`listing` finds the files of a folder, `pool` has them decoded by several processes,
`decoded` keeps the result in the cache, `labelling` finds classes, `likeness` pictures
that look alike, `splitting` decides what is for training, and `assembling` makes the
data set. `checking` reports on a folder before anything is trained.
"""

from vae_utils.datasets.pictures.array_files import from_idx, from_npy, from_npz
from vae_utils.datasets.pictures.arrays import from_arrays
from vae_utils.datasets.pictures.checking import check_folder
from vae_utils.datasets.pictures.folder import from_folder
from vae_utils.datasets.pictures.opening import load_again, load_path
from vae_utils.datasets.pictures.report import Report

__all__ = [
    "Report",
    "check_folder",
    "from_arrays",
    "from_folder",
    "from_idx",
    "from_npy",
    "from_npz",
    "load_again",
    "load_path",
]
