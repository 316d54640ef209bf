"""A notebook shows each figure in one format, sharp on dense screens."""

import io
import re
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import IPython
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from PIL import Image

from vae_utils import plots, schematics
from vae_utils.plots import display, encoding

pytestmark = pytest.mark.usefixtures("book_style")
RNG = np.random.default_rng(0)
BACKEND = "module://matplotlib_inline.backend_inline"
MIMES = {"image/svg+xml", "image/png", "image/jpeg", "application/pdf"}


def draw_lines():
    figure, ax = plt.subplots()
    ax.plot([0, 1], [1, 0], "o-", label="a line")
    ax.legend()
    return figure


def draw_images():
    return plots.plot_images(np.linspace(0, 1, 4 * 28 * 28).reshape(4, 28, 28), 2)


@pytest.fixture
def shell(monkeypatch):
    """A notebook's shell that shows figures as the inline backend does at first."""
    plt.close(plt.figure())  # loads the backend that tests draw with
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    for mime in ("image/png", "image/jpeg"):
        formatter = shell.display_formatter.formatters[mime]
        formatter.for_type(matplotlib.figure.Figure, lambda figure: b"the default")
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(matplotlib, "get_backend", lambda **_: BACKEND)
    monkeypatch.setattr(plt, "switch_backend", lambda name: None)
    return shell


@pytest.mark.parametrize("profile", ["full", "quick"])
def test_each_figure_is_shown_in_one_format(shell, monkeypatch, profile):
    monkeypatch.setenv("VAE_BOOK_PROFILE", profile)
    plots.use_book_style()
    for figure, mime in (
        (draw_lines(), "image/svg+xml"),
        (draw_images().figure, "image/png"),
    ):
        data, metadata = shell.display_formatter.format(figure)
        assert MIMES & set(data) == {mime}
        assert ("smallest_text" in metadata.get(mime, {})) == (profile == "quick")


def test_drawing_in_the_style_leaves_a_notebook_as_it_is(shell):
    with plots.book_style():
        data, _ = shell.display_formatter.format(draw_lines())
    assert data["image/png"] == b"the default"


@pytest.mark.parametrize("backend", ["agg", None])
def test_without_a_notebook_nothing_is_registered(shell, monkeypatch, backend):
    monkeypatch.setattr(matplotlib, "get_backend", lambda **_: backend)
    plots.use_book_style()
    data, _ = shell.display_formatter.format(draw_lines())
    assert data["image/png"] == b"the default"


def scatter(count):
    plt.subplots()[1].scatter(*RNG.normal(size=(2, count)))
    return plt.gcf()


def mark(count, style):
    plt.subplots()[1].plot(np.arange(count), style)
    return plt.gcf()


@pytest.mark.parametrize(
    ("draw", "dense"),
    [
        (draw_lines, False),
        (lambda: schematics.plot_vae().figure, False),
        (lambda: draw_images().figure, True),
        (lambda: scatter(50), False),
        (lambda: scatter(1000), True),
        (lambda: mark(1000, "-"), False),
        (lambda: mark(1000, "o"), True),
    ],
)
def test_images_and_many_points_become_pixels(draw, dense):
    assert display.is_dense(draw()) == dense


def test_svg_is_the_same_at_each_call():
    first, second = (display.draw_svg(schematics.plot_vae().figure) for _ in range(2))
    assert first == second
    assert "<!--" not in first and "metadata" not in first


def test_text_of_an_svg_needs_no_font():
    root = ElementTree.fromstring(display.draw_svg(draw_lines()))
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert "use" in tags and "text" not in tags
    assert float(root.get("width").removesuffix("pt")) <= 72 * plots.WIDTH + 1


def find_referenced(svg):
    """Returns what the names in an SVG refer to: id → element as text."""
    elements = {e.get("id"): e for e in ElementTree.fromstring(svg).iter()}
    names = re.findall(r'(?:url\(#|href="#)([^")]+)', svg)
    return {name: ElementTree.tostring(elements[name]) for name in names}


def test_names_in_two_svgs_refer_to_equal_things():
    """Some programs put SVGs into the page itself, where names must be unique."""
    figures = (draw_lines(), schematics.plot_vae().figure, mark(30, "s--"))
    referenced = [find_referenced(display.draw_svg(figure)) for figure in figures]
    assert all(referenced)
    for one in referenced:
        for other in referenced:
            for name in set(one) & set(other):
                assert one[name].strip() == other[name].strip()


def test_a_png_has_two_pixels_for_each_of_a_page():
    content, metadata = display.show_png(draw_images().figure)
    image = Image.open(io.BytesIO(content))
    assert image.width == pytest.approx(2 * metadata["width"], abs=1)
    assert image.info["dpi"] == pytest.approx((192, 192), abs=0.1)
    assert image.getpixel((0, 0)) == 255 and image.mode == "L"


def as_image(pixels):
    return Image.fromarray(np.asarray(pixels, np.uint8))


def test_greys_change_by_one_level_at_most():
    levels = np.tile(np.arange(256)[:, None], (16, 3)).reshape(64, 64, 3)
    grey = encoding.reduce_colours(as_image(levels))
    coloured = levels.copy()
    coloured[-1] = RNG.integers(256, size=(64, 3))
    coloured[-2] = [[200, 30, 30]]
    palette = encoding.reduce_colours(as_image(coloured))
    assert grey.mode == "L"
    for image in (grey, palette):
        error = np.abs(np.asarray(image.convert("RGB")).astype(int) - coloured)
        assert error[:-2].max() == 1
        assert error[:-2][coloured[:-2] == 255].max() == 0


def test_few_colours_are_kept_as_they_are():
    pixels = RNG.integers(256, size=(200, 3))[RNG.integers(200, size=(50, 50))]
    reduced = encoding.reduce_colours(as_image(pixels))
    assert reduced.mode == "P"
    np.testing.assert_array_equal(np.asarray(reduced.convert("RGB")), pixels)


def test_a_picture_of_too_many_colours_is_kept_as_it_is():
    pixels = RNG.integers(256, size=(100, 100, 3))
    reduced = encoding.reduce_colours(as_image(pixels))
    np.testing.assert_array_equal(np.asarray(reduced), pixels)


def test_a_scatter_plot_gets_a_palette_of_its_colours():
    z, labels = RNG.normal(size=(2000, 2)), np.arange(2000) % 10
    figure = plots.plot_latent_scatter(z, labels, "0123456789").figure
    content, _ = display.draw_png(figure)
    image = Image.open(io.BytesIO(content))
    assert image.mode == "P"
    stream = io.BytesIO()
    figure.savefig(stream, format="png", bbox_inches="tight", dpi=192)
    full = np.asarray(encoding.open_opaque(stream)).astype(int)
    error = np.abs(np.asarray(image.convert("RGB")) - full).max(axis=2)
    assert np.quantile(error, 0.999) <= encoding.USUAL_ERROR
    assert len(content) < len(stream.getvalue()) / 2
