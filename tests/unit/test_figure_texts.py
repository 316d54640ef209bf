"""No text of a figure is cut, whatever the names and however many."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import animation, plots
from vae_utils.plots import naming, sizing
from vae_utils.runs import drawing

pytestmark = pytest.mark.usefixtures("book_style")
LONG = "a name of a class that nobody would want to read to its end"


def list_texts(ax):
    """Yields the texts of a figure that can be seen; ticks out of view cannot."""
    yield from (ax.title, ax.set_title(ax.get_title("left"), loc="left"), *ax.texts)
    for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
        yield axis.label
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if low <= tick.get_loc() <= high:
                yield tick.label1


def find_cut(figure):
    """Lists the texts that are not inside a figure."""
    figure.draw_without_rendering()
    texts = [text for ax in figure.axes for text in list_texts(ax) if text.get_text()]
    boxes = {text.get_text(): text.get_window_extent() for text in texts}
    largest = np.add(figure.bbox.max, 0.5)
    return {
        text: box
        for text, box in boxes.items()
        if min(box.min) < -0.5 or any(box.max > largest)
    }


def make_snapshots(epochs, shape=(28, 28), count=10):
    kept = np.zeros((epochs, count, *shape), np.uint8)
    numbers = np.arange(1, epochs + 1)
    return {"input": kept[0], "reconstructions": kept, "epochs": numbers}


@pytest.mark.parametrize("epochs", [1, 2, 5, 30, 100, 1000])
def test_epochs_keep_their_labels(epochs):
    figure = drawing.draw_epochs(make_snapshots(epochs)).figure
    assert find_cut(figure) == {}


@pytest.mark.parametrize(
    ("shape", "count"), [((64, 64, 3), 10), ((8, 8, 3), 2), ((20, 100), 3), ((9, 2), 1)]
)
def test_epochs_of_any_images_keep_their_labels(shape, count):
    arrays = make_snapshots(12, shape, count) | {"epochs": 10**6 + np.arange(12)}
    assert find_cut(drawing.draw_epochs(arrays).figure) == {}


def test_a_name_that_becomes_longer_is_not_cut():
    axes = plots.plot_rows({"input": np.zeros((3, 8, 8)), "x": np.zeros((3, 8, 8))})
    plots.redraw_row(axes[1], LONG, np.zeros((3, 8, 8)))
    assert find_cut(axes[0].figure) == {}


@pytest.mark.parametrize("count", [1, 2, 10])
def test_titles_are_not_wider_than_their_figure(count):
    images = np.zeros((count, 28, 28))
    assert find_cut(plots.plot_images(images, count, title=LONG).figure) == {}
    grid = plots.plot_latent_grid(np.zeros((4, 40, 4)), 2, ticks=[-1, 1], title=LONG)
    assert find_cut(grid.figure) == {}


@pytest.mark.parametrize("classes", [1, 2, 20, 300])
@pytest.mark.parametrize("latent_dim", [1, 2, 5])
def test_names_of_classes_are_not_cut(classes, latent_dim):
    rng = np.random.default_rng(0)
    labels = np.arange(3 * classes) % classes
    z = rng.normal(size=(len(labels), latent_dim)) + 40 * rng.random((len(labels), 1))
    names = [f"{LONG} {i}" for i in range(classes)]
    ax = plots.plot_codes(z, labels, names, title=f"codes\n{LONG}")
    assert find_cut(ax.figure) == {}
    named = len(ax.texts)
    if latent_dim > 1:
        assert named == (0 if classes == 1 else min(classes, naming.MOST_NAMED))
        assert ("20 largest of 300" in ax.get_title()) == (classes == 300)


def test_names_in_an_animation_are_not_cut(monkeypatch):
    drawn = []

    def render(figure, ax, titles, update):
        for index in range(len(titles)):
            update(index)
            drawn.append(find_cut(figure))

    monkeypatch.setattr("vae_utils.animation.drawing.render", render)
    z = np.array([[[9.0, 9.0], [-9.0, -9.0]], [[-9.0, 0.0], [0.0, 9.0]]])
    animation.draw_scatter(z, [0, 1], [LONG, LONG], ["first", "second"])
    assert drawn == [{}, {}]


def test_the_largest_classes_are_named():
    labels = np.repeat(np.arange(30), [1 + i for i in range(30)])
    assert plots.choose_named(labels, 30) == list(range(10, 30))
    assert plots.choose_named(labels % 3, 40) == [0, 1, 2]
    assert plots.choose_named(np.zeros(5, int), 1) == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("cat", "cat"),
        ("two\nlines", "two lines"),
        ("$x^2$ and $y", r"\$x^2\$ and \$y"),
        ("a" * 30, "a" * 17 + "…"),
        ("\u732b", naming.UNKNOWN),
        ("\ud800", naming.UNKNOWN),
        ("", ""),
    ],
)
def test_names_are_short_and_can_be_drawn(name, written):
    assert plots.write_name(name) == written
    figure = plots.plot_latent_scatter(np.eye(2), [0, 1], [name, "b"]).figure
    figure.draw_without_rendering()  # a warning would be an error


def test_the_narrowest_figure_ends_with_a_broken_title():
    figure = plt.figure(figsize=(0.1, 2))
    ax = figure.add_subplot()
    ax.set_axis_off()
    ax.set_title("a title")
    sizing.fit_texts(ax)
    assert find_cut(figure) == {}  # it was widened
    title = "a long title for a page " * 4
    ax.set_title(title)
    sizing.fit_texts(ax)
    assert figure.get_figwidth() <= plots.WIDTH
    assert "\n" in ax.get_title() and find_cut(figure) == {}
    assert ax.get_title().split() == title.split()
