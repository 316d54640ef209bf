import types
import warnings

import keras
import numpy as np
import pytest

from vae_utils import evaluation, networks, pixels, training
from vae_utils.configurations import ClassifierConfiguration


def draw_bars(count):
    """Images of one bar each, whose column is told by the label, and the labels."""
    labels = np.arange(count) % 10
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 2 * label + 3 : 2 * label + 6] = 255
    return images, labels


@pytest.fixture(scope="module")
def data():
    x_train, y_train = draw_bars(200)
    x_val, y_val = draw_bars(40)
    return types.SimpleNamespace(
        x_train=x_train, y_train=y_train, x_val=x_val, y_val=y_val
    )


@pytest.fixture
def classifier():
    return networks.build_classifier()


def train(data, *, seed=1, callbacks=(), **options):
    configuration = ClassifierConfiguration(**{"epochs": 2, "batch_size": 20} | options)
    return training.train(configuration, data, seed=seed, callbacks=callbacks)


def test_batches_are_pairs_of_grey_image_and_label(data):
    prepared = training.prepare(ClassifierConfiguration(batch_size=20), data, seed=1)
    x, y = next(iter(prepared.validation))
    np.testing.assert_array_equal(x, pixels.to_unit_interval(data.x_val))
    np.testing.assert_array_equal(y, data.y_val)
    x, y = next(iter(prepared.batches(0)))
    assert x.shape == (20, 28, 28, 1) and y.shape == (20,)


def test_a_classifier_learns_what_labels_tell(data):
    classifier, history = train(data, epochs=30)
    assert {len(values) for values in history.values()} == {30}
    assert history["val_accuracy"][-1] > 0.9
    found, _ = evaluation.classify(classifier, data.x_val)
    accuracy = (found == data.y_val).mean()
    assert accuracy == pytest.approx(history["val_accuracy"][-1])


def test_the_learning_rate_falls_to_zero_along_a_cosine(data):
    rates = []
    look = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: rates.append(
            float(seen.model.optimizer.learning_rate)
        )
    )
    seen = keras.callbacks.Callback()
    train(data, epochs=4, learning_rate=0.1, callbacks=[look, seen])
    quarter = 0.05 * np.sqrt(0.5)
    expected = [0.05 + quarter, 0.05, 0.05 - quarter, 0]
    np.testing.assert_allclose(rates, expected, atol=1e-6)


def test_a_training_depends_on_its_seed_alone(data):
    losses = {}
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        keras.utils.set_random_seed(len(losses))  # must not matter
        _, history = train(data, seed=seed)
        losses[name] = history["loss"]
    np.testing.assert_allclose(losses["first"], losses["again"], rtol=1e-5)
    assert not np.allclose(losses["first"], losses["other"], rtol=1e-3)


def test_dropout_reaches_the_network(data):
    classifier, _ = train(data, epochs=1, dropout=0.25)
    kinds = [x for x in classifier.layers if isinstance(x, keras.layers.Dropout)]
    assert [layer.rate for layer in kinds] == [0.25] * 4


def test_a_batch_must_not_be_larger_than_the_data(data):
    with pytest.raises(ValueError, match="at most the number of images, 200. Received"):
        train(data, batch_size=201)


def test_classes_are_the_largest_logits(classifier, images):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, _ = evaluation.classify(classifier, images)
    logits = np.array(classifier(pixels.to_unit_interval(images)))
    np.testing.assert_array_equal(found, logits.argmax(axis=1))
    assert found.shape == (64,) and np.issubdtype(found.dtype, np.integer)


def test_features_are_what_the_logits_are_computed_from(classifier, images):
    _, features = evaluation.classify(classifier, images)
    assert features.shape == (64, 64)
    kernel, bias = classifier.get_layer("logits").get_weights()
    logits = classifier(pixels.to_unit_interval(images))
    np.testing.assert_allclose(features @ kernel + bias, logits, atol=1e-5)


def test_batches_and_kinds_of_image_make_no_difference(classifier, images):
    images = images[:, :, ::-1] // 3  # grey, and not symmetric
    found, features = evaluation.classify(classifier, images)
    for same in (images[..., None], pixels.to_unit_interval(images)):
        classes, seen = evaluation.classify(classifier, same, batch_size=7)
        np.testing.assert_array_equal(classes, found)
        np.testing.assert_allclose(seen, features, atol=1e-5)


def test_classifying_does_not_drop(images):
    classifier = networks.build_classifier(dropout=0.5)
    first, second = (evaluation.classify(classifier, images)[1] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_sequential_classifier_will_do(images):
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(name=networks.FEATURES),
            keras.layers.Dense(10),
        ]
    )
    _, features = evaluation.classify(network, images)
    np.testing.assert_allclose(features, images.reshape(64, -1) / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 20, 20), np.uint8), r"\(28, 28, 1\). Received: .*\(20, 20, 1\)"),
        (np.zeros((2, 784), np.uint8), r"Received: shape=\(2, 784\)"),
        (np.full((2, 28, 28), 255.0), "divide by 255"),
    ],
)
def test_what_a_classifier_cannot_read_is_refused(classifier, images, message):
    with pytest.raises(ValueError, match=message):
        evaluation.classify(classifier, images)
