import io

import numpy as np
import pytest
from picture_files import draw
from PIL import Image, ImageEnhance

from vae_utils.datasets.pictures import likeness, thumbnails
from vae_utils.datasets.pictures.fingerprint import digest_images


def group(images):
    images = np.stack([np.asarray(image) for image in images])
    return likeness.group(images, digest_images(images))


def jpeg(image, quality):
    stream = io.BytesIO()
    image.save(stream, "jpeg", quality=quality)
    return Image.open(stream)


def others(count):
    """Pictures that are unlike each other, so that groups are small among them."""
    return [draw(100 + i, 64, 64) for i in range(count)]


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.copy(),
        lambda image: jpeg(image, 30),
        lambda image: image.resize((31, 31)).resize((64, 64)),
        lambda image: ImageEnhance.Brightness(image).enhance(0.7),
        lambda image: ImageEnhance.Contrast(image).enhance(0.6),
        lambda image: image.crop((1, 1, 63, 63)).resize((64, 64)),
    ],
    ids=["copy", "jpeg", "resized", "darker", "less contrast", "cropped"],
)
def test_finds_pictures_that_were_changed_a_little(change):
    image = draw(0, 64, 64)
    groups = group([*others(30), image, change(image)])
    assert groups.tolist() == [*range(30), 30, 30]


def test_different_pictures_are_alone():
    assert group(others(200)).tolist() == list(range(200))


def test_pictures_of_one_colour_are_alike_only_if_equal():
    flat = [Image.new("RGB", (64, 64), (grey,) * 3) for grey in (10, 10, 90, 250)]
    assert group([*others(20), *flat])[20:].tolist() == [20, 20, 22, 23]


def test_a_chain_of_pictures_is_one_group():
    first, last = draw(0, 64, 64), draw(1, 64, 64)
    chain = [Image.blend(first, last, i / 40) for i in range(21)]
    assert group([*others(30), chain[0], chain[-1]])[-2:].tolist() == [30, 31]
    groups = group([*others(240), *chain])
    assert groups.tolist() == [*range(240), *[240] * 21]


def test_pictures_that_are_alike_by_nature_are_taken_apart():
    rng = np.random.default_rng(0)
    base = np.asarray(draw(0, 64, 64)).astype(int)
    noisy = np.clip(base + rng.integers(-9, 10, (30, 64, 64, 3)), 0, 255)
    noisy = noisy.astype(np.uint8)
    images = [*others(30), *noisy, noisy[0]]
    groups = group(images)
    assert groups.tolist() == [*range(60), 30]
    assert len(set(group([*others(300), *noisy]).tolist())) == 301


def test_groups_do_not_depend_on_the_order_or_on_blocks(monkeypatch):
    images = []
    for i in range(60):
        image = draw(i, 32, 32)
        images += [image, jpeg(image, 50)] if i % 3 == 0 else [image]
    expected = group(images)
    order = np.random.default_rng(0).permutation(len(images))
    shuffled = group([images[i] for i in order])
    pairs = expected[order][:, None] == expected[order]
    np.testing.assert_array_equal(shuffled[:, None] == shuffled, pairs)
    for name, value in (("ROWS", 7), ("COLUMNS", 11), ("PENDING", 1)):
        monkeypatch.setattr(likeness, name, value)
    monkeypatch.setattr(thumbnails, "STEP", 5)
    np.testing.assert_array_equal(group(images), expected)


def test_compares_all_pairs_whose_hashes_are_close():
    """As comparing each pair, one by one, finds them."""
    rng = np.random.default_rng(0)
    base = rng.integers(0, 256, (40, 16, 16))
    images = np.concatenate([base, base]) + rng.integers(0, 30, (80, 16, 16))
    images = np.clip(images, 0, 255).astype(np.uint8)
    found = likeness._join(likeness._describe(images, np.arange(80)))
    hashes, small = thumbnails.describe(images, np.arange(80))
    labels = list(range(80))
    for i in range(80):
        for j in range(i):
            bits = bin(int(hashes[i]) ^ int(hashes[j])).count("1")
            correlation = np.corrcoef(small[i], small[j])[0, 1]
            if bits <= likeness.BITS and correlation > likeness.CORRELATION:
                labels = [labels[j] if k == labels[i] else k for k in labels]
    np.testing.assert_array_equal(found, likeness.find_equal(labels))
    assert 40 <= len(set(labels)) < 80


@pytest.mark.parametrize("size", [(20, 20), (7, 30), (64, 48)])
def test_areas_share_pixels_by_their_parts(size):
    x = np.random.default_rng(0).integers(0, 256, (3, *size)).astype(float)
    sums, weight = thumbnails.add_areas(x, 8, 9)
    fine = x.repeat(8, axis=1).repeat(9, axis=2)  # each area is a block of these
    blocks = fine.reshape(3, 8, size[0], 9, size[1]).mean(axis=(2, 4))
    np.testing.assert_allclose(sums / weight, blocks)
    assert (sums == np.rint(sums)).all()


def test_hashes_say_where_it_becomes_brighter():
    ramp = np.broadcast_to(np.arange(36, dtype=np.uint8), (2, 32, 36)).copy()
    ramp[1] = ramp[1, :, ::-1]
    hashes, _ = thumbnails.describe(ramp, np.arange(2))
    assert hashes.tolist() == [2**64 - 1, 0]


def test_colour_counts_as_its_mean():
    colour = np.asarray(draw(0, 32, 32))[None]
    grey = colour.sum(axis=-1, keepdims=True) // 3
    for a, b in zip(
        thumbnails.describe(colour, np.arange(1)),
        thumbnails.describe(grey.astype(np.uint8), np.arange(1)),
        strict=True,
    ):
        difference = np.bitwise_count(a ^ b) if a.dtype == np.uint64 else np.abs(a - b)
        assert difference.max() <= 2
