"""Codes of any number of dimensions are drawn, and the title says how."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import latent, plots

rng = np.random.default_rng(0)
LABELS = np.arange(60) % 3
NAMES = ("zero", "one", "two")


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def points(ax):
    return np.concatenate([np.asarray(dots.get_offsets()) for dots in ax.collections])


def in_order_of_classes(z):
    return np.concatenate([z[LABELS == label] for label in range(3)])


def test_two_dimensions_are_drawn_as_they_are():
    z = rng.normal(size=(60, 2))
    ax = plots.plot_codes(z, LABELS, NAMES, title="codes")
    np.testing.assert_allclose(points(ax), in_order_of_classes(z))
    assert ax.get_title() == "codes" and ax.get_xlabel() == "$z_1$"


def test_one_dimension_is_a_strip_for_each_class():
    z = rng.normal(size=(60, 1))
    ax = plots.plot_codes(z, LABELS, NAMES, title="codes")
    drawn = points(ax)
    np.testing.assert_allclose(drawn[:, 0], in_order_of_classes(z)[:, 0])
    np.testing.assert_array_equal(drawn[:, 1].round(), np.sort(LABELS))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(NAMES)


@pytest.mark.parametrize("latent_dim", [3, 10])
def test_more_dimensions_are_projected_and_the_title_says_so(latent_dim):
    z = rng.normal(size=(60, latent_dim)).astype("float32")
    ax = plots.plot_codes(z, LABELS, NAMES, title="codes")
    projected, shares = latent.embed_pca(z)
    np.testing.assert_allclose(points(ax), in_order_of_classes(projected), atol=1e-5)
    title = (
        f"codes\n{latent_dim} dimensions, by PCA: {shares.sum():.0%} of the variance"
    )
    assert ax.get_title() == title
    assert ax.get_xlabel() == ax.get_ylabel() == ""


def test_codes_that_are_all_the_same_are_drawn_and_the_title_says_so():
    ax = plots.plot_codes(np.ones((60, 4)), LABELS, NAMES)
    assert ax.get_title() == "4 dimensions, collapsed: all codes are equal"
    np.testing.assert_array_equal(points(ax), np.ones((60, 2)))


@pytest.mark.parametrize("shape", [(60,), (60, 0), (0, 2), (60, 2, 2), (59, 2)])
def test_rejects_what_are_no_codes(shape):
    with pytest.raises(ValueError, match=r"z\.shape=\("):
        plots.plot_codes(np.zeros(shape), LABELS, NAMES)
