"""Two-phase sampling and copies, against independent computations."""

import numpy as np
import pytest

from vae_utils import evaluation


def test_a_two_phase_mean_is_the_dear_mean_where_all_images_are_measured_twice():
    rng = np.random.default_rng(0)
    cheap, dear = rng.normal(size=(2, 30))
    found = evaluation.combine_two_phase(cheap, dear, slice(None))
    assert found.mean == pytest.approx(dear.mean())
    assert found.error == 0


def test_the_error_is_the_spread_over_all_choices_of_images():
    rng = np.random.default_rng(1)
    cheap = rng.gamma(2.0, 30.0, 400)
    dear = cheap - rng.gamma(1.0, 1.0, 400)
    found = [
        evaluation.combine_two_phase(cheap, dear[rows], rows)
        for rows in (rng.choice(400, 40, replace=False) for _ in range(3000))
    ]
    means, errors = np.transpose(found)
    assert means.mean() == pytest.approx(dear.mean(), abs=4 * means.std() / 3000**0.5)
    assert np.sqrt((errors**2).mean()) == pytest.approx(means.std(), rel=0.05)


@pytest.mark.parametrize("dear", [np.zeros(3), np.zeros(1), np.zeros((2, 2))])
def test_dear_numbers_of_other_images_are_refused(dear):
    with pytest.raises(ValueError, match="Received: "):
        evaluation.combine_two_phase(np.zeros(20), dear, slice(None, None, 10))


def test_the_nearest_of_many_images_is_found():
    rng = np.random.default_rng(2)
    images = rng.random((7, 4, 3, 1), dtype="float32")
    others = rng.random((1100, 4, 3, 1), dtype="float32")
    others[400] = images[3]  # a copy
    apart = (images[:, None] - others[None]) ** 2
    expected = np.sqrt(apart.mean(axis=(2, 3, 4)).min(axis=1))
    found = evaluation.nearest_distances(images, others)
    np.testing.assert_allclose(found, expected, atol=5e-4)
    assert found.argmin() == 3 and found[3] < 5e-4
    many = evaluation.nearest_distances(others, images)
    np.testing.assert_allclose(
        many, np.sqrt(apart.mean(axis=(2, 3, 4)).min(axis=0)), atol=5e-4
    )


@pytest.mark.parametrize("others", [np.zeros((0, 4)), np.zeros((3, 5))])
def test_images_of_another_shape_are_refused(others):
    with pytest.raises(ValueError, match="Received: "):
        evaluation.nearest_distances(np.zeros((2, 4)), others)
