"""Sprites: coverage against many points a pixel, factors against what is measured."""

import numpy as np
import pytest

from vae_utils.datasets import sprites
from vae_utils.datasets.sprites.choices import HUES, PERIODS
from vae_utils.datasets.sprites.rendering import RADIUS

SQUARE, ELLIPSE, HEART = range(3)
POINTS = 16  # along each side of a pixel
LARGEST = 5


def is_inside(shape, x, y):
    """Tells which points are inside a shape of radius 1, written without distances."""
    if shape == SQUARE:
        return (abs(x) <= 0.7) & (abs(y) <= 0.7)
    if shape == ELLIPSE:
        return x**2 + (y / 0.6) ** 2 <= 1
    x, y = abs(0.64 * x), 0.64 * y + 0.63
    disc = (x - 0.25) ** 2 + (y - 0.75) ** 2 <= 1 / 8
    return disc | ((y >= x) & (x + y <= 1))


def cover_slowly(row, size):
    """Counts, for each pixel, how many of 16 × 16 points are inside the shape."""
    shape, scale, rotation, column, line = (
        factor.values[index] for factor, index in zip(sprites.FACTORS, row, strict=True)
    )
    points = (np.arange(size * POINTS) + 0.5) / (size * POINTS)
    radius, angle = RADIUS * scale, np.deg2rad(rotation)
    # A point of the sprite, turned anticlockwise, is where the picture shows it.
    z = (points - column) / radius + 1j * (line - points[:, np.newaxis]) / radius
    z = z * np.exp(-1j * angle)
    inside = is_inside(row[0], z.real, z.imag)
    blocks = inside.reshape(size, POINTS, size, POINTS)
    assert shape == ("square", "ellipse", "heart")[row[0]]
    return blocks.mean(axis=(1, 3))


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("shape", [SQUARE, ELLIPSE, HEART])
def test_pixels_are_the_share_that_a_shape_covers(shape, size):
    rows = sprites.draw(np.random.default_rng(shape), 12)
    rows[:, 0], rows[0, 1:3] = shape, 0
    shares = sprites.render(rows, size) / 255
    expected = np.stack([cover_slowly(row, size) for row in rows])
    assert np.abs(shares - expected).max() < 0.26  # at a corner
    assert np.abs(shares - expected)[expected > 0].mean() < 0.03
    areas, wanted = (each.sum(axis=(1, 2)) for each in (shares, expected))
    np.testing.assert_allclose(areas, wanted, rtol=0.03)


def measure(images):
    """Returns x, y, area and the angle of the long axis, from the pixels alone."""
    shares = images / 255
    size = images.shape[1]
    places = (np.arange(size) + 0.5) / size
    area = shares.sum(axis=(1, 2))
    x = (shares.sum(axis=1) @ places) / area
    y = (shares.sum(axis=2) @ places) / area
    right, above = places - x[:, np.newaxis], y[:, np.newaxis] - places
    xx, yy, xy = (
        np.einsum("nij,ni,nj->n", shares, *each)
        for each in (
            (np.ones_like(above), right**2),
            (above**2, np.ones_like(right)),
            (above, right),
        )
    )
    return x, y, area / size**2, np.rad2deg(np.arctan2(2 * xy, xx - yy) / 2)


def values(name, rows):
    """Returns the numbers that a factor has in combinations."""
    names = [factor.name for factor in sprites.FACTORS]
    column = names.index(name)
    return np.array(sprites.FACTORS[column].values)[rows[:, column]]


def test_place_scale_and_rotation_are_what_pixels_say():
    rows = sprites.draw(np.random.default_rng(1), 200)
    rows[:, 0] = ELLIPSE
    x, y, area, angle = measure(sprites.render(rows, 64))
    np.testing.assert_allclose(x, values("x", rows), atol=2e-3)
    np.testing.assert_allclose(y, values("y", rows), atol=2e-3)
    ellipse = np.pi * 0.6 * (RADIUS * values("scale", rows)) ** 2
    np.testing.assert_allclose(area, ellipse, rtol=0.02)
    difference = (angle - values("rotation", rows) + 90) % 180 - 90
    assert np.abs(difference).max() < 2


