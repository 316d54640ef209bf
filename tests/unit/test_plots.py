import io

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import latent, plots
from vae_utils.plots import sizing, true_posterior

pytestmark = pytest.mark.usefixtures("book_style")


def greys(*values, shape=(2, 2)):
    """Makes one image of each grey value."""
    values = np.array(values, np.float32)
    return np.broadcast_to(values[:, None, None], (len(values), *shape))


def colours(count, height=4, width=6, seed=0):
    """Makes random colour images."""
    return np.random.default_rng(seed).random((count, height, width, 3), np.float32)


def grid_of(ax):
    (image,) = ax.images
    assert image.get_clim() == (0, 1)
    assert image.get_cmap().name == "gray"
    assert image.get_interpolation() == "nearest"
    return np.asarray(image.get_array())


def test_tile_arranges_images_in_reading_order():
    grid = plots.tile(greys(0.1, 0.2, 0.3, shape=(1, 2)), columns=2, gap=1)
    expected = [
        [0.1, 0.1, 1.0, 0.2, 0.2],
        [1.0, 1.0, 1.0, 1.0, 1.0],
        [0.3, 0.3, 1.0, 0.0, 0.0],  # the last row is filled up with black
    ]
    np.testing.assert_array_equal(grid, np.float32(expected))


def test_tile_keeps_pixels_in_place():
    images = np.arange(12.0).reshape(2, 2, 3) / 12
    np.testing.assert_array_equal(plots.tile(images, 2), np.hstack(images))
    np.testing.assert_array_equal(plots.tile(images, 1), np.vstack(images))
    np.testing.assert_array_equal(
        plots.tile(images[..., None], 1, gap=2),
        np.vstack([images[0], np.ones((2, 3)), images[1]]),
    )
    np.testing.assert_array_equal(plots.tile(images[:1], 1, gap=5), images[0])


def test_tile_fills_a_row_with_black():
    grid = plots.tile(greys(0.5), columns=3, gap=1)
    row = [0.5, 0.5, 1, 0, 0, 1, 0, 0]
    np.testing.assert_array_equal(grid, [row, row])


def test_tile_scales_uint8_to_one():
    images = np.array([[[0, 255]], [[51, 102]]], np.uint8)
    grid = plots.tile(images, columns=2, gap=1)
    np.testing.assert_allclose(grid, [[0, 1, 1, 0.2, 0.4]], rtol=1e-6)


def test_tile_accepts_images_of_any_type():
    images = np.array([[[True, False]]])
    for dtype in (bool, np.float16, np.float64):
        np.testing.assert_array_equal(plots.tile(images.astype(dtype), 1), [[1, 0]])


def test_tile_arranges_colour_images_like_each_of_their_channels():
    images = colours(5)
    grid = plots.tile(images, 3, gap=1)
    assert grid.shape == (2 * 5 - 1, 3 * 7 - 1, 3)
    for channel in range(3):
        expected = plots.tile(images[..., channel], 3, gap=1)
        np.testing.assert_array_equal(grid[..., channel], expected)


def test_tile_scales_uint8_colours_to_one():
    images = np.array([[[[255, 0, 51]]]], np.uint8)
    np.testing.assert_allclose(plots.tile(images, 1), [[[1, 0, 0.2]]], rtol=1e-6)


@pytest.mark.parametrize(
    ("shape", "columns"),
    [
        ((4, 4), 1),
        ((0, 4, 4), 1),
        ((2, 0, 4), 1),
        ((2, 4, 4, 2), 1),
        ((2, 4, 4, 4), 1),
        ((1, 2, 4, 4, 1), 1),
        ((2, 4, 4), 0),
        ((2, 4, 4), -1),
    ],
)
def test_tile_rejects_other_shapes(shape, columns):
    with pytest.raises(ValueError) as error:
        plots.tile(np.zeros(shape), columns)
    received = f"Received: images.shape={shape}, columns={columns}"
    assert str(error.value).endswith(received)


def test_figures_have_an_opaque_white_background():
    ax = plots.plot_images(np.zeros((8, 28, 28)), 4)
    assert ax.figure.get_facecolor() == (1, 1, 1, 1)
    file = io.BytesIO()
    ax.figure.savefig(file)
    picture = plt.imread(io.BytesIO(file.getvalue()))
    np.testing.assert_array_equal(picture[0, 0], [1, 1, 1, 1])
    np.testing.assert_array_equal(picture[..., 3], 1)


