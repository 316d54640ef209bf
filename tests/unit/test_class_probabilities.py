"""Probabilities of classes, of images and averaged over shifted copies."""

import numpy as np
import pytest
from scipy import special

from vae_utils import evaluation, networks

pytestmark = pytest.mark.core


@pytest.fixture(scope="module")
def classifier():
    return networks.build_classifier((4, 8), classes=3, image_shape=(12, 10, 1))


def images(count=5, margin=0):
    values = np.zeros((count, 12, 10, 1), np.float32)
    inside = slice(margin, 12 - margin), slice(margin, 10 - margin)
    shape = values[:, *inside].shape
    values[:, *inside] = np.random.default_rng(0).random(shape, np.float32)
    return values


def test_probabilities_are_the_softmax_of_the_logits(classifier):
    x = images()
    p = evaluation.class_probabilities(classifier, x, batch_size=2)
    wanted = special.softmax(np.array(classifier(x)), axis=1)
    np.testing.assert_allclose(p, wanted, rtol=1e-5)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-6)


def test_an_average_over_shifts_is_that_of_nine_rolled_copies(classifier):
    x = images(margin=2)  # where the edge is black, a roll is a shift
    moves = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    rolled = [np.roll(x, move, axis=(1, 2)) for move in moves]
    each = [evaluation.class_probabilities(classifier, copy) for copy in rolled]
    averaged = evaluation.average_over_shifts(classifier, x, batch_size=2)
    np.testing.assert_allclose(averaged, np.mean(each, axis=0), rtol=1e-4)


def test_what_a_shift_moves_in_repeats_the_edge(classifier):
    x = np.broadcast_to(np.arange(12, dtype="float32")[:, None, None] / 12, (12, 10, 1))
    down = np.concatenate([x[:1], x[:-1]])
    up = np.concatenate([x[1:], x[-1:]])
    copies = np.stack([x, down, up])  # moves to the sides change nothing
    each = evaluation.class_probabilities(classifier, copies)
    averaged = evaluation.average_over_shifts(classifier, copies[:1])
    np.testing.assert_allclose(averaged[0], each.mean(axis=0), rtol=1e-4)


@pytest.mark.parametrize(
    "compute", [evaluation.class_probabilities, evaluation.average_over_shifts]
)
def test_bytes_are_scaled_and_other_shapes_are_refused(classifier, compute):
    x = np.round(255 * images()).astype(np.uint8)
    scaled = compute(classifier, x / np.float32(255))
    np.testing.assert_allclose(compute(classifier, x), scaled, rtol=1e-5)
    with pytest.raises(ValueError, match="Received"):
        compute(classifier, images()[:, :8])
    with pytest.raises(ValueError):
        compute(classifier, 255 * images())
