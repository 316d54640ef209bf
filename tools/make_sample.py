"""Makes the bundled sample from the complete data: `make sample`.

For each data set, 4,500 images out of the training images, 500 out of the validation
images and 1,000 out of the test images, as many of each class, evenly spaced over the
published order and kept in it. Prints the hashes for `vae_utils/datasets/catalog.py`.
"""

import gzip
import hashlib

import numpy as np

from vae_utils import datasets
from vae_utils.datasets.loading import SAMPLE_DIR

N_TRAIN, N_VAL, N_TEST = 4_500, 500, 1_000


def stratified(labels: np.ndarray, n: int) -> np.ndarray:
    """Chooses `n` images, as many of each of the ten classes.

    Args:
        labels: labels (m,) of the images to choose from.
        n: how many to choose, a multiple of 10.

    Returns:
        Their indices (n,), in order.
    """
    by_class = [np.flatnonzero(labels == label) for label in range(10)]
    chosen = [i[np.linspace(0, len(i) - 1, n // 10).astype(int)] for i in by_class]
    return np.sort(np.concatenate(chosen))


def make(data: datasets.Dataset) -> list[np.ndarray]:
    """Returns train images, train labels, test images and test labels of the sample."""
    train = stratified(data.y_train, N_TRAIN)
    val = stratified(data.y_val, N_VAL)
    test = stratified(data.y_test, N_TEST)
    return [
        np.concatenate([data.x_train[train], data.x_val[val]]),
        np.concatenate([data.y_train[train], data.y_val[val]]),
        data.x_test[test],
        data.y_test[test],
    ]


def idx_bytes(array: np.ndarray) -> bytes:
    """Writes a uint8 array as IDX."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def main():
    """Writes the sample of every data set and prints its hashes."""
    for name in datasets.NAMES:
        data = datasets.load(name, sample=False)
        if not data.complete:
            raise SystemExit(f"The complete data is needed: {data.provenance}")
        for file, array in zip(datasets.CATALOG[name].sample, make(data), strict=True):
            raw = idx_bytes(array)
            packed = gzip.compress(raw, compresslevel=9, mtime=0)
            (SAMPLE_DIR / f"{file.name}.gz").write_bytes(packed)
            print(f"{file.name}: {len(packed):,} bytes")
            print(hashlib.sha256(raw).hexdigest())


if __name__ == "__main__":
    main()
