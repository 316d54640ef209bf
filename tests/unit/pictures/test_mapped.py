import collections

import numpy as np
import pytest
from picture_files import write_classes

from vae_utils import datasets, pipeline
from vae_utils.datasets.pictures import arranging
from vae_utils.memory import is_mapped

Memory = collections.namedtuple("Memory", "available")


@pytest.fixture
def large(monkeypatch):
    """Any image is taken for a large part of the memory."""
    monkeypatch.setattr(arranging, "SHARE", 0.0)


@pytest.fixture
def mapped(tmp_path):
    """Images in a file, as `arrange` maps them."""
    images = np.random.default_rng(0).integers(0, 256, (24, 8, 8, 3), np.uint8)
    np.save(tmp_path / "images.npy", images)
    return np.load(tmp_path / "images.npy", mmap_mode="c")


def test_large_data_stay_in_files(tmp_path, cache, large):
    own = write_classes(tmp_path / "own", a=10, b=10)
    data = datasets.from_folder(own, size=8)
    splits = data.x_train, data.x_val, data.x_test
    assert all(map(is_mapped, splits))
    written = {path: path.stat() for path in cache.glob("split-*.npy")}
    assert len(written) == 3
    again = datasets.from_folder(own, size=8)
    assert {path: path.stat() for path in cache.glob("split-*.npy")} == written
    for images, others in zip(
        splits, (again.x_train, again.x_val, again.x_test), strict=True
    ):
        np.testing.assert_array_equal(images, others)


def test_data_are_the_same_in_memory_and_in_files(tmp_path, monkeypatch):
    own = write_classes(tmp_path / "own", a=10, b=10)
    resident = datasets.from_folder(own, size=8)
    assert not is_mapped(resident.x_train)
    monkeypatch.setattr(arranging, "SHARE", 0.0)
    mapped = datasets.from_folder(own, size=8)
    assert mapped.content == resident.content
    for split in ("x_train", "x_val", "x_test"):
        np.testing.assert_array_equal(getattr(mapped, split), getattr(resident, split))


def test_a_damaged_file_of_a_split_is_written_again(tmp_path, cache, large):
    own = write_classes(tmp_path / "own", a=10, b=10)
    expected = np.array(datasets.from_folder(own, size=8).x_train)
    for path in cache.glob("split-*.npy"):
        path.write_bytes(path.read_bytes()[:-5])
    np.testing.assert_array_equal(datasets.from_folder(own, size=8).x_train, expected)


@pytest.mark.parametrize("binarisation", ["none", "dynamic"])
def test_batches_are_the_same_from_memory_and_from_a_file(mapped, binarisation):
    options = {"batch_size": 5, "epochs": 3, "seed": 1, "binarisation": binarisation}
    drawn = []
    for images in (mapped, np.array(mapped)):
        batches, _ = pipeline.training_batches(images, np.arange(24), **options)
        drawn.append(list(batches.as_numpy_iterator()))
        drawn[-1] += list(
            pipeline.evaluation_batches(
                images, np.arange(24), batch_size=7, binarisation=binarisation
            ).as_numpy_iterator()
        )
    assert len(drawn[0]) == len(drawn[1]) == 16
    for batch, other in zip(*drawn, strict=True):
        for name in ("x", "y"):
            np.testing.assert_array_equal(batch[name], other[name])


def test_mapped_images_are_not_copied(mapped, monkeypatch):
    monkeypatch.setattr("psutil.virtual_memory", lambda: Memory(available=0))
    options = {"batch_size": 24, "epochs": 2, "seed": 1, "binarisation": "none"}
    batches, _ = pipeline.training_batches(mapped, **options)
    validation = pipeline.evaluation_batches(mapped, binarisation="none")
    mapped[:] = 51
    for batch in (*batches, *validation):
        np.testing.assert_array_equal(batch, np.float32(0.2))
    with pytest.raises(ValueError, match="24 images need .* of memory"):
        pipeline.training_batches(np.array(mapped), **options)


def test_images_that_cannot_be_shared_are_copied(mapped, tmp_path):
    options = {"batch_size": 4, "epochs": 1, "seed": 1, "binarisation": "none"}
    read_only = np.load(tmp_path / "images.npy", mmap_mode="r")
    for images in (
        mapped[:, ::2],
        read_only,
        mapped.reshape(-1)[1:129].reshape(8, 4, 4),
    ):
        batches, _ = pipeline.training_batches(images, **options)
        same, _ = pipeline.training_batches(np.array(images), **options)
        for batch, other in zip(batches, same, strict=True):
            np.testing.assert_array_equal(batch, other)


def test_tells_what_is_mapped(mapped, tmp_path):
    assert is_mapped(mapped) and is_mapped(np.asarray(mapped)[2:5])
    assert not is_mapped(np.array(mapped)) and not is_mapped(mapped + 1)
    assert not is_mapped(None)