def test_a_heart_turns_anticlockwise_from_upright():
    # A quarter of a turn moves (x, y) to (y, 1 − x), and the places are symmetric.
    upright, turned = (HEART, LARGEST, 0, 12, 17), (HEART, LARGEST, 10, 17, 31 - 12)
    images = sprites.render([upright, turned], 64).astype(int)
    np.testing.assert_allclose(images[1], np.rot90(images[0]), atol=1)
    wide = (images[0] > 127).sum(axis=1)
    lines = np.flatnonzero(wide)
    assert wide[lines[2]] > wide[lines[-3]]  # the tip points down


@pytest.mark.parametrize("size", [32, 64])
def test_no_sprite_is_cut_at_the_edge(size):
    places = [(x, y) for x in (0, 16, 31) for y in (0, 16, 31)]
    turns = [(shape, LARGEST, turn) for shape in range(3) for turn in range(40)]
    rows = [[*turn, *place] for turn in turns for place in places]
    shares = sprites.render(rows, size).reshape(len(turns), len(places), -1) / 255
    areas = shares.sum(axis=2)
    np.testing.assert_allclose(areas / areas.mean(axis=1, keepdims=True), 1, atol=0.02)


@pytest.mark.parametrize("shape", [SQUARE, ELLIPSE, HEART])
def test_a_symmetric_shape_looks_the_same_again_after_its_period(shape):
    rows = np.array([[shape, LARGEST, turn, 9, 20] for turn in range(40)])
    images = sprites.render(rows, 64).astype(int)
    same = sprites.visible(rows)
    distinct = np.unique(same, axis=0, return_index=True)[1]
    assert len(distinct) == PERIODS[shape]
    for row, image in zip(same, images, strict=True):
        assert np.abs(image - images[row[2]]).max() <= 1
    first = images[: PERIODS[shape]]
    differences = np.abs(first[1:] - first[:-1]).max(axis=(1, 2))
    assert differences.min() > 50
    assert (rows[:, 2] == np.arange(40)).all()  # the argument stays as it was


def test_colour_is_the_grey_sprite_in_one_hue():
    rows = sprites.draw(np.random.default_rng(2), 60, colour=True)
    images = sprites.render(rows, 32)
    assert images.shape == (60, 32, 32, 3) and images.dtype == np.uint8
    grey = sprites.render(rows[:, :5], 32)
    assert set(rows[:, 5]) == set(range(len(HUES)))
    for image, plain, hue in zip(images, grey, rows[:, 5], strict=True):
        for channel, shown in enumerate(list(HUES.values())[hue]):
            np.testing.assert_array_equal(image[..., channel], plain * shown)


def test_factors_are_those_of_dsprites():
    sizes = [len(factor.values) for factor in sprites.FACTORS]
    assert sizes == [3, 6, 40, 32, 32] and np.prod(sizes) == 737_280
    assert sprites.FACTORS[2].names[:3] == ("0°", "9°", "18°")
    for factor in sprites.COLOUR_FACTORS:
        assert len(set(factor.names)) == len(factor.values)


@pytest.mark.parametrize(
    ("rows", "size", "message"),
    [
        (np.zeros((2, 7), int), 32, r"shape \(n, 5\)"),
        ([[3, 0, 0, 0, 0]], 32, "shape must be 0 … 2"),
        ([[0, 0, 0, 0, 0, 6]], 32, "hue must be 0 … 5"),
        ([[0, 0, 0, 0, 0]], 0, "size must be a positive integer"),
    ],
)
def test_refuses_what_cannot_be_rendered(rows, size, message):
    with pytest.raises(ValueError, match=message):
        sprites.render(rows, size)
