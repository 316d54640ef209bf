"""Draws frames from the snapshots of a training run: arrays in, frames out."""

import numpy as np

from vae_utils import plots
from vae_utils.animation.rendering import TEXT, make_axes, render, render_images
from vae_utils.checks import check_finite

SIZE = 360  # pixels of a frame's longer side
INSIDE = 0.998  # share of all points that lie inside the axes of a scatter plot
MARKER = 2.4  # diameter of a point, in points
TITLE_HEIGHT = 40  # pixels above two rows of images


@plots.book_style()
def draw_scatter(
    z, labels, class_names, titles, *, size: int = SIZE, limit: float | None = None
) -> np.ndarray:
    """Draws 2-D codes as a scatter plot, frame by frame, each class named at its mean.

    Of more than 20 classes the largest are named; a single one is not.

    The axes are the same in all frames; a few codes may lie outside.

    Args:
        z: codes, shape (frames, n, 2).
        labels: ints, shape (n,).
        class_names: one name per label.
        titles: one per frame, shown above it.
        size: pixels of each side.
        limit: coordinate of the ends of the axes; None for `choose_limit`.

    Returns:
        Frames, uint8, shape (frames, size, size, 3). The points of class i have exactly
        the colour `plots.class_color(i)`, without smoothing.

    Raises:
        ValueError: if the shapes do not match, or a code is not finite.
    """
    z, labels = np.asarray(z, np.float32), np.asarray(labels)
    check_scatter(z, labels, titles)
    limit = limit or choose_limit(z)
    figure, ax = make_axes(size, size)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit))
    classes = [label for label in range(len(class_names)) if (labels == label).any()]
    points = {label: _add_points(ax, label) for label in classes}
    named = plots.choose_named(labels, len(class_names))
    names = {label: _add_name(ax, label, class_names[label]) for label in named}
    reach = _measure_reach(figure, ax, names)

    def update(index):
        for label in classes:
            codes = z[index, labels == label]
            points[label].set_data(*codes.T)
            if label in names:
                place = np.clip(codes.mean(axis=0), -reach[label], reach[label])
                names[label].set_position(place)

    return render(figure, ax, titles, update)


@plots.book_style()
def draw_grid(grid, titles, *, side: int, limit: float, size: int = SIZE) -> np.ndarray:
    """Draws decoded images of a square grid of codes, frame by frame.

    Args:
        grid: decoded means edge to edge, uint8, shape (frames, height, width) for grey,
            or (frames, height, width, 3) for colour.
        titles: one per frame, shown above it.
        side: images along each axis.
        limit: coordinate of the outermost images' codes.
        size: pixels of the longer side.

    Returns:
        Frames, uint8, shape (frames, size, size) for a square grid, otherwise with one
        side shorter in proportion; with a last axis of 3 for colour.

    Raises:
        ValueError: if the shapes do not match.
    """
    grid = check_images(grid, titles)
    height, width = grid.shape[1:3]
    figure, ax = make_axes(*_fit(width, height, size))
    edge = limit * side / max(1, side - 1)  # an image reaches halfway to the next
    ends = (-edge, edge, -edge, edge)
    return render_images(figure, ax, titles, grid, extent=ends, aspect=height / width)


