"""What a training kept becomes frames: numbers in, pictures out."""

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vae_utils import plots
from vae_utils.checks import check_finite

SIZE = 360  # pixels, of a frame's longer side
DPI = 100
SMALL = {"size": 8}
WIDEST = 0.998  # share of all points that a spread's axes have room for
MARK = 2.0  # size of a point, in points


def draw_spread(z, labels, class_names, titles, *, size: int = SIZE) -> np.ndarray:
    """Draws how codes spread over a plane, each class named at its mean.

    The axes stay the same; a few codes may lie outside.

    Args:
        z: codes, shape (frames, n, 2).
        labels: ints, shape (n,).
        class_names: one name per label.
        titles: shown above each frame, one each.
        size: pixels of each side.

    Returns:
        Frames, uint8, shape (frames, size, size, 3). The points of class i have the
        colour `plots.CLASS_COLORS[i]` exactly, without smoothing.

    Raises:
        ValueError: if the shapes do not fit, or a code is not finite.
    """
    z, labels = np.asarray(z, np.float32), np.asarray(labels)
    if z.ndim != 3 or z.shape[2] != 2 or 0 in z.shape:
        raise ValueError(
            f"Codes must have shape (frames, n, 2). Received: z.shape={z.shape}"
        )
    if labels.shape != z.shape[1:2]:
        raise ValueError(
            f"labels must have shape ({z.shape[1]},), one per code. "
            f"Received: labels.shape={labels.shape}"
        )
    _check_titles(titles, len(z))
    check_finite(z, "z")
    limit = max(1.0, np.ceil(np.quantile(np.abs(z).max(axis=2), WIDEST)))
    figure, ax = _make_axes(size, size)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit))
    classes = [label for label in range(len(class_names)) if (labels == label).any()]
    points = {label: _plot_class(ax, label) for label in classes}
    names = {label: _name_class(ax, label, class_names[label]) for label in classes}

    def update(index):
        for label in classes:
            codes = z[index, labels == label]
            points[label].set_data(*codes.T)
            names[label].set_position(codes.mean(axis=0))

    return _film(figure, ax, titles, update)


def draw_canvas(
    canvas, titles, *, side: int, limit: float, size: int = SIZE
) -> np.ndarray:
    """Draws what a plane of codes decodes to, frame by frame.

    Args:
        canvas: decoded means side by side, uint8, shape (frames, height, width).
        titles: shown above each frame, one each.
        side: images along each axis.
        limit: coordinate of the outermost images' codes.
        size: pixels of each side.

    Returns:
        Frames, uint8, shape (frames, size, size).

    Raises:
        ValueError: if the shapes do not fit.
    """
    canvas = _check_canvas(canvas, titles)
    figure, ax = _make_axes(size, size)
    edge = limit * side / max(1, side - 1)  # an image reaches halfway to the next
    ends = (-edge, edge, -edge, edge)
    return _film_images(figure, ax, titles, canvas, extent=ends)


def draw_rows(upper, lower, titles, *, size: int = SIZE) -> np.ndarray:
    """Draws images above what they are reconstructed to, frame by frame.

    Args:
        upper: images, uint8, shape (n, height, width).
        lower: reconstructions, uint8, shape (frames, n, height, width).
        titles: shown above each frame, one each.
        size: pixels of the longer side.

    Returns:
        Frames, uint8, shape (frames, size / n · 2 or a little more, size).

    Raises:
        ValueError: if the shapes do not fit.
    """
    upper, lower = np.asarray(upper), np.asarray(lower)
    if lower.ndim != 4 or lower.shape[1:] != upper.shape or 0 in lower.shape:
        raise ValueError(
            "Reconstructions must have shape (frames, n, height, width), images (n, "
            f"height, width). Received: {lower.shape} and {upper.shape}"
        )
    count = len(upper)
    rows = np.stack([plots.tile(np.concatenate([upper, row]), count) for row in lower])
    canvas = _check_canvas(np.rint(255 * rows).astype(np.uint8), titles)
    figure, ax = _make_axes(size, 2 * size // count + 40)
    ax.set_axis_off()
    return _film_images(figure, ax, titles, canvas)


def _check_canvas(canvas, titles):
    canvas = np.asarray(canvas)
    if canvas.ndim != 3 or canvas.dtype != np.uint8 or 0 in canvas.shape:
        raise ValueError(
            "The canvas must be uint8 of shape (frames, height, width). "
            f"Received: {canvas.dtype}, {canvas.shape}"
        )
    _check_titles(titles, len(canvas))
    return canvas


def _check_titles(titles, count):
    if len(titles) != count:
        raise ValueError(
            f"Each of the {count} frames needs a title. Received: {len(titles)}"
        )


def _make_axes(width, height):
    """Makes a figure of so many pixels, in the book's style, that nobody displays."""
    with matplotlib.rc_context(plots.STYLE):
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        FigureCanvasAgg(figure)
        ax = figure.add_subplot(aspect="equal")
    ax.tick_params(labelsize=SMALL["size"])
    return figure, ax


def _plot_class(ax, label):
    """Adds the points of a class, still without places."""
    # Markers of a line, all alike, are drawn many times faster than a scatter's.
    (points,) = ax.plot(
        [], [], "o", ms=MARK, mew=0, color=plots.class_color(label), antialiased=False
    )
    return points


def _name_class(ax, label, name):
    box = {
        "facecolor": "white",
        "edgecolor": plots.class_color(label),
        "boxstyle": "round,pad=.2",
    }
    return ax.text(0, 0, name, SMALL, ha="center", va="center", bbox=box)


def _film_images(figure, ax, titles, images, **options):
    """Draws a grey frame per title."""
    shown = ax.imshow(
        images[0], "gray", vmin=0, vmax=255, interpolation="antialiased", **options
    )
    return _film(figure, ax, titles, lambda i: shown.set_data(images[i]))[..., 0]


def _film(figure, ax, titles, update):
    """Draws a frame per title."""
    frames = []
    for index, title in enumerate(titles):
        update(index)
        ax.set_title(title, SMALL)
        figure.canvas.draw()
        if index == 0:  # as the layout is found once, nothing jumps
            figure.set_layout_engine("none")
        frames.append(np.array(figure.canvas.buffer_rgba())[..., :3])
    return np.stack(frames)
