"""Small IDX files, and what is loaded from them."""

import gzip

import numpy as np
import pytest

from vae_utils import datasets

SAMPLE = "4,500 train + 500 validation + 1,000 test"


def idx_bytes(array):
    header = bytes([0, 0, 8, array.ndim])
    return header + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def small_set(seed):
    """Returns arrays of 60 training and 20 test images, and their labels."""
    rng = np.random.default_rng(seed)
    shapes = (60, 28, 28), (60,), (20, 28, 28), (20,)
    return [rng.integers(0, 10, shape).astype(np.uint8) for shape in shapes]


def write(folder, raws, ending="", names=None):
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in raws.items():
        if names is None or name in names:
            data = gzip.compress(raw) if ending == ".gz" else raw
            (folder / (name + ending)).write_bytes(data)
    return folder


def load_sample(*args, **kwargs):
    """Loads the sample and returns the text of its warning."""
    with pytest.warns(datasets.SampleWarning) as caught:
        data = datasets.load(*args, **kwargs)
    assert not data.complete and SAMPLE in data.provenance
    assert len(caught) == 1
    assert caught[0].filename == __file__
    return str(caught[0].message)


def check_arrays(data, arrays):
    """Checks that a data set holds these arrays, split into three."""
    x, y, x_test, y_test = arrays
    np.testing.assert_array_equal(np.concatenate([data.x_train, data.x_val]), x)
    np.testing.assert_array_equal(np.concatenate([data.y_train, data.y_val]), y)
    np.testing.assert_array_equal(data.x_test, x_test)
    np.testing.assert_array_equal(data.y_test, y_test)
    assert len(data.x_val) == len(data.y_val) == 6


def fashion_raws(arrays):
    files = datasets.CATALOG["fashion_mnist"].files
    pairs = zip(files, arrays["fashion_mnist"], strict=True)
    return {file.name: idx_bytes(array) for file, array in pairs}
