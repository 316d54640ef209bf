"""Batches made without TensorFlow hold to what the others promise."""

import numpy as np
import pytest

from vae_utils import augmentation, pipeline, pixels
from vae_utils.configurations import AUGMENTATIONS

COUNT = 22


@pytest.fixture(autouse=True)
def without_tensorflow(monkeypatch):
    monkeypatch.setattr(pipeline, "tf", None)


@pytest.fixture
def numbered():
    """Makes images of 2 × 3 pixels whose grey value is their index."""
    numbers = np.arange(COUNT, dtype=np.uint8)
    return np.broadcast_to(numbers[:, None, None], (COUNT, 2, 3)).copy()


def draw(images, labels=None, *, epochs=3, seed=0, **options):
    """Returns all batches, one list per epoch."""
    options = {"batch_size": 5} | options
    batches, steps = pipeline.training_batches(
        images, labels, epochs=epochs, seed=seed, **options
    )
    drawn = [batches[i] for i in range(len(batches))]
    return [drawn[start : start + steps] for start in range(0, len(drawn), steps)]


def numbers_of(x):
    return np.round(x[:, 0, 0, 0] * 255).astype(int)


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_batches_depend_only_on_seed_and_epoch(images, binarisation):
    options = {"binarisation": binarisation, "batch_size": 8, "seed": 7}
    options["augmentation"] = "flips-and-shifts"
    whole = draw(images[:20], epochs=5, **options)
    for first, epochs in ((0, 2), (2, 5), (4, 5)):
        part = draw(images[:20], epochs=epochs, first_epoch=first, **options)
        np.testing.assert_array_equal(part, whole[first:epochs])


def test_batches_can_begin_within_an_epoch(numbered):
    batches, _ = pipeline.training_batches(numbered, batch_size=5, epochs=2, seed=0)
    later = batches.skip(3)
    assert len(batches) == 8 and len(later) == 5
    np.testing.assert_array_equal(later[0], batches[3])


def test_an_epoch_has_each_image_once_in_an_order_of_its_own(numbered):
    epochs = draw(numbered, binarisation="none", seed=3)
    orders = [tuple(numbers_of(np.concatenate(epoch))) for epoch in epochs]
    assert len(set(orders)) == 3
    for order in orders:
        assert len(set(order)) == len(order) == 20 and list(order) != sorted(order)


def test_labels_stay_with_their_images(numbered):
    labels = np.arange(COUNT) % 7
    for batch in draw(numbered, labels, epochs=1, binarisation="none")[0]:
        np.testing.assert_array_equal(batch["y"], numbers_of(batch["x"]) % 7)
        assert batch["x"].dtype == np.float32 and batch["y"].dtype == np.int32


def test_dynamic_binarisation_draws_with_the_grey_value_as_probability():
    grey = np.full((200, 10, 10), 64, np.uint8)
    (first,), (second,) = draw(grey, epochs=2, batch_size=200)
    assert set(np.unique(first)) == {0.0, 1.0} and (first != second).any()
    assert abs(first.mean() - 64 / 255) < 0.01


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_validation_batches_are_those_of_tensorflow(
    images, binarisation, monkeypatch, without_tensorflow
):
    options = {"batch_size": 24, "seed": 5, "binarisation": binarisation}
    labels = np.arange(len(images)) % 3
    found = pipeline.evaluation_batches(images, labels, **options)
    monkeypatch.undo()
    expected = pipeline.evaluation_batches(images, labels, **options)
    assert len(found) == len(expected) == 3
    for i, batch in enumerate(expected.as_numpy_iterator()):
        np.testing.assert_array_equal(found[i]["x"], batch["x"])
        np.testing.assert_array_equal(found[i]["y"], batch["y"])


def test_bad_labels_are_refused(images):
    with pytest.raises(ValueError, match="Labels must be 0"):
        pipeline.evaluation_batches(images, np.arange(len(images)), classes=3)
    with pytest.raises(ValueError, match="Labels must be 0"):
        draw(images, np.arange(len(images)), classes=3)


@pytest.mark.parametrize("kind", AUGMENTATIONS)
def test_arrays_are_changed_as_tensors_are(kind):
    """Both change by the same rules; only where the numbers come from differs."""
    images = np.random.default_rng(0).integers(0, 256, (64, 16, 32, 3), np.uint8)
    drawn = np.random.default_rng(1).random((3, 64), np.float32)

    class Drawn:
        random = staticmethod(lambda shape, dtype: drawn)

    found = augmentation.augment_arrays(images, kind, Drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            augmentation.tf.random, "stateless_uniform", lambda shape, seed: drawn
        )
        expected = np.array(augmentation.augment(images, kind, [0, 0]))
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.uint8 and (kind == "none") == np.array_equal(found, images)
