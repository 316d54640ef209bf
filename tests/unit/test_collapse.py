"""Codes that carry nothing, found and put into words."""

import numpy as np
import pytest

from vae_utils import latent

Z = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)


@pytest.mark.parametrize(
    ("scale", "threshold", "title"),
    [
        ([1, 1, 1, 1], 0.01, ""),
        ([1, 1, 1, 1e-3], 0.01, "collapsed in 1 of 4 dimensions"),
        ([0, 1, 1e-3, 1], 0.01, "collapsed in 2 of 4 dimensions"),
        ([1e-3, 1e-3, 1e-3, 1e-3], 0.01, "collapsed: all codes are almost equal"),
        ([0, 0, 0, 1e-3], 0.01, "collapsed: all codes are almost equal"),
        ([0, 0, 0, 0], 0.01, "collapsed: all codes are equal"),
        ([1e-3, 1e-3, 1e-3, 1e-3], 0, ""),  # without a prior, any scale will do
        ([1, 0, 1, 1], 0, "collapsed in 1 of 4 dimensions"),
        ([0, 0, 0, 0], 0, "collapsed: all codes are equal"),
    ],
)
def test_titles_say_how_much_has_collapsed(scale, threshold, title):
    found = latent.find_collapse(Z * scale, threshold)
    assert found.title == title
    assert found.everywhere == ("all codes" in title)


def test_rounding_errors_are_no_difference():
    z = np.full((50, 2), 3.0, np.float32)
    z[::2] = np.nextafter(z[::2], np.float32(4))
    assert latent.find_collapse(z).equal


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_codes_do_not_collapse(count):
    assert latent.find_collapse(Z[:count], 0.01).title == ""


def test_images_are_the_same_if_no_pixel_differs_by_a_level():
    image = 0.9 * np.random.default_rng(0).random((1, 6, 5, 3))
    images = np.repeat(image, 4, axis=0)
    assert latent.are_same_images(images)
    assert latent.are_same_images(np.uint8(255 * images))
    images[2, 1, 1, 1] += 3 / 255
    assert not latent.are_same_images(images)
    assert not latent.are_same_images(np.uint8(255 * images))