def test_plot_images_draws_one_grid():
    images = greys(0.1, 0.2, 0.3)
    ax = plots.plot_images(images, 2, title="Means, test, seed 1")
    assert ax.figure.axes == [ax]
    np.testing.assert_array_equal(grid_of(ax), plots.tile(images, 2, gap=2))
    assert ax.get_title() == "Means, test, seed 1"
    assert not ax.axison


def test_figure_grows_with_its_grid():
    images = np.zeros((40, 28, 28))
    wide = plots.plot_images(images, 10).figure.get_size_inches()
    tall = plots.plot_images(images, 4).figure.get_size_inches()
    assert wide[0] > 2 * wide[1]
    assert tall[1] > 2 * tall[0]


@pytest.mark.parametrize(
    ("height", "width", "scale"),
    [
        (28, 28, 1),
        (28, 56, 1),  # a pair
        (14, 14, 2),
        (96, 96, 28 / 96),  # as large as an image of 28 × 28
        (192, 192, 28 / 96),  # one pixel of the figure for each pixel of the image
        (10, 100, 28 / 25),  # thin
    ],
)
def test_pixel_scale_by_hand(height, width, scale):
    assert sizing.pixel_scale(height, width) == pytest.approx(scale, rel=1e-12)
    assert sizing.pixel_scale(width, height) == sizing.pixel_scale(height, width)


def test_figures_of_28_pixel_images_keep_their_sizes():
    """Compares exactly: these figures are on the book's pages."""
    images = np.zeros((9, 28, 28))
    size = tuple(plots.plot_images(images, 5).figure.get_size_inches())
    assert size == (0.018 * 148, 0.018 * 58 + 0.3)
    rows = plots.plot_rows({"a": images, "b": images[..., None]})
    size = tuple(rows[0].figure.get_size_inches())
    side = 5.92 / 9  # as many as fit the width
    assert size == pytest.approx((6, 2 * (0.24 + side + 0.04) + 0.04), rel=1e-12)
    grid = plots.plot_latent_grid(images, 3)
    assert tuple(grid.figure.get_size_inches()) == (6, 6)


@pytest.mark.parametrize("count", [1, 7, 8, 10, 40])
@pytest.mark.parametrize("shape", [(28, 28), (64, 64, 3), (20, 60)])
def test_figures_of_any_number_of_images_fit_the_page(count, shape):
    images = np.zeros((count, *shape))
    for ax in (plots.plot_rows({"a": images})[0], plots.plot_images(images, count)):
        assert ax.figure.get_figwidth() <= plots.WIDTH


def test_figure_sizes_follow_height_and_width():
    for height, width in ((40, 20), (20, 40), (60, 90)):
        images = colours(4, height, width)
        size = plots.plot_latent_grid(images, 2).figure.get_size_inches()
        assert size[1] / size[0] == pytest.approx(height / width)
        size = plots.plot_images(images, 2).figure.get_size_inches() - (0, 0.3)
        expected = (2 * height + 2) / (2 * width + 2)
        assert size[1] / size[0] == pytest.approx(expected)
    wide, tall = (
        plots.plot_rows({"a": colours(4, *shape)})[0].figure.get_size_inches()
        for shape in ((20, 40), (40, 20))
    )
    assert wide[0] > tall[0] and wide[1] < tall[1]


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 200), (200, 3, 3), (64, 64, 3), (40, 24, 3), (130, 100)]
)
def test_figures_of_any_image_shape_can_be_drawn(shape):
    images = np.random.default_rng(0).random((9, *shape))
    for ax in (
        plots.plot_images(images, 3, title="means"),
        plots.plot_images(images[:1], 1),
        plots.plot_images(plots.join_pairs(images, images), 2),
        plots.plot_rows({"input": images, "mean": images})[0],
        plots.plot_latent_grid(images, 3, ticks=[-1, 0, 1], title="means"),
    ):
        ax.figure.savefig(io.BytesIO())  # a warning would be an error
        assert min(ax.get_window_extent().size) > 1


@pytest.mark.parametrize("shape", [(4, 6), (30, 40)])
def test_figures_show_colours(shape):
    images = colours(4, *shape)
    axes = [
        plots.plot_images(images, 2),
        plots.plot_latent_grid(images, 2),
        plots.plot_rows({"a": images})[0],
    ]
    grids = [plots.tile(images, 2, gap=2), plots.tile(images, 2)]
    grids.append(plots.tile(images, 4, gap=plots.ROW_GAP))
    for ax, grid in zip(axes, grids, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), grid)


