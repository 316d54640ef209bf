"""Grey and colour images of any size, from files to batches."""

import hashlib

import numpy as np
import pytest
from idx_files import idx_bytes

from vae_utils import datasets, pipeline, pixels
from vae_utils.datasets import catalog, idx

SHAPES = {"colour": (12, 20, 3), "grey": (7, 5, 1)}
CLASSES = ("a", "b", "c")
COUNTS = {"train": 27, "val": 3, "test": 10}


@pytest.fixture(params=SHAPES)
def image_shape(request):
    return SHAPES[request.param]


@pytest.fixture
def images(image_shape):
    """Makes 40 random images; grey ones have no channel axis, as in IDX files."""
    shape = image_shape if image_shape[-1] > 1 else image_shape[:-1]
    return np.random.default_rng(0).integers(0, 256, (40, *shape), np.uint8)


@pytest.fixture
def labels():
    return (np.arange(40) % len(CLASSES)).astype(np.uint8)


@pytest.fixture
def data(image_shape, images, labels, tmp_path, monkeypatch):
    """Loads the images as a data set of IDX files in a folder."""
    arrays = images[:30], labels[:30], images[30:], labels[30:]
    raws = [idx_bytes(array) for array in arrays]
    hashes = tuple(hashlib.sha256(raw).hexdigest() for raw in raws)
    files = catalog.idx_files(30, 10, hashes, image_shape=image_shape)
    for file, raw in zip(files, raws, strict=True):
        (tmp_path / file.name).write_bytes(raw)
    entry = datasets.CATALOG["mnist"]._replace(
        title="Small", image_shape=image_shape, class_names=CLASSES, files=files
    )
    monkeypatch.setitem(datasets.CATALOG, "mnist", entry)
    return datasets.load("mnist", data_dir=tmp_path, download=False)


def test_idx_keeps_size_and_channels(images):
    np.testing.assert_array_equal(idx.parse(idx_bytes(images)), images)


def test_data_set_has_the_shape_of_its_entry(data, image_shape, images, labels):
    entry = datasets.describe("mnist")
    assert data.image_shape == entry.image_shape == image_shape
    assert data.classes == entry.classes == len(CLASSES)
    for split, count in COUNTS.items():
        assert len(getattr(data, f"x_{split}")) == count
    splits = data.x_train, data.x_val, data.x_test
    np.testing.assert_array_equal(np.concatenate(splits), images)
    splits = data.y_train, data.y_val, data.y_test
    np.testing.assert_array_equal(np.concatenate(splits), labels)


def test_file_names_state_the_dimensions():
    for shape, letters in ((SHAPES["colour"], "idx4"), (SHAPES["grey"], "idx3")):
        files = catalog.idx_files(3, 1, ("",) * 4, image_shape=shape, prefix="p-")
        assert [file.name for file in files] == [
            f"p-train-images-{letters}-ubyte",
            "p-train-labels-idx1-ubyte",
            f"p-t10k-images-{letters}-ubyte",
            "p-t10k-labels-idx1-ubyte",
        ]
        assert files[0].size == 4 * int(letters[-1]) + 4 + 3 * np.prod(shape)


def test_a_channel_axis_of_one_is_grey():
    images, labels = np.zeros((4, 7, 5, 1), np.uint8), np.zeros(4, np.uint8)
    splits = (images, labels) * 3
    data = datasets.Dataset("own", *splits, ("only",), True, "own images")
    assert data.image_shape == (7, 5, 1)
    assert data.classes == 1


def test_scales_to_the_image_shape(data, images, image_shape):
    x = pixels.to_unit_interval(images, data.image_shape)
    assert x.shape == (40, *image_shape)
    np.testing.assert_array_equal(x.ravel(), images.ravel() / np.float32(255))
    height, width, channels = image_shape
    with pytest.raises(ValueError, match="Received: images of shape"):
        pixels.to_unit_interval(images, (width, height, channels))


def test_bytes_survive_a_round_trip(images, image_shape):
    x = pixels.to_unit_interval(images)
    for given in (images, x):
        rounded = pixels.to_bytes(given)
        assert rounded.dtype == np.uint8
        np.testing.assert_array_equal(rounded, images)
    np.testing.assert_array_equal(pixels.as_images(images), images.reshape(x.shape))


@pytest.mark.parametrize("kind", pixels.BINARISATIONS)
def test_binarises_every_channel(images, image_shape, kind):
    x = pixels.binarise(images, kind, seed=1)
    assert x.shape == (40, *image_shape)
    assert pixels.is_binary(x) == (kind != "none")
    if kind == "dynamic":  # channels are drawn independently
        same = np.full_like(images, 128)
        draw = pixels.binarise(same, kind, seed=1)
        assert not (draw == draw[..., :1]).all() or image_shape[-1] == 1


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_training_batches_keep_images_and_labels(data, image_shape, binarisation):
    batches, steps = pipeline.training_batches(
        data.x_train,
        data.y_train,
        batch_size=9,
        epochs=2,
        seed=3,
        binarisation=binarisation,
        classes=data.classes,
    )
    drawn = list(batches.as_numpy_iterator())
    assert (steps, len(drawn)) == (3, 6)
    for batch in drawn:
        assert batch["x"].shape == (9, *image_shape)
        assert batch["x"].dtype == np.float32
    x, y = (np.concatenate([batch[name] for batch in drawn[:3]]) for name in "xy")
    if binarisation != "dynamic":
        expected = pixels.binarise(data.x_train, binarisation)
        rows = {image.tobytes(): i for i, image in enumerate(expected)}
        order = [rows[image.tobytes()] for image in x]
        assert sorted(order) == list(range(27))
        np.testing.assert_array_equal(y, data.y_train[order])


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_evaluation_batches_keep_images_and_labels(data, image_shape, binarisation):
    batches = pipeline.evaluation_batches(
        data.x_test,
        data.y_test,
        batch_size=4,
        seed=5,
        binarisation=binarisation,
        classes=data.classes,
    )
    drawn = list(batches.as_numpy_iterator())
    x, y = (np.concatenate([batch[name] for batch in drawn]) for name in "xy")
    expected = pixels.binarise(data.x_test, binarisation, seed=5)
    np.testing.assert_array_equal(x, expected)
    np.testing.assert_array_equal(y, data.y_test)


def test_rejects_labels_that_the_data_set_has_no_class_for(data):
    labels = data.y_train + 1
    with pytest.raises(ValueError, match="0 … 2. Received: labels from 1 to 3"):
        pipeline.evaluation_batches(data.x_train, labels, classes=data.classes)
