import itertools

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, Polygon

from vae_utils import schematics

DRAWINGS = {
    "autoencoder": schematics.plot_autoencoder,
    "vae": schematics.plot_vae,
}
each_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


pytestmark = pytest.mark.usefixtures("book_style")


def texts(ax):
    """Maps every word of the drawing to its text (an arrow has no words)."""
    return {text.get_text(): text for text in ax.texts if text.get_text()}


def arrows(ax):
    """Lists start and end of every arrow."""
    return [(note.xyann, note.xy) for note in ax.texts if not note.get_text()]


def shape_at(ax, point, reach=0.02):
    """Finds the first shape that touches a point, in inches."""
    for shape in ax.patches:
        path = shape.get_path().transformed(shape.get_patch_transform())
        if any(
            path.contains_point((point[0] + dx, point[1] + dy))
            for dx, dy in itertools.product((-reach, 0, reach), repeat=2)
        ):
            return shape


@each_drawing
def test_every_arrow_connects_two_shapes(draw):
    ax = draw()
    for start, end in arrows(ax):
        pair = shape_at(ax, start), shape_at(ax, end)
        assert None not in pair and pair[0] is not pair[1], (start, end)


@each_drawing
def test_networks_narrow_towards_the_code(draw):
    encoder, decoder = [p for p in draw().patches if isinstance(p, Polygon)]
    for network, sign in ((encoder, 1), (decoder, -1)):
        corners = network.get_xy()
        heights = [
            abs(corners[corners[:, 0] == x][:, 1]).max()
            for x in (corners[:, 0].min(), corners[:, 0].max())
        ]
        assert sign * (heights[0] - heights[1]) > 0


def test_autoencoder_is_a_chain_without_random_variables():
    ax = schematics.plot_autoencoder()
    assert {"$x$", "encoder", "$z$", "decoder", r"$\ell$"} < set(texts(ax))
    assert not any(isinstance(patch, Circle) for patch in ax.patches)
    starts, ends = zip(*arrows(ax), strict=True)
    assert len(starts) == 4
    xs = [x for pair in zip(starts, ends, strict=True) for x, _ in pair]
    assert xs == sorted(xs)


def test_code_of_a_vae_is_computed_from_mean_log_variance_and_noise():
    ax = schematics.plot_vae()
    written = texts(ax)
    noise, code = [patch for patch in ax.patches if isinstance(patch, Circle)]
    assert code.center == written["$z$"].get_position()
    assert noise.center == written[r"$\varepsilon$"].get_position()
    sources = {
        shape_at(ax, start) for start, end in arrows(ax) if shape_at(ax, end) is code
    }
    named = {
        shape_at(ax, written[name].get_position())
        for name in (r"$\mu$", r"$\log\sigma^2$", r"$\varepsilon$")
    }
    assert sources == named and len(sources) == 3


@each_drawing
def test_text_is_large_and_does_not_overlap_or_leave_the_picture(draw):
    ax = draw()
    renderer = ax.figure.canvas.get_renderer()
    ax.figure.draw(renderer)
    boxes = {}
    for name, text in texts(ax).items():
        assert text.get_fontsize() >= 12
        boxes[name] = text.get_window_extent(renderer)
        assert ax.figure.bbox.contains(*boxes[name].min), name
        assert ax.figure.bbox.contains(*boxes[name].max), name
    for one, other in itertools.combinations(boxes, 2):
        assert not boxes[one].overlaps(boxes[other]), (one, other)


@each_drawing
def test_drawing_uses_only_grey(draw):
    for patch in draw().patches:
        for red, green, blue, alpha in (patch.get_facecolor(), patch.get_edgecolor()):
            assert red == green == blue and alpha == 1
    for patch in draw().patches:
        fill, edge = to_rgba(patch.get_facecolor()), to_rgba(patch.get_edgecolor())
        assert fill[0] - edge[0] > 0.7  # edges stand out


@each_drawing
def test_drawing_uses_the_given_axes(draw):
    figure, (left, right) = plt.subplots(1, 2)
    assert draw(ax=right) is right
    assert not left.patches and right.patches
    assert plt.get_fignums() == [figure.number]