def test_colours_out_of_range_are_clipped_like_grey():
    images = np.array([[[[1.5, -0.5, 0.5]] * 2, [[np.nan] * 3] * 2]])
    ax = plots.plot_images(images, 1)
    ax.figure.canvas.draw()  # a warning would be an error
    expected = [[[1, 0, 0.5]] * 2, [[1, 1, 1]] * 2]
    np.testing.assert_array_equal(ax.images[0].get_array(), expected)
    (row,) = plots.plot_rows({"a": images})
    plots.redraw_row(row, "b", images[..., ::-1])
    np.testing.assert_array_equal(row.images[0].get_array(), np.flip(expected, -1))


def test_only_images_of_many_pixels_are_smoothed():
    for side, interpolation in ((28, "nearest"), (29, "antialiased")):
        (image,) = plots.plot_images(np.zeros((1, side, side)), 1).images
        assert image.get_interpolation() == interpolation


def test_plots_draw_on_given_axes():
    figure, axes = plt.subplots(1, 3)
    assert plots.plot_images(greys(0.5), 1, ax=axes[0]) is axes[0]
    assert (
        plots.plot_latent_scatter(np.zeros((1, 2)), [0], ["a"], ax=axes[1]) is axes[1]
    )
    assert plots.plot_latent_grid(greys(0.5), 1, ax=axes[2]) is axes[2]
    assert plt.get_fignums() == [figure.number]
    assert all(ax.has_data() for ax in axes)


def test_plot_rows_names_each_row():
    rows = {"test images": greys(0.1, 0.2, 0.3), "means": greys(0.4, 0.5, 0.6)}
    axes = plots.plot_rows(rows)
    assert len(axes) == 2
    assert axes[0].figure.axes == list(axes)
    for ax, (name, images) in zip(axes, rows.items(), strict=True):
        assert ax.get_title(loc="left") == name
        np.testing.assert_array_equal(grid_of(ax), plots.tile(images, 3, gap=2))
        assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0
    tops = [ax.get_position().y1 for ax in axes]
    assert tops[0] > tops[1]


HISTORY = {
    "loss": [13.0, 10.0, 9.0],
    "nll": [10.0, 8.0, 7.0],
    "kl": [1.0, 2.0, 3.0],
    "val_loss": [14.0, 12.0, 11.0],
    "val_nll": [11.0, 9.0, 8.0],
    "val_kl": [1.5, 2.5, 3.5],
}


def test_plot_history_draws_the_bound_and_its_terms():
    axes = plots.plot_history(HISTORY)
    expected = [
        ([11, 10, 10], [12.5, 11.5, 11.5]),  # nll + kl, whatever beta the loss has
        (HISTORY["nll"], HISTORY["val_nll"]),
        (HISTORY["kl"], HISTORY["val_kl"]),
    ]
    assert len(axes) == 3
    named = [ax.yaxis.label.get_visible() for ax in axes]
    assert named == [True, False, False]  # the unit is that of all three
    for ax, curves, name in zip(axes, expected, ("ELBO", "nll", "kl"), strict=True):
        train, validation = ax.lines
        assert (train.get_label(), validation.get_label()) == ("train", "validation")
        assert train.get_linestyle() != validation.get_linestyle()
        for line, curve in zip((train, validation), curves, strict=True):
            np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3])
            np.testing.assert_array_equal(line.get_ydata(), curve)
        assert name in ax.get_title()
        assert ax.get_xlabel() == "epoch"
        assert ax.get_ylabel() == "nats per image"
    names = [text.get_text() for text in axes[0].get_legend().get_texts()]
    assert names == ["train", "validation"]


@pytest.mark.parametrize(
    ("terms", "titles"),
    [
        (("nll", "commitment"), ["reconstruction\nterm, nll", "commitment"]),
        (("kl",), ["cost of the codes,\nkl"]),
    ],
)
def test_plot_history_knows_the_terms_of_discrete_codes(terms, titles):
    names = [prefix + term for term in terms for prefix in ("", "val_")]
    axes = plots.plot_history({name: [3.0, 2.0] for name in names})
    assert [ax.get_title() for ax in axes] == titles
    assert all(len(ax.lines) == 2 for ax in axes)
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == [
        "train",
        "validation",
    ]


