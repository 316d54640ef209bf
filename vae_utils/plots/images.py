"""Images in grids and rows."""

import matplotlib.pyplot as plt
import numpy as np

from vae_utils.plots import sizing
from vae_utils.plots.style import WIDTH

ROW_GAP = 2  # white pixels between the images of a row
GAP = 2  # white pixels between the images of a grid
PIXEL = 0.018  # inches of a figure for a pixel of a 28 × 28 image
SIDE = 0.8  # inches of an image in a row, at most
LOWEST = 0.02  # inches of an image's height, however thin it is
NAME = 0.24  # inches for the name above a row
EDGE = 0.04  # inches around the rows and between them


def tile(images, columns: int, gap: int = 0) -> np.ndarray:
    """Arranges images in a grid, in reading order.

    Args:
        images: uint8 or in [0, 1], shape (n, height, width), or (n, height, width,
            channels) with one channel (grey) or three (colour).
        columns: images in a row; the last row is filled up with black.
        gap: white pixels between images.

    Returns:
        Grid in [0, 1], shape (rows · (height + gap) − gap, columns · (width + gap) −
        gap) for grey images, with a last axis of 3 for colour.

    Raises:
        ValueError: if there are no images, their shape is different, or `columns` < 1.
    """
    received, images = np.shape(images), _standardise(images)
    if not _are_images(images) or 0 in images.shape or columns < 1:
        raise ValueError(
            "tile needs at least one image and columns > 0; images have shape (n, "
            "height, width), or (n, height, width, channels) with 1 or 3 channels. "
            f"Received: images.shape={received}, columns={columns}"
        )
    count, height, width, *channels = images.shape
    rows = -(-count // columns)
    cell = (height + gap, width + gap, *channels)
    cells = np.ones((rows * columns, *cell), images.dtype)
    cells[:, :height, :width] = 0
    cells[:count, :height, :width] = images
    grid = cells.reshape(rows, columns, *cell).swapaxes(1, 2)
    grid = grid.reshape(rows * (height + gap), columns * (width + gap), *channels)
    return grid[: grid.shape[0] - gap, : grid.shape[1] - gap]


def join_pairs(left, right) -> np.ndarray:
    """Joins pairs of images side by side, each pair into one wider image.

    Args:
        left: uint8 or in [0, 1], shape (n, height, width), or (n, height, width,
            channels) with one channel (grey) or three (colour).
        right: the same number of images, of the same height, width and colours.

    Returns:
        Pairs in [0, 1], shape (n, height, 2 · width) for grey images, with a last axis
        of 3 for colour.

    Raises:
        ValueError: if the shapes do not match.
    """
    received = f"left.shape={np.shape(left)}, right.shape={np.shape(right)}"
    left, right = _standardise(left), _standardise(right)
    if left.shape != right.shape or not _are_images(left):
        raise ValueError(
            "Both sides must be images of the same shape: (n, height, width), or (n, "
            f"height, width, channels) with 1 or 3 channels. Received: {received}"
        )
    return np.concatenate([left, right], axis=2)


def plot_images(images, columns: int, *, title: str = "", ax=None):
    """Plots images as one grid.

    Args:
        images: grey or colour, as for `tile`.
        columns: images in a row.
        title: states what they are: mean or sample, split, seed.
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.

    Raises:
        ValueError: as `tile` does.
    """
    grid = tile(images, columns, gap=GAP)
    height, width = np.shape(images)[1:3]
    is_new = ax is None
    if is_new:
        pixel = PIXEL * sizing.pixel_scale(height, width)
        size = sizing.limit_width(pixel * np.array(grid.shape[1::-1]))
        size = np.maximum(size, PIXEL * sizing.REFERENCE)
        ax = plt.figure(figsize=size + (0, 0.3)).add_subplot()
    sizing.show(ax, grid, height, width)
    ax.set_title(title)
    ax.set_axis_off()
    if is_new:
        sizing.fit_texts(ax)
    return ax


def plot_rows(rows: dict):
    """Plots rows of images one below the other, each with its name above it.

    Args:
        rows: name → images, grey or colour, as for `tile`; the same number in each.

    Returns:
        One Axes per row, whose name is its title, at the left.

    Raises:
        ValueError: as `tile` does.
    """
    grids = [tile(images, len(images), gap=ROW_GAP) for images in rows.values()]
    sizes = [np.shape(images)[1:3] for images in rows.values()]
    count = max(len(images) for images in rows.values())
    width, height = _measure_row(sizes, count)
    whole = width + 2 * EDGE, len(rows) * (NAME + height + EDGE) + EDGE
    _, axes = plt.subplots(len(rows), 1, figsize=whole, squeeze=False, layout="none")
    for ax, name, grid, size in zip(axes[:, 0], rows, grids, sizes, strict=True):
        sizing.show(ax, grid, *size)
        ax.set_anchor("W")
        _name_row(ax, name)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    _make_room(axes[:, 0])
    return axes[:, 0]


def redraw_row(ax, name: str, images):
    """Replaces the images in a row of `plot_rows`.

    Args:
        ax: one of the Axes that `plot_rows` returned.
        name: of the row.
        images: the same number, of the same shape.
    """
    grid = tile(images, len(images), gap=ROW_GAP)
    ax.images[0].set_data(sizing.clip_colours(grid))
    _name_row(ax, name)
    _make_room(ax.figure.axes)


def _standardise(images):
    """Drops a single channel, and brings uint8 to [0, 1]."""
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    return images / np.float32(255) if images.dtype == np.uint8 else images


def _are_images(images):
    """Tells whether an array has the shape of grey or of colour images."""
    return images.ndim == 3 or (images.ndim == 4 and images.shape[-1] == 3)


def _measure_row(sizes, count):
    """Returns width and height in inches of a row of `count` images."""
    scaled = [sizing.pixel_scale(*size) * np.array(size) for size in sizes]
    height, width = np.max(scaled, axis=0) / sizing.REFERENCE
    side = min(SIDE, (WIDTH - 2 * EDGE) / (count * width))
    side = max(side, LOWEST / height)
    return side * count * width, max(side * height, 0.1)


def _make_room(axes):
    """Lays out rows of images, and widens their figure if a name is longer.

    Args:
        axes: of a figure.
    """
    figure = axes[0].figure
    names = [_name_row(ax, ax.get_title("left")).get_window_extent() for ax in axes]
    width, height = figure.get_size_inches()
    wider = max(width, max(name.width for name in names) / figure.dpi + 2 * EDGE)
    figure.set_figwidth(wider)
    row = (height - EDGE) / len(axes)  # with its name and the edge below
    figure.subplots_adjust(
        left=EDGE / wider,
        right=1 - EDGE / wider,
        bottom=EDGE / height,
        top=1 - (NAME + EDGE) / height,
        hspace=(NAME + EDGE) / (row - NAME - EDGE),
    )


def _name_row(ax, name):
    return ax.set_title(name, loc="left", pad=3)
