"""What `fit`, `evaluate` and `predict` are given is checked before it is compiled."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vae_utils import likelihoods, models, networks
from vae_utils.models.batches import check_given, scale, split

pytestmark = pytest.mark.core

SHAPE, COUNT = (4, 6, 1), 5
IMAGES = np.random.default_rng(0).integers(0, 256, (COUNT, *SHAPE), np.uint8)
LABELS = np.arange(COUNT) % 3
FINE = IMAGES / np.float32(255)


def make_vae():
    return models.VAE(
        networks.build_fc_encoder(2, (4,), image_shape=SHAPE),
        networks.build_fc_decoder(2, (4,), image_shape=SHAPE),
        likelihoods.Bernoulli(),
    )


def make_classifier():
    return models.Classifier(
        networks.build_classifier((4,), classes=3, image_shape=SHAPE)
    )


def batches(images):
    return tf.data.Dataset.from_tensor_slices(images).batch(2)


class Sequence(keras.utils.PyDataset):
    def __init__(self, images):
        super().__init__()
        self.images = images

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return self.images


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
@pytest.mark.parametrize("container", [np.asarray, tf.constant, batches, Sequence])
def test_grey_levels_are_refused(method, container):
    vae = make_vae()
    vae.compile("adam")
    with pytest.raises(ValueError, match="divide by 255 .* Received: values from"):
        getattr(vae, method)(container(FINE * 255))


@pytest.mark.parametrize("container", [dict, batches])
@pytest.mark.parametrize("label", [99, -1])
def test_labels_of_no_class_are_refused(container, label):
    classifier = make_classifier()
    classifier.compile("adam")
    y = np.where(LABELS == 0, label, LABELS)
    with pytest.raises(ValueError, match="Labels must be 0 … 2. Received"):
        classifier.fit(container({"x": FINE, "y": y}))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (IMAGES.astype(int), "must be uint8 .* Received: dtype=int64"),
        (FINE[:, :3], r"takes images of shape \(4, 6, 1\)"),
        (np.where(FINE > 0.5, np.nan, FINE), "must be finite"),
        ({"x": FINE, "y": LABELS}, "images alone .* Received: labels"),
    ],
)
def test_fit_refuses_what_are_no_images(wrong, message):
    vae = make_vae()
    vae.compile("adam")
    for given in ({"x": wrong}, {"x": FINE, "validation_data": wrong}):
        with pytest.raises(ValueError, match=message):
            vae.fit(**given)


def test_images_without_labels_are_refused():
    classifier = make_classifier()
    classifier.compile("adam")
    with pytest.raises(ValueError, match="Received: no labels"):
        classifier.fit(FINE)


def test_rows_of_different_lengths_are_refused():
    classifier = make_classifier()
    classifier.compile("adam")
    for given in ({"x": FINE, "y": [0, []]}, {"x": [FINE[0], []], "y": LABELS}):
        with pytest.raises(ValueError, match="must be an array, or rows of one shape"):
            classifier.fit(given)


def test_a_target_is_refused():
    vae = make_vae()
    x, outputs = FINE, vae(FINE)
    with pytest.raises(ValueError, match=r"Received: y of shape \(5, 4, 6, 1\)"):
        vae.compute_loss(x=x, y=FINE, y_pred=outputs)


def test_arrays_are_converted_once():
    vae = make_vae()
    for images in (IMAGES, FINE, IMAGES / 255.0, IMAGES[..., 0], tf.constant(IMAGES)):
        given = check_given(vae, images)
        assert given.dtype == np.float32
        np.testing.assert_allclose(given, FINE, rtol=1e-6)
    pair = check_given(vae, (IMAGES, None))
    np.testing.assert_array_equal(pair[0], FINE)
    assert pair[1] is None
    labelled = check_given(make_classifier(), {"x": IMAGES, "y": LABELS})
    np.testing.assert_array_equal(labelled["y"], LABELS)


def test_batches_are_passed_on_as_they_are():
    dataset, numbers = batches(IMAGES), iter([FINE])
    for given in (dataset, Sequence(FINE), numbers, None):
        assert check_given(make_vae(), given) is given
    assert next(numbers) is FINE  # nothing was taken away


def test_bytes_of_a_batch_are_scaled():
    for images in (IMAGES, FINE.astype(np.float64)):
        x, y = split(keras.ops.convert_to_tensor(images), conditional=False)
        assert keras.backend.standardize_dtype(x.dtype) == "float32"
        np.testing.assert_allclose(keras.ops.convert_to_numpy(x), FINE, rtol=1e-6)
        assert y is None


def test_a_type_that_has_no_range_is_refused():
    with pytest.raises(ValueError, match="Received: dtype=int32"):
        scale(keras.ops.convert_to_tensor(IMAGES.astype(np.int32)))
