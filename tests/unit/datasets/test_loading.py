import gzip
import hashlib
import importlib.util
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from idx_files import SAMPLE, load_sample, write

from vae_utils import datasets
from vae_utils.datasets import folders, idx

ROOT = Path(datasets.__file__).parents[2]


@pytest.mark.parametrize("name", datasets.CATALOG)
def test_sample_is_balanced_and_described(name):
    data = datasets.load(name, sample=True)
    assert not data.complete
    assert data.provenance.endswith(
        f"MNIST, bundled sample: {SAMPLE} images (SHA-256 verified)."
    )
    for images, labels, n in [
        (data.x_train, data.y_train, 4_500),
        (data.x_val, data.y_val, 500),
        (data.x_test, data.y_test, 1_000),
    ]:
        assert images.shape == (n, 28, 28) and labels.shape == (n,)
        assert (*images.shape[1:], 1) == data.image_shape
        assert images.dtype == labels.dtype == np.uint8
        assert images.max() == 255 and images.min() == 0
        assert np.bincount(labels).tolist() == [n // 10] * 10
        assert n < 1_000 or len(set(labels[::10])) == 10  # no class in step with ten
    assert data.x_train.base is not None  # views, no copies


def test_sample_is_small_and_pinned():
    files = [*(ROOT / "vae_utils/datasets/sample").glob("*.gz")]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    known = {file.sha256 for e in datasets.CATALOG.values() for file in e.sample}
    found = [hashlib.sha256(gzip.decompress(p.read_bytes())).hexdigest() for p in files]
    assert len(files) == 8 and set(found) == known


@pytest.mark.parametrize("name", datasets.CATALOG)
def test_sample_is_what_the_tool_makes(name, monkeypatch):
    monkeypatch.undo()  # the published files, the cache of this machine
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            complete = datasets.load(name, sample=False, download=False)
    except datasets.SampleWarning as warning:
        pytest.skip(f"needs the complete data: {warning}")
    spec = importlib.util.spec_from_file_location("t", ROOT / "tools/make_sample.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for file, made in zip(
        datasets.CATALOG[name].sample, tool.make(complete), strict=True
    ):
        bundled = idx.parse(folders.read(tool.SAMPLE_DIR, file))
        np.testing.assert_array_equal(made, bundled)


def test_quick_profile_uses_the_sample(server, raws, cache, monkeypatch):
    write(cache, raws)
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    data = datasets.load("mnist", mirrors=[server.mirror("good")])
    assert not data.complete  # and no warning, which would be an error
    assert datasets.load("mnist", sample=False).complete
    assert server.asked == []


def test_offline_uses_the_cache(raws, cache, monkeypatch):
    write(cache, raws)
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    assert datasets.load("mnist").complete


def test_warning_names_every_source(tmp_path):
    message = load_sample("mnist", data_dir=tmp_path / "new")
    sources = [line.partition(":")[0] for line in message.splitlines()[1:]]
    assert sources == ["- your folder", "- the cache", "- the web", "- a package"]
    assert "VAE_UTILS_DATA_DIR" in message.splitlines()[0]
    assert not (tmp_path / "new").exists()


def test_complete_data_or_an_error_that_names_every_source(raws, cache, monkeypatch):
    for profile in ("full", "quick"):
        monkeypatch.setenv("VAE_BOOK_PROFILE", profile)
        words = "mnist data is unavailable.*Received: the cache: .*; the web: not tried"
        with pytest.raises(ValueError, match=words) as caught:
            datasets.load_complete("mnist", download=False)
        assert "\n" not in str(caught.value)
    write(cache, raws)
    assert datasets.load_complete("mnist", download=False).complete


@pytest.mark.parametrize("name", ["cifar", "MNIST", None, ["mnist"]])
def test_rejects_unknown_name(name):
    for read in (datasets.load, datasets.describe):
        with pytest.raises(ValueError, match="'mnist' or 'fashion_mnist'.*Received: "):
            read(name)


def test_catalog_lists_the_published_files(monkeypatch):
    monkeypatch.undo()
    for entry in datasets.CATALOG.values():
        sizes = [file.size for file in entry.files]
        assert sizes == [47_040_016, 60_008, 7_840_016, 10_008]
        assert all(len(file.sha256) == 64 for file in entry.files + entry.sample)
        assert all(mirror.endswith("/") for mirror in entry.mirrors)
        assert len(set(entry.class_names)) == entry.classes == 10
        assert entry.image_shape == (28, 28, 1)


def test_import_loads_no_large_package():
    code = (
        "import sys; import vae_utils.datasets; "
        "sys.exit(bool({'tensorflow', 'keras', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
