import numpy as np
import pytest

from vae_utils import networks

GREY = (28, 28, 1)


def test_shapes_and_parameters():
    classifier = networks.build_classifier(classes=10, image_shape=GREY)
    assert classifier(np.zeros((3, *GREY), np.float32)).shape == (3, 10)
    assert classifier.get_layer(networks.FEATURES).output.shape == (None, 64)
    counts = [(16 * i + 1) * o for i, o in ((1, 8), (8, 16), (16, 32), (32, 64))]
    assert classifier.count_params() == sum(counts) + 65 * 10


def test_shapes_and_parameters_for_colour_images():
    classifier = networks.build_classifier(
        (4, 6), kernel=3, classes=5, image_shape=(16, 24, 3)
    )
    assert classifier(np.zeros((2, 16, 24, 3), np.float32)).shape == (2, 5)
    flat = 4 * 6 * 6  # halved twice
    assert classifier.get_layer(networks.FEATURES).output.shape == (None, flat)
    counts = (9 * 3 + 1) * 4 + (9 * 4 + 1) * 6 + (flat + 1) * 5
    assert classifier.count_params() == counts


def test_dropout_is_used_only_in_training():
    classifier = networks.build_classifier(
        (4,), dropout=0.5, classes=3, image_shape=(8, 8, 1)
    )
    x = np.random.default_rng(0).random((4, 8, 8, 1), np.float32)
    first, second = (np.array(classifier(x)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    dropped = np.array(classifier(x, training=True))
    assert np.abs(dropped - first).max() > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"filters": (8, 0)}, "filters must be a seq.*Received: filters="),
        ({"kernel": 0}, "kernel must be a positive.*Received"),
        ({"classes": 0}, "classes must be a positive.*Received"),
        (
            {"image_shape": (15, 40, 3)},
            r"at most 3, as each halves an image of 15 × 40 .*filters=\(8, 16, 32",
        ),
    ],
)
def test_rejects_invalid_sizes(options, message):
    with pytest.raises(ValueError, match=message):
        networks.build_classifier(**{"classes": 3, "image_shape": GREY} | options)