def test_plot_history_works_without_validation():
    axes = plots.plot_history({name: HISTORY[name] for name in ("nll", "kl")})
    assert [len(ax.lines) for ax in axes] == [1, 1, 1]


def test_plot_latent_scatter_colours_and_names_classes():
    z = np.array([[0, 0], [1, 1], [2, 5], [-1, 3], [-3, 3]], float)
    labels = [0, 0, 0, 2, 2]
    ax = plots.plot_latent_scatter(z, labels, ["zero", "one", "two"], title="Means")
    zero, two = ax.collections  # there is no point of class one
    np.testing.assert_array_equal(zero.get_offsets(), z[:3])
    np.testing.assert_array_equal(two.get_offsets(), z[3:])
    for points, label in ((zero, 0), (two, 2)):
        color = points.get_facecolor()[0, :3]
        np.testing.assert_allclose(color, plots.CLASS_COLORS[label])
    texts = {text.get_text(): text.get_position() for text in ax.texts}
    assert texts == {"zero": (1, 1), "two": (-2, 3)}  # at the medians
    assert ax.get_title() == "Means"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$z_1$", "$z_2$")
    assert ax.get_aspect() == 1


@pytest.mark.parametrize("shape", [(5, 3), (5,), (5, 2, 1)])
def test_plot_latent_scatter_rejects_points_that_are_not_2d(shape):
    with pytest.raises(ValueError) as error:
        plots.plot_latent_scatter(np.zeros(shape), np.zeros(5), ["a"])
    assert str(error.value).endswith(f"Received: z.shape={shape}")
    assert not plt.get_fignums()


@pytest.mark.parametrize("shape", [(4, 4), (2, 6), (5, 3)])
@pytest.mark.parametrize("side", [1, 2, 3, 9])
def test_latent_grid_ticks_match_the_codes_of_its_images(side, shape):
    """Each image's grey value encodes the point that it was decoded from."""
    codes = latent.prior_quantile_grid(side).round(1)
    ticks = codes[:side, 0]
    images = greys(*(0.5 + codes[:, 0] / 10 + codes[:, 1] / 100), shape=shape)
    ax = plots.plot_latent_grid(images, side, ticks=ticks, title="Means")
    grid = grid_of(ax)
    np.testing.assert_array_equal(grid, plots.tile(images, side))
    xs, ys = (
        [(float(label.get_text()), at) for label, at in zip(*axis, strict=True)]
        for axis in (
            (ax.get_xticklabels(), ax.get_xticks()),
            (ax.get_yticklabels(), ax.get_yticks()),
        )
    )
    for z1, column in xs:
        for z2, row in ys:
            expected = 0.5 + z1 / 10 + z2 / 100
            assert grid[int(row), int(column)] == pytest.approx(expected)
    named = [z1 for z1, _ in xs]
    assert (named[0], named[-1]) == pytest.approx((ticks[0], ticks[-1]))
    assert min(side, 5) <= len(named) == len(ys) <= 7
    assert ax.get_title() == "Means"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$z_1$", "$z_2$")


def test_latent_grid_without_ticks():
    ax = plots.plot_latent_grid(greys(0.1, 0.2, 0.3, 0.4), 2)
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0
    assert ax.get_xlabel() == ax.get_ylabel() == ""


def test_join_pairs_puts_both_sides_on_one_scale():
    left = np.full((3, 2, 4), 255, np.uint8)
    right = np.full((3, 2, 4, 1), 0.5, np.float32)
    joined = plots.join_pairs(left, right)
    assert joined.shape == (3, 2, 8)
    assert (joined[..., :4] == 1).all() and (joined[..., 4:] == 0.5).all()


def test_join_pairs_of_colour_images():
    left, right = colours(3), colours(3, seed=1)
    joined = plots.join_pairs(left, np.rint(255 * right).astype(np.uint8))
    assert joined.shape == (3, 4, 12, 3)
    np.testing.assert_array_equal(joined[:, :, :6], left)
    np.testing.assert_allclose(joined[:, :, 6:], right, atol=0.51 / 255)


