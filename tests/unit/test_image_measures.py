import keras
import numpy as np
import pytest
from scipy import linalg, special

from vae_utils import evaluation, networks, pixels


def test_rmse_is_the_mean_over_images_of_their_own():
    images = np.zeros((3, 2, 2))
    reconstructions = np.zeros((3, 2, 2))
    reconstructions[0] = 0.5  # 0.5
    reconstructions[1, 0, 1] = 0.8  # √(0.64 / 4) = 0.4; the third is perfect
    rmse = evaluation.rmse(images, reconstructions)
    assert type(rmse) is float
    assert rmse == pytest.approx((0.5 + 0.4 + 0) / 3)  # √ of the whole: 0.37


def test_rmse_is_a_mean_over_channels_too():
    images, reconstructions = np.zeros((2, 4, 6, 3)), np.zeros((2, 4, 6, 3))
    reconstructions[0, ..., 0] = 0.3  # √(0.09 / 3)
    expected = np.sqrt(0.03) / 2
    assert evaluation.rmse(images, reconstructions) == pytest.approx(expected)


def test_rmse_takes_uint8_for_grey_values():
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    grey = np.array([[[0, 0.2], [0.4, 1]]])
    assert evaluation.rmse(images, grey[..., None]) == pytest.approx(0, abs=1e-7)
    assert evaluation.rmse(images, images) == 0
    assert evaluation.rmse(images, np.zeros((1, 2, 2, 1))) == pytest.approx(
        np.sqrt((0.04 + 0.16 + 1) / 4)
    )


@pytest.mark.parametrize("shape", [(2, 4, 4), (3, 4, 5), (3, 4, 4, 3), (1, 4, 4)])
def test_rmse_rejects_different_shapes(shape):
    with pytest.raises(ValueError, match=r"the same shape.*Received: \(3, 4, 4, 1\)"):
        evaluation.rmse(np.zeros((3, 4, 4)), np.zeros(shape))


@pytest.fixture
def classifier(data):
    return networks.build_classifier(
        (4, 6), classes=data.classes, image_shape=data.image_shape
    )


def test_predictions_are_the_largest_logits(classifier, data):
    predictions, _ = evaluation.classify(classifier, data.x_test)
    logits = np.array(classifier(pixels.to_unit_interval(data.x_test)))
    np.testing.assert_array_equal(predictions, logits.argmax(axis=1))
    assert predictions.shape == (64,) and np.issubdtype(predictions.dtype, np.integer)


def test_features_are_what_the_logits_are_computed_from(classifier, data):
    _, features = evaluation.classify(classifier, data.x_test)
    assert features.shape == (64, 4 * 4 * 6)
    kernel, bias = classifier.get_layer("logits").get_weights()
    logits = classifier(pixels.to_unit_interval(data.x_test))
    np.testing.assert_allclose(features @ kernel + bias, logits, atol=1e-5)


def test_confidence_is_the_largest_probability(classifier, data):
    logits = np.array(classifier(pixels.to_unit_interval(data.x_test)), np.float64)
    expected = special.softmax(logits, axis=1).max(axis=1)
    found = evaluation.confidence(classifier, data.x_test, batch_size=7)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found.shape == (64,)
    kernel, bias = classifier.get_layer("logits").get_weights()
    classifier.get_layer("logits").set_weights([1e4 * kernel, bias])  # exp overflows
    assert np.isfinite(evaluation.confidence(classifier, data.x_test)).all()


def test_batches_and_types_of_images_change_nothing(classifier, data):
    images = data.x_test
    predictions, features = evaluation.classify(classifier, images)
    for same in (images[..., None], pixels.to_unit_interval(images)):
        others, other_features = evaluation.classify(classifier, same, batch_size=7)
        np.testing.assert_array_equal(others, predictions)
        np.testing.assert_allclose(other_features, features, atol=1e-5)


def test_colour_images_are_classified(colour_data):
    classifier = networks.build_classifier(
        (4,), classes=colour_data.classes, image_shape=colour_data.image_shape
    )
    predictions, features = evaluation.classify(classifier, colour_data.x_test)
    assert predictions.shape == (64,) and features.shape == (64, 8 * 12 * 4)


def test_classifying_uses_no_dropout(data):
    classifier = networks.build_classifier(
        (4,), dropout=0.5, classes=data.classes, image_shape=data.image_shape
    )
    first, second = (evaluation.classify(classifier, data.x_val)[1] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_accepts_a_sequential_classifier(data):
    network = keras.Sequential(
        [
            keras.Input(data.image_shape),
            keras.layers.Flatten(name=networks.FEATURES),
            keras.layers.Dense(10),
        ]
    )
    _, features = evaluation.classify(network, data.x_val)
    np.testing.assert_allclose(features, data.x_val.reshape(16, -1) / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (np.zeros((2, 20, 20), np.uint8), r"\(16, 16, 1\). Received: .*\(20, 20, 1\)"),
        (np.zeros((2, 256), np.uint8), r"Received: shape=\(2, 256\)"),
        (np.full((2, 16, 16), 255.0), "divide by 255"),
    ],
)
def test_classify_rejects_invalid_images(classifier, wrong, message):
    with pytest.raises(ValueError, match=message):
        evaluation.classify(classifier, wrong)


def test_digit_distance_is_that_of_frechet():
    """Compares with the formula with SciPy's matrix root, and checks its properties."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(200, 4)) @ rng.normal(size=(4, 4))
    b = 1 + rng.normal(size=(300, 4))
    root = linalg.sqrtm(np.cov(a.T) @ np.cov(b.T)).real
    expected = np.square(a.mean(0) - b.mean(0)).sum()
    expected += np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root)
    assert evaluation.frechet_digit_distance(a, b) == pytest.approx(expected)
    assert evaluation.frechet_digit_distance(b, a) == pytest.approx(expected)
    assert evaluation.frechet_digit_distance(a, a) == pytest.approx(0, abs=1e-8)
    shifted = evaluation.frechet_digit_distance(a, a + [0, 3, 0, 4])
    assert shifted == pytest.approx(25)
    one = evaluation.frechet_digit_distance(a[:, :1], 2 * a[:, :1])
    mean, deviation = a[:, 0].mean(), a[:, 0].std(ddof=1)
    assert one == pytest.approx(mean**2 + deviation**2)


@pytest.mark.parametrize("shape", [(1, 4), (10,), (10, 3)])
def test_digit_distance_needs_two_sets(shape):
    with pytest.raises(ValueError, match=r"n > 1, of the same d. Received: \(10, 4\)"):
        evaluation.frechet_digit_distance(np.zeros((10, 4)), np.zeros(shape))
