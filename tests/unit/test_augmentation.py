"""Random changes to images: what they change, and that they can be repeated."""

import numpy as np
import pytest

from vae_utils import pipeline
from vae_utils.augmentation import augment
from vae_utils.configurations import AUGMENTATIONS

HEIGHT, WIDTH = 16, 32
IMAGES = np.random.default_rng(0).integers(1, 255, (64, HEIGHT, WIDTH, 3), np.uint8)


def changed(kind, seed=(1, 2), images=IMAGES):
    return np.array(augment(images, kind, list(seed)))


def shift(image, down, right):
    """Moves an image, and repeats what was at its edge."""
    padded = np.pad(image, ((4, 4), (4, 4), (0, 0)), mode="edge")
    return padded[4 - down : 4 - down + HEIGHT, 4 - right : 4 - right + WIDTH]


def test_nothing_changes_unless_asked():
    np.testing.assert_array_equal(changed("none"), IMAGES)


def test_flips_mirror_about_half_of_the_images():
    images = changed("flips")
    mirrored = [
        np.array_equal(a, b[:, ::-1]) for a, b in zip(images, IMAGES, strict=True)
    ]
    same = [np.array_equal(a, b) for a, b in zip(images, IMAGES, strict=True)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 20 < sum(mirrored) < 44


def test_shifts_move_each_image_by_up_to_a_sixteenth():
    found = set()
    for image, original in zip(changed("shifts"), IMAGES, strict=True):
        (offset,) = [
            (down, right)
            for down in (-1, 0, 1)
            for right in (-2, -1, 0, 1, 2)
            if np.array_equal(image, shift(original, down, right))
        ]
        found.add(offset)
    assert len(found) > 10  # of 15


def test_both_are_a_shift_of_a_mirror_image():
    flipped = changed("flips")
    np.testing.assert_array_equal(
        changed("flips-and-shifts"), changed("shifts", images=flipped)
    )


@pytest.mark.parametrize("kind", AUGMENTATIONS[1:])
def test_changes_depend_on_the_seed_alone(kind):
    np.testing.assert_array_equal(changed(kind), changed(kind))
    assert not np.array_equal(changed(kind), changed(kind, (1, 3)))
    assert not np.array_equal(changed(kind), changed(kind, (2, 2)))
    assert changed(kind).dtype == np.uint8


def make_batches(kind, first_epoch=0, binarisation="none"):
    batches, _ = pipeline.training_batches(
        IMAGES,
        np.arange(len(IMAGES)),
        batch_size=16,
        epochs=3,
        seed=5,
        binarisation=binarisation,
        augmentation=kind,
        first_epoch=first_epoch,
    )
    return list(batches.as_numpy_iterator())


def test_batches_are_the_same_from_any_epoch_on():
    whole, later = (make_batches("flips-and-shifts", first) for first in (0, 1))
    for batch, same in zip(whole[4:], later, strict=True):
        np.testing.assert_array_equal(batch["x"], same["x"])


def test_images_change_from_epoch_to_epoch_and_keep_their_order_and_labels():
    plain, batches = make_batches("none"), make_batches("flips")
    seen = {label: set() for label in range(len(IMAGES))}
    for batch, other in zip(batches, plain, strict=True):
        np.testing.assert_array_equal(batch["y"], other["y"])
        for image, label in zip(batch["x"], batch["y"], strict=True):
            original = IMAGES[label] / np.float32(255)
            mirrored = np.array_equal(image, original[:, ::-1])
            assert mirrored or np.array_equal(image, original)
            seen[label].add(mirrored)
    assert sum(len(kinds) == 2 for kinds in seen.values()) > 30  # of 64, expected 48


def test_binarisation_draws_what_it_drew_without_augmentation():
    same = np.full((64, 8, 8, 1), 128, np.uint8)  # a shift changes nothing
    first, second = (
        pipeline.training_batches(
            same, batch_size=64, epochs=1, seed=1, augmentation=kind
        )[0]
        for kind in ("none", "shifts")
    )
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", ["flip", "", None])
def test_rejects_unknown_changes(kind):
    with pytest.raises(ValueError, match="augmentation must be one of.*Received: aug"):
        make_batches(kind)