@pytest.mark.parametrize("shape", [(2, 2, 4), (3, 2, 5), (3, 2, 4, 3), (2, 4)])
def test_join_pairs_rejects_different_shapes(shape):
    with pytest.raises(ValueError, match=r"same shape.*left.shape=\(3, 2, 4\)"):
        plots.join_pairs(np.zeros((3, 2, 4)), np.zeros(shape))


def test_redraw_row_replaces_images_and_name():
    axes = plots.plot_rows({"a": greys(0.2, 0.4), "b": greys(0.6, 0.8)})
    plots.redraw_row(axes[1], "c", greys(0.1, 0.3))
    fresh = plots.plot_rows({"a": greys(0.2, 0.4), "c": greys(0.1, 0.3)})
    for ax, expected in zip(axes, fresh, strict=True):
        assert ax.get_title(loc="left") == expected.get_title(loc="left")
        np.testing.assert_array_equal(
            ax.images[0].get_array(), expected.images[0].get_array()
        )


def test_rows_of_colour_images_can_be_redrawn():
    images = colours(4)
    (ax,) = plots.plot_rows({"a": images[:2]})
    plots.redraw_row(ax, "b", images[2:])
    expected = plots.tile(images[2:], 2, gap=plots.ROW_GAP)
    np.testing.assert_array_equal(ax.images[0].get_array(), expected)
    assert ax.get_title(loc="left") == "b"


def test_class_colours_repeat_after_ten():
    z, labels = np.random.default_rng(0).normal(size=(24, 2)), np.arange(24) % 12
    names = [f"class {label}" for label in range(12)]
    ax = plots.plot_latent_scatter(z, labels, names)
    assert {text.get_text() for text in ax.texts} == set(names)
    shown = [points.get_facecolor()[0, :3] for points in ax.collections]
    np.testing.assert_allclose(shown, [*plots.CLASS_COLORS, *plots.CLASS_COLORS[:2]])
    (ellipses,) = plots.plot_posteriors(z, z, labels).collections
    edges = ellipses.get_edgecolors()[:, :3]
    np.testing.assert_allclose(edges[10:12], plots.CLASS_COLORS[:2])


def test_plot_latent_scatter_rejects_missing_labels():
    with pytest.raises(ValueError, match=r"shape \(5,\), one per .*Received: .*\(4,\)"):
        plots.plot_latent_scatter(np.zeros((5, 2)), np.zeros(4, int), ["a"])


def test_posteriors_are_ellipses_of_their_standard_deviations(book_style):
    z_mean = np.array([[0.0, 1.0], [2.0, -1.0]])
    z_log_var = np.log(np.array([[0.25, 4.0], [1.0, 0.01]]))
    ax = plots.plot_posteriors(z_mean, z_log_var, [3, 7], deviations=2)
    (ellipses,) = ax.collections
    np.testing.assert_allclose(ellipses.get_offsets(), z_mean)
    np.testing.assert_allclose(ellipses.get_widths(), [2.0, 4.0])
    np.testing.assert_allclose(ellipses.get_heights(), [8.0, 0.4])
    edges = ellipses.get_edgecolors()[:, :3]
    np.testing.assert_allclose(edges, [plots.CLASS_COLORS[3], plots.CLASS_COLORS[7]])
    with pytest.raises(ValueError, match="one per point"):
        plots.plot_posteriors(z_mean, z_log_var, [3])
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        plots.plot_posteriors(z_mean, z_log_var[:1], [3, 7])


def test_posterior_contours_hold_their_shares():
    axis = np.linspace(-4, 4, 161)
    z = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)
    log_density = -0.5 * np.square(z).sum(axis=1)  # of N(0, I), up to a constant
    outer, inner = true_posterior._find_levels(log_density)
    # A share s of N(0, I) lies within √(−2 log(1 − s)).
    assert outer == pytest.approx(np.log(1 - 0.95), abs=0.02)
    assert inner == pytest.approx(np.log(1 - 0.5), abs=0.02)
    normal = {"q": (np.zeros(2), np.zeros(2))}
    ax = plots.plot_true_posterior(z, log_density, normal)
    (ellipse,) = ax.patches
    assert ellipse.width == pytest.approx(2 * np.sqrt(-2 * np.log(0.05)))
    assert ax.get_xlim()[1] > ellipse.width / 2
    for bad in (z[:-1], z[:, :1]):
        with pytest.raises(ValueError, match="grid of shape.*Received"):
            plots.plot_true_posterior(bad, log_density, normal)
