"""Cats: every pixel against a slow composition, and names against what is seen."""

import hashlib

import numpy as np
import pytest
from PIL import Image

from vae_utils.datasets import cats
from vae_utils.datasets.cats import composing
from vae_utils.datasets.factors import SPARE

WIDTHS = [15, 9, 15, 10, 16]
INDEX = {
    factor.name: {name: i for i, name in enumerate(factor.names)}
    for factor in cats.FACTORS
}
PLAIN = {
    "body": "cream",
    "fur": "plain",
    "eyes": "dots",
    "mouth": "dot",
    "accessory": "none",
}


def combination(**names):
    """Returns the row of a cat with these parts, and plain ones otherwise."""
    return [INDEX[kind][name] for kind, name in (PLAIN | names).items()]


def compose_slowly(row, size):
    """Lays the five parts of one cat on white, one after the other."""
    sheet = np.asarray(Image.open(composing.SHEET)).astype(float)
    image = np.full((size, size, 3), 255.0)
    for kind, index in enumerate(row):
        part = sheet[64 * kind : 64 * kind + 64, 64 * index : 64 * index + 64]
        if size == 32:
            part = (part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2]) / 4 + (
                part[1::2, 1::2] / 4
            )
        image = image * (1 - part[..., 3:] / 255) + part[..., :3]
    return np.floor(image + 0.5)


@pytest.mark.parametrize("size", [32, 64])
def test_every_part_has_exactly_the_pixels_of_a_slow_composition(size):
    rows = np.arange(40)[:, np.newaxis] * [1, 1, 1, 1, 1] % WIDTHS
    rows = np.concatenate([rows, cats.draw(np.random.default_rng(0), 20)])
    for column, width in zip(rows.T, WIDTHS, strict=True):
        assert set(column) == set(range(width))
    expected = np.stack([compose_slowly(row, size) for row in rows])
    images = cats.compose(rows, size)
    assert images.dtype == np.uint8 and images.shape == (60, size, size, 3)
    np.testing.assert_array_equal(images, expected)


def test_the_sheet_is_the_one_whose_hash_is_in_the_code():
    contents = composing.SHEET.read_bytes()
    assert hashlib.sha256(contents).hexdigest() == composing.SHA256
    assert len(contents) < 120_000


def test_a_damaged_sheet_is_refused(tmp_path, monkeypatch):
    contents = bytearray(composing.SHEET.read_bytes())
    contents[-20] ^= 1
    (tmp_path / "sheet.png").write_bytes(contents)
    monkeypatch.setattr(composing, "SHEET", tmp_path / "sheet.png")
    with pytest.raises(ValueError, match="install this package again"):
        composing.read_parts()


def test_no_part_repeats_another_and_colours_are_premultiplied():
    for factor, parts in zip(cats.FACTORS, composing.read_parts(), strict=True):
        assert len({part.tobytes() for part in parts}) == len(parts)
        assert len(set(factor.names)) == len(factor.names) == len(parts)
        assert (parts[..., :3] <= parts[..., 3:]).all()


def test_the_credit_names_author_and_licence():
    licence = composing.SHEET.with_name("LICENSE.md").read_text()
    assert cats.CREDIT in licence
    for words in ("David Revoy", "peppercarrot.com", "CC BY 4.0"):
        assert words in cats.CREDIT


BODIES = {
    "maroon": (140, 70, 80),
    "lime": (165, 235, 95),
    "charcoal": (85, 85, 85),
    "mauve": (185, 150, 175),
    "blue": (135, 180, 245),
    "grey": (130, 130, 130),
    "cream": (253, 245, 210),
    "orange": (255, 165, 80),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_has_the_colour_of_its_name(name):
    (image,) = cats.compose([combination(body=name)], 64)
    face = image[24, 20]  # no part of the face is drawn here
    np.testing.assert_allclose(face, BODIES[name], atol=15)


@pytest.mark.parametrize(
    ("name", "channel", "rows"),
    [
        ("red scarf", 0, slice(32, 64)),
        ("blue scarf", 2, slice(32, 64)),
        ("red headband", 0, slice(8, 54)),
        ("blue bow", 2, slice(0, 20)),
        ("pink bow", 0, slice(0, 20)),
        ("red hat", 0, slice(0, 20)),
        ("red collar", 0, slice(40, 50)),
    ],
)
def test_an_accessory_has_the_colour_and_place_of_its_name(name, channel, rows):
    with_it, without = cats.compose(
        [combination(accessory=name), combination()], 64
    ).astype(int)
    changed = (abs(with_it - without) > 20).any(axis=2)
    assert changed.any()
    assert not np.delete(changed, np.r_[rows], axis=0).any()
    others = [i for i in range(3) if i != channel]
    mean = with_it[changed].mean(axis=0)
    assert mean[channel] > 1.2 * mean[others].max()


def test_a_plain_cat_without_accessory_is_body_eyes_and_mouth():
    row = combination()
    parts = composing.read_parts()
    for kind in ("fur", "accessory"):
        column = list(PLAIN).index(kind)
        assert not parts[column][row[column]].any()


def test_a_scarf_hides_the_mouth():
    row = combination(accessory="blue scarf", mouth="grin")
    other = combination(accessory="blue scarf", mouth="dot")
    seen = combination(accessory="bell collar", mouth="grin")
    rows = np.array([row, other, seen])
    shown = cats.visible(rows)
    assert (shown[0] == shown[1]).all()
    assert (shown[2] == seen).all()
    assert (rows == [row, other, seen]).all()  # the argument stays as it was
    images = cats.compose([row, other], 32).astype(int)
    assert np.abs(images[0] - images[1]).max() <= 1


def test_draws_every_part_equally_often():
    rows = cats.draw(np.random.default_rng(0), 20_000)
    for column, width in zip(rows.T, WIDTHS, strict=True):
        counts = np.bincount(column, minlength=width)
        assert len(counts) == width
        assert abs(counts * width / 20_000 - 1).max() < 0.15


def test_enough_is_drawn_that_a_fixed_choice_is_complete():
    assert SPARE >= 2 and np.prod(WIDTHS) == 324_000


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros((2, 4), int), r"shape \(n, 5\).*Received: shape=\(2, 4\)"),
        (np.zeros(5, int), r"body, fur, eyes, mouth, accessory.*shape=\(5,\)"),
        (np.zeros((2, 5)), "must be integers.*dtype=float64"),
        ([[0, 9, 0, 0, 0]], "Indices of fur must be 0 … 8.*from 9 to 9"),
        ([[0, 0, 0, 0, 0], [-1, 0, 0, 0, 0]], "body must be 0 … 14.*from -1 to 0"),
    ],
)
def test_refuses_combinations_that_are_none(rows, message):
    with pytest.raises(ValueError, match=message):
        cats.compose(rows)


@pytest.mark.parametrize("size", [48, 0, "32", None])
def test_refuses_other_sizes(size):
    with pytest.raises(ValueError, match="32 or 64. Received: size="):
        cats.compose([combination()], size)


def test_composes_none():
    assert cats.compose(np.zeros((0, 5), int)).shape == (0, 32, 32, 3)
