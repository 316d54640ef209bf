"""Figures and frames look the same, whatever a matplotlibrc says."""

import io

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hostile_style import HOSTILE

from vae_utils import animation, plots, schematics

IMAGES = np.linspace(0, 1, 4 * 8 * 6, dtype=np.float32).reshape(4, 8, 6)
Z = np.random.default_rng(0).normal(size=(40, 2))
LABELS = np.arange(40) % 2
HISTORY = {"nll": [9.0, 8.0], "kl": [1.0, 2.0]}
GRID = np.uint8([255 * plots.tile(IMAGES, 2)])
FIGURES = {
    "images": lambda: plots.plot_images(IMAGES, 2, title="means, $z$"),
    "rows": lambda: plots.plot_rows({"input": IMAGES, "mean": IMAGES[::-1]})[0],
    "grid": lambda: plots.plot_latent_grid(IMAGES, 2, ticks=[-1, 1], title="means"),
    "scatter": lambda: plots.plot_latent_scatter(Z, LABELS, "ab", title="codes"),
    "ellipses": lambda: plots.plot_posteriors(Z, Z - 3, LABELS),
    "history": lambda: plots.plot_history(HISTORY)[0],
    "schematic": schematics.plot_vae,
}
FRAMES = {
    "scatter": lambda: animation.draw_scatter(Z[None], LABELS, "ab", ["epoch 1"]),
    "grid": lambda: animation.draw_grid(GRID, ["epoch 1"], side=2, limit=2.0),
    "rows": lambda: animation.draw_rows(GRID, GRID[None], ["epoch 1"]),
}


@pytest.fixture
def hostile():
    """Sets what a user's matplotlibrc might, leaving Matplotlib as it was."""
    with matplotlib.rc_context():
        yield lambda: plt.rcParams.update(HOSTILE)
        plt.close("all")


def save(draw):
    stream = io.BytesIO()
    with plots.book_style():
        draw().figure.savefig(stream, format="png")
    plt.close("all")
    return stream.getvalue()


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figures_are_the_same_under_any_matplotlibrc(draw, hostile):
    expected = save(draw)
    hostile()
    assert save(draw) == expected


@pytest.mark.parametrize("draw", FRAMES.values(), ids=FRAMES)
def test_frames_are_the_same_under_any_matplotlibrc(draw, hostile):
    expected = draw()
    hostile()
    np.testing.assert_array_equal(draw(), expected)


def test_notebooks_start_from_the_defaults(hostile):
    hostile()
    plots.use_book_style()
    size = list(plots.STYLE["figure.figsize"])  # as Matplotlib keeps it
    expected = plots.STYLE | {"figure.figsize": size}
    different = {
        name
        for name in set(HOSTILE) | set(plots.STYLE)
        if plt.rcParams[name] != expected.get(name, plt.rcParamsDefault[name])
    }
    assert different == set()


def test_class_colours_are_those_chosen_for_colour_blind_readers():
    cycle = matplotlib.style.library["petroff10"]["axes.prop_cycle"]
    expected = [matplotlib.colors.to_rgb(color) for color in cycle.by_key()["color"]]
    assert list(plots.CLASS_COLORS) == expected
    lines = [plots.line_color(i) for i in range(20)]
    assert set(lines[:10]) == set(expected) and lines[10:] == lines[:10]


def test_the_first_lines_of_a_plot_stand_out_from_white():
    def luminance(color):
        channels = np.array(color)
        low, high = channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        return np.where(channels <= 0.04045, low, high) @ [0.2126, 0.7152, 0.0722]

    contrast = [1.05 / (luminance(plots.line_color(i)) + 0.05) for i in range(10)]
    assert min(contrast[:6]) > 3  # as WCAG asks of parts of a graphic


def test_images_are_upright_and_grey_without_the_style_too(hostile):
    hostile()
    plt.rcParams["text.usetex"] = False
    (image,) = plots.plot_images(IMAGES, 2).images
    assert (image.origin, image.get_cmap().name) == ("upper", "gray")
    assert image.axes.get_aspect() == 1


def test_style_leaves_backend_and_settings_as_they_were(hostile):
    hostile()
    before, backend = plt.rcParams.copy(), plt.get_backend()
    with pytest.raises(KeyError), plots.book_style():
        assert plt.rcParams["image.origin"] == "upper"
        assert plt.get_backend() == backend
        raise KeyError
    assert plt.rcParams == before and plt.get_backend() == backend


def test_interactive_mode_outlives_the_style():
    """A notebook's backend turns it on when the first figure is made."""
    with matplotlib.rc_context():
        with plots.book_style():
            plt.ion()
        assert plt.isinteractive()
    assert not plt.isinteractive()
