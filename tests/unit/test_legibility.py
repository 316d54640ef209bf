"""Labels can be read on a phone, and none hides another one."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import latent, plots, schematics
from vae_utils.plots import labels, legibility

pytestmark = pytest.mark.usefixtures("book_style")
RNG = np.random.default_rng(0)
IMAGES = RNG.random((20, 28, 28))
CATS = RNG.random((7, 64, 64, 3))
Z = RNG.normal(size=(600, 2))
DIGITS = np.arange(600) % 10
CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
           "Sneaker", "Bag", "Ankle boot")  # fmt: skip
LOSSES = {"nll": 170.0 - np.arange(30), "kl": 3.0 + np.arange(30)}
HISTORY = LOSSES | {f"val_{name}": curve + 1 for name, curve in LOSSES.items()}
SEEN = {"loss": [0.3, 0.1], "accuracy": [0.97, 0.99]}
PLANE = latent.square_grid(41, 3.0)
BELL = -0.5 * np.square(PLANE).sum(axis=1)
FIGURES = {
    "grid of images": lambda: plots.plot_images(IMAGES, 10, title="means, seed 1"),
    "rows": lambda: plots.plot_rows({"input": IMAGES, "mean": IMAGES})[0],
    "ten columns": lambda: plots.plot_rows({"a name": IMAGES[:10]})[0],
    "cats": lambda: plots.plot_rows({"original": CATS})[0],
    "map": lambda: plots.plot_latent_scatter(Z, DIGITS, "0123456789", title="codes"),
    "clothes": lambda: plots.plot_latent_scatter(Z, DIGITS, CLOTHES, title="codes"),
    "narrow map": lambda: plots.plot_codes(Z * [0.01, 1], DIGITS, CLOTHES, title="z"),
    "strips": lambda: plots.plot_codes(Z[:, :1], DIGITS, CLOTHES, title="codes"),
    "ellipses": lambda: plots.plot_posteriors(Z, Z - 3, DIGITS),
    "latent grid": lambda: plots.plot_latent_grid(
        IMAGES[:16], 4, ticks=[-1.5, -0.5, 0.5, 1.5], title="decoder means"
    ),
    "history": lambda: plots.plot_history(HISTORY)[0],
    "classifier": lambda: plots.plot_history(SEEN)[0],
    "curves": lambda: plots.plot_curves(
        {f"run {i}": LOSSES["nll"] for i in range(5)}, title="−ELBO", unit="nats"
    ),
    "posterior": lambda: plots.plot_true_posterior(
        PLANE, BELL, {"q": np.zeros((2, 2))}
    ),
    "autoencoder": schematics.plot_autoencoder,
    "VAE": schematics.plot_vae,
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_labels_can_be_read_on_a_phone(draw):
    measured = legibility.measure(draw().figure)
    assert measured["smallest_text"] >= legibility.SMALLEST
    assert measured["hidden_texts"] == []


def test_the_smallest_text_is_measured_as_a_phone_shows_it():
    figure = plt.figure(figsize=(7, 3), layout="none")
    for size, place in ((20, 0.2), (9, 0.8)):
        figure.text(0.5, place, "text", size=size)
    ax = figure.add_axes((0, 0, 1, 1))  # keeps the width that is shown
    ax.set(xticks=[], yticks=[])
    measured = legibility.measure(figure)["smallest_text"]
    assert measured == pytest.approx(
        9 / 72 * legibility.PHONE / (7 + 2 * 0.04), rel=0.01
    )


def test_texts_that_hide_each_other_are_found():
    figure = plt.figure()
    figure.text(0.5, 0.5, "one")
    figure.text(0.5, 0.51, "two")
    figure.text(0.5, 0.8, "three")
    assert legibility.measure(figure)["hidden_texts"] == [["one", "two"]]


def test_rotated_texts_are_measured_where_they_stand():
    figure = plt.figure()
    figure.text(0.1, 0.5, "a long name upwards", rotation=90, va="center")
    figure.text(0.16, 0.5, "a name to its right")
    assert legibility.measure(figure)["hidden_texts"] == []
    figure.text(0.08, 0.5, "across")
    ((_, other),) = legibility.measure(figure)["hidden_texts"]
    assert other == "across"


def overlap(centres, halves):
    """Returns the largest overlap of two boxes, as the shorter side of their meet."""
    return max(
        (halves[i] + halves[j] - np.abs(centres[i] - centres[j])).min()
        for i in range(len(centres))
        for j in range(i)
    )


@pytest.mark.parametrize("seed", range(5))
def test_names_move_apart_and_stay_inside(seed):
    rng = np.random.default_rng(seed)
    frame = np.array([[0.0, 0.0], [300.0, 300.0]])
    centres = 150 + 20 * rng.normal(size=(10, 2))
    halves = np.tile([20.0, 9.0], (10, 1))
    placed = labels.move_apart(centres, halves, frame)
    assert overlap(placed, halves) < 1
    assert (placed >= halves).all() and (placed <= 300 - halves).all()
    assert np.linalg.norm(placed - centres, axis=1).max() < 100


def test_names_that_touch_no_other_stay_where_they_are():
    centres = np.array([[50.0, 50.0], [52.0, 50.0], [200.0, 200.0]])
    halves = np.full((3, 2), 10.0)
    placed = labels.move_apart(centres, halves, np.array([[0, 0], [300, 300.0]]))
    np.testing.assert_array_equal(placed[2], centres[2])
    np.testing.assert_allclose(placed[:2].mean(axis=0), [51, 50])
    assert placed[1, 0] - placed[0, 0] == pytest.approx(20)
