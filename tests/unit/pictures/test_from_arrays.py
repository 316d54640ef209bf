import numpy as np
import pytest
from picture_files import draw
from sentences import assert_is_a_sentence

from vae_utils import datasets


def images(count=30, start=0, size=12):
    return np.stack([np.asarray(draw(start + i, size, size)) for i in range(count)])


def test_splits_arrays_as_pictures_are_split():
    x, y = images(), np.arange(30) % 3
    data = datasets.from_arrays(x, y, validation=0.2, seed=4)
    assert [len(data.x_train), len(data.x_val), len(data.x_test)] == [21, 6, 3]
    assert np.bincount(data.y_val).tolist() == [2, 2, 2]
    known = {image.tobytes(): label for image, label in zip(x, y, strict=True)}
    for split in ("train", "val", "test"):
        for image, label in zip(
            getattr(data, f"x_{split}"), getattr(data, f"y_{split}"), strict=True
        ):
            assert known.pop(image.tobytes()) == label
    assert not known
    assert data.class_names == ("0", "1", "2") and data.name == "arrays"
    order = np.random.default_rng(0).permutation(30)
    again = datasets.from_arrays(x[order], y[order], validation=0.2, seed=4)
    assert again.content == data.content
    for labels, seed in ((y, 5), (y[::-1], 4)):
        other = datasets.from_arrays(x, labels, validation=0.2, seed=seed)
        assert other.content != data.content


def test_takes_floats_and_a_channel_of_grey():
    x = images()[..., 0]
    expected = datasets.from_arrays(x)
    assert expected.image_shape == (12, 12, 1) and expected.x_train.ndim == 3
    for given in (x[..., None], x / 255, (x / 255).astype(np.float32)[..., None]):
        data = datasets.from_arrays(given)
        assert data.content == expected.content
        np.testing.assert_array_equal(data.x_test, expected.x_test)


def test_keeps_the_splits_that_are_given():
    x, x_val, x_test = images(20), images(5, 20), images(6, 25)
    data = datasets.from_arrays(x, x_test=x_test)
    assert len(data.x_test) == 6 and len(data.x_val) == 2 and len(data.x_train) == 18
    data = datasets.from_arrays(x, x_val=x_val, x_test=x_test)
    for given, kept in ((x, data.x_train), (x_val, data.x_val), (x_test, data.x_test)):
        assert {i.tobytes() for i in given} == {i.tobytes() for i in kept}
    assert datasets.from_arrays(x[:1], x_val=x_val, x_test=x_test).complete


def test_labels_may_be_texts_columns_or_rare_numbers():
    x = images(12)
    for y, names in (
        (["b", "a"] * 6, ("a", "b")),
        (np.array([[7], [3]] * 6), ("3", "7")),
        (np.array([7, 3] * 6, np.uint8), ("3", "7")),
    ):
        data = datasets.from_arrays(x, y)
        assert data.class_names == names and data.y_train.dtype == np.int32
    data = datasets.from_arrays(x, [0, 1] * 6, class_names=("no", "yes", "perhaps"))
    assert data.class_names == ("no", "yes", "perhaps") and data.y_train.max() == 1
    assert datasets.from_arrays(x).class_names == ("image",)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"x": np.zeros((5, 4), np.uint8)}, "Images must have shape"),
        ({"x": images(2)}, "needs 3 images at least.*Received: 2"),
        ({"x": np.full((9, 4, 4), 2.0)}, "Float images must lie in"),
        ({"y": np.zeros(4, int)}, "one per example"),
        ({"y": np.eye(12)}, "one-hot rows"),
        ({"y": np.full(12, -1)}, "Received: labels from -1"),
        ({"y": ["a"] * 3}, "Labels must be integers"),
        ({"y": np.arange(12), "class_names": ("a", "b")}, "Labels must be 0 … 1"),
        ({"class_names": ("a", "b")}, "class_names are for labels, and there are none"),
        ({"x_test": images(3, size=9)}, "must have one shape. Received: {'x_train'"),
        ({"x_test": images(3), "y": np.zeros(12, int)}, "must have labels, or none"),
        ({"validation": 1.5}, "must be shares"),
        ({"seed": "1"}, "seed must be"),
    ],
)
def test_refuses_arrays_in_one_sentence(options, words):
    with pytest.raises(ValueError, match=words) as caught:
        datasets.from_arrays(**{"x": images(12)} | options)
    assert_is_a_sentence(caught.value)


def test_arrays_cannot_be_loaded_again():
    data = datasets.from_arrays(images(12))
    with pytest.raises(ValueError, match="made in a program") as caught:
        datasets.load_again(data.recipe, data.content)
    assert_is_a_sentence(caught.value)
