"""Small data sets in place of the published ones, on a machine without web."""

import hashlib

import pytest
from idx_files import idx_bytes, small_set
from idx_server import serving

from vae_utils import datasets
from vae_utils.datasets import catalog


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Provides no web, no package client and an empty cache."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("VAE_BOOK_PROFILE", "VAE_UTILS_DATA_DIR", "VAE_UTILS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    for name, entry in datasets.CATALOG.items():
        monkeypatch.setitem(datasets.CATALOG, name, entry._replace(mirrors=()))


@pytest.fixture(autouse=True)
def arrays(alone, monkeypatch):
    """Replaces the published data sets by two small ones; returns their arrays."""
    arrays = {"mnist": small_set(0), "fashion_mnist": small_set(1)}
    for name, four in arrays.items():
        hashes = [hashlib.sha256(idx_bytes(array)).hexdigest() for array in four]
        files = catalog.idx_files(60, 20, hashes, image_shape=(28, 28, 1))
        entry = datasets.CATALOG[name]._replace(files=files)
        monkeypatch.setitem(datasets.CATALOG, name, entry)
    return arrays


@pytest.fixture
def raws(arrays):
    """Maps the name of each of the four small MNIST files to its bytes."""
    files = datasets.CATALOG["mnist"].files
    pairs = zip(files, arrays["mnist"], strict=True)
    return {file.name: idx_bytes(array) for file, array in pairs}


@pytest.fixture
def server(raws):
    with serving(raws) as server:
        yield server


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "mnist"