@plots.book_style()
def draw_rows(upper, lower, titles, *, size: int = SIZE) -> np.ndarray:
    """Draws a row of images above a row of their reconstructions, frame by frame.

    Args:
        upper: images, uint8, shape (n, height, width), or (n, height, width, channels)
            with one channel (grey) or three (colour).
        lower: reconstructions, uint8, with a first axis of frames: shape (frames, n,
            height, width), or the same with channels.
        titles: one per frame, shown above it.
        size: pixels of a frame's width.

    Returns:
        Frames, uint8, shape (frames, 2 · size / n · height / width + 40, size) unless
        images are thin; with a last axis of 3 for colour.

    Raises:
        ValueError: if the shapes do not match.
    """
    upper, lower = np.asarray(upper), np.asarray(lower)
    if lower.ndim not in (4, 5) or lower.shape[1:] != upper.shape or 0 in lower.shape:
        raise ValueError(
            "Reconstructions must have the shape of the images with one more axis, "
            "(frames, n, height, width) or (frames, n, height, width, channels). "
            f"Received: lower.shape={lower.shape}, upper.shape={upper.shape}"
        )
    count, height, width = upper.shape[:3]
    rows = np.stack([plots.tile(np.concatenate([upper, row]), count) for row in lower])
    rows = check_images(np.rint(255 * rows).astype(np.uint8), titles)
    square = 2 * size // count  # pixels of two rows of square images
    least, most = min(square, size // 10), 2 * size  # for thin images
    pixels = min(max(2 * size * height // (count * width), least), most)
    figure, ax = make_axes(size, pixels + TITLE_HEIGHT)
    ax.set_axis_off()
    return render_images(figure, ax, titles, rows)


def _measure_reach(figure, ax, names):
    """Measures how far from the middle each name can be without being cut."""
    figure.draw_without_rendering()
    frame, (_, limit) = ax.get_window_extent(), ax.get_xlim()
    boxes = {label: name.get_bbox_patch() for label, name in names.items()}
    return {
        label: np.maximum(0, limit * (1 - box.get_window_extent().size / frame.size))
        for label, box in boxes.items()
    }


def choose_limit(z: np.ndarray) -> float:
    """Chooses the ends of the axes for codes of shape (frames, n, 2)."""
    return float(max(1, np.ceil(np.quantile(np.abs(z).max(axis=2), INSIDE))))


def check_scatter(z: np.ndarray, labels: np.ndarray, titles):
    """Raises ValueError unless the arguments of `draw_scatter` fit together."""
    if z.ndim != 3 or z.shape[2] != 2 or 0 in z.shape:
        raise ValueError(
            f"Codes must have shape (frames, n, 2). Received: z.shape={z.shape}"
        )
    if labels.shape != z.shape[1:2]:
        raise ValueError(
            f"labels must have shape ({z.shape[1]},), one per code. "
            f"Received: labels.shape={labels.shape}"
        )
    check_finite(z, "z")
    _check_titles(titles, len(z))


def check_images(grid, titles) -> np.ndarray:
    """Checks the arguments of `draw_grid`; returns the grid as an array."""
    grid = np.asarray(grid)
    in_colour = grid.ndim == 4 and grid.shape[-1] == 3
    if not (grid.ndim == 3 or in_colour) or grid.dtype != np.uint8 or 0 in grid.shape:
        raise ValueError(
            "The grid must be uint8 of shape (frames, height, width), or (frames, "
            "height, width, 3) in colour. "
            f"Received: grid.dtype={grid.dtype}, grid.shape={grid.shape}"
        )
    _check_titles(titles, len(grid))
    return grid


def _check_titles(titles, count):
    if len(titles) != count:
        raise ValueError(
            f"Each of the {count} frames needs a title. Received: {len(titles)} titles"
        )


def _fit(width, height, size):
    """Scales a width and a height so that the longer is `size`; returns integers."""
    longer = max(width, height)
    shortest = size // 4  # leaves room for title and numbers around thin grids
    return [max(size * side // longer, shortest) for side in (width, height)]


def _add_points(ax, label):
    """Adds the points of a class, whose positions are set later."""
    # A line's markers, all alike, are drawn many times faster than a scatter's.
    color = plots.class_color(label)
    (points,) = ax.plot([], [], "o", ms=MARKER, mew=0, color=color, antialiased=False)
    return points


def _add_name(ax, label, name):
    color = plots.class_color(label)
    box = {"facecolor": "white", "edgecolor": color, "boxstyle": "round,pad=.2"}
    name = plots.write_name(name)
    return ax.text(0, 0, name, TEXT, ha="center", va="center", bbox=box)
