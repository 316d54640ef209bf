"""Makes the bundled sample from the complete data: `make sample`.

For each data set it takes 4,500 of the training images, 500 of the validation images
and 1,000 of the test images, the same number of each class, evenly spaced in the
published order, which is kept. Prints the hashes for `vae_utils/datasets/catalog.py`.
"""

import gzip
import hashlib

import numpy as np

from vae_utils import datasets
from vae_utils.datasets.loading import SAMPLE_DIR

N_TRAIN, N_VAL, N_TEST = 4_500, 500, 1_000


def stratified(labels: np.ndarray, n: int, classes: int) -> np.ndarray:
    """Chooses `n` images, the same number of each class.

    Args:
        labels: labels (m,) of the images to choose from.
        n: how many to choose, a multiple of `classes`.
        classes: number of classes.

    Returns:
        Their indices (n,), in order.
    """
    by_class = [np.flatnonzero(labels == label) for label in range(classes)]
    per_class = n // classes
    chosen = [i[np.linspace(0, len(i) - 1, per_class).astype(int)] for i in by_class]
    return np.sort(np.concatenate(chosen))


def make(data: datasets.Dataset) -> list[np.ndarray]:
    """Returns train images, train labels, test images and test labels of the sample."""
    train = stratified(data.y_train, N_TRAIN, data.classes)
    val = stratified(data.y_val, N_VAL, data.classes)
    test = stratified(data.y_test, N_TEST, data.classes)
    return [
        np.concatenate([data.x_train[train], data.x_val[val]]),
        np.concatenate([data.y_train[train], data.y_val[val]]),
        data.x_test[test],
        data.y_test[test],
    ]


def idx_bytes(array: np.ndarray) -> bytes:
    """Converts a uint8 array to the bytes of an IDX file."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def main():
    """Writes the sample of every data set and prints its hashes."""
    for name in datasets.CATALOG:
        data = datasets.load(name, sample=False)
        if not data.complete:
            raise SystemExit(f"This needs the complete data: {data.provenance}")
        for file, array in zip(datasets.CATALOG[name].sample, make(data), strict=True):
            raw = idx_bytes(array)
            packed = gzip.compress(raw, compresslevel=9, mtime=0)
            (SAMPLE_DIR / f"{file.name}.gz").write_bytes(packed)
            print(f"{file.name}: {len(packed):,} bytes")
            print(hashlib.sha256(raw).hexdigest())


if __name__ == "__main__":
    main()
