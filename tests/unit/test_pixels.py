import numpy as np
import pytest

from vae_utils import pixels


def every_grey():
    return np.arange(256, dtype=np.uint8).reshape(4, 8, 8)


@pytest.mark.parametrize("check", [pixels.as_images, pixels.to_unit_interval])
def test_rejects_invalid_images(check, bad_images):
    images, message = bad_images
    with pytest.raises(ValueError, match=message):
        check(images)


def test_rejects_a_single_nan():
    images = np.zeros((3, 4, 4), np.float32)
    images[1, 2, 3] = np.nan
    with pytest.raises(ValueError, match="Received: 1 values"):
        pixels.as_images(images)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
def test_adds_the_channel_axis_without_a_copy(dtype):
    images = np.zeros((2, 3, 5), dtype)
    for given, shape in ((images, (2, 3, 5, 1)), (images[..., None], (2, 3, 5, 1))):
        checked = pixels.as_images(given)
        assert checked.shape == shape
        assert checked.dtype == dtype
        assert np.shares_memory(checked, images)
    assert pixels.as_images(np.zeros((2, 3, 5, 3), dtype)).shape == (2, 3, 5, 3)


@pytest.mark.parametrize("largest", [0, 2, 255])
def test_dark_bytes_are_images(largest):
    images = every_grey() // 255 * np.uint8(largest)
    assert pixels.to_unit_interval(images).max() == np.float32(largest / 255)


@pytest.mark.parametrize("shape", [(2, 5, 7, 3), (5, 7, 3), (2, 5, 7), (2, 3, 9, 3)])
def test_bytes_keep_every_value_of_colour_images(shape):
    values = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    for images in (values, values / 255, np.float32(values / 255)):
        np.testing.assert_array_equal(pixels.to_bytes(images), values)


def test_divides_bytes_by_255():
    x = pixels.to_unit_interval(every_grey())
    assert x.dtype == np.float32
    assert x.shape == (4, 8, 8, 1)
    np.testing.assert_array_equal(x.ravel(), np.float32(np.arange(256) / 255))


def test_copies_floats_unchanged():
    images = np.random.default_rng(0).random((2, 3, 3))
    x = pixels.to_unit_interval(images)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x[..., 0], images.astype(np.float32))
    x[:] = 0  # a copy: the caller's images are unchanged
    assert images.all()


def test_static_thresholds_at_one_half():
    x = pixels.binarise(every_grey(), "static")
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.ravel(), np.arange(256) >= 127.5)
    halves = np.array([[[0.49, 0.5, 0.51]]])
    np.testing.assert_array_equal(pixels.binarise(halves, "static").ravel(), [0, 1, 1])


def test_none_keeps_the_values():
    x = pixels.binarise(every_grey(), "none")
    np.testing.assert_array_equal(x, pixels.to_unit_interval(every_grey()))


def test_dynamic_draws_with_the_grey_value_as_probability():
    p = np.array([0.0, 0.1, 0.5, 0.9, 1.0])
    x = pixels.binarise(np.broadcast_to(p, (4000, 2, 5)), "dynamic", seed=3)
    assert x.dtype == np.float32
    assert set(np.unique(x)) == {0.0, 1.0}
    frequency = x.reshape(-1, 5).mean(axis=0)
    assert (frequency[0], frequency[-1]) == (0.0, 1.0)
    assert (np.abs(frequency - p) <= 5 * np.sqrt(p * (1 - p) / 8000)).all()


def test_same_seed_gives_the_same_draw():
    images = np.full((4, 8, 8), 128, np.uint8)
    first, same, other = (pixels.binarise(images, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first[0], first[1])  # images are drawn independently


@pytest.mark.parametrize("kind", ["Dynamic", "", None])
def test_rejects_unknown_binarisation(kind):
    with pytest.raises(ValueError, match=f"must be one of .*Received: {kind!r}"):
        pixels.binarise(every_grey(), kind)
