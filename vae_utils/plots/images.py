"""Images in grids and rows."""

import matplotlib.pyplot as plt
import numpy as np

from vae_utils.plots import sizing

ROW_GAP = 2  # white pixels between the images of a row
GAP = 2  # white pixels between the images of a grid
PIXEL = 0.018  # inches of a figure for a pixel of a 28 × 28 image
NAMES = 1.6  # inches for the names of rows; more if one is longer
EDGE = 0.05  # inches around the rows and between them


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
        size = np.maximum(pixel * np.array(grid.shape[1::-1]), PIXEL * sizing.REFERENCE)
        ax = plt.figure(figsize=size + (0, 0.3)).add_subplot()
    sizing.show(ax, grid, height, width)
    ax.set_title(title)
    ax.set_axis_off()
    if is_new:
        sizing.fit_texts(ax)
    return ax


def plot_rows(rows: dict):
    """Plots rows of images one below the other, each with its name on the left.

    Args:
        rows: name → images, grey or colour, as for `tile`; the same number in each.

    Returns:
        One Axes per row.

    Raises:
        ValueError: as `tile` does.
    """
    grids = [tile(images, len(images), gap=ROW_GAP) for images in rows.values()]
    sizes = [np.shape(images)[1:3] for images in rows.values()]
    count = max(len(images) for images in rows.values())
    whole = _measure_rows(sizes, count)
    _, axes = plt.subplots(len(rows), 1, figsize=whole, squeeze=False, layout="none")
    for ax, name, grid, size in zip(axes[:, 0], rows, grids, sizes, strict=True):
        sizing.show(ax, grid, *size)
        _name_row(ax, name)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    _make_room(axes[:, 0], whole[0] - NAMES)
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
    _make_room(ax.figure.axes, _measure_width(ax))


def _standardise(images):
    """Drops a single channel, and brings uint8 to [0, 1]."""
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    return images / np.float32(255) if images.dtype == np.uint8 else images


def _are_images(images):
    """Tells whether an array has the shape of grey or of colour images."""
    return images.ndim == 3 or (images.ndim == 4 and images.shape[-1] == 3)


def _measure_rows(sizes, count):
    """Returns width and height in inches of a figure of rows of `count` images."""
    scaled = [sizing.pixel_scale(*size) * np.array(size) for size in sizes]
    height, width = np.max(scaled, axis=0) / sizing.REFERENCE
    height = max(height, 0.5)  # of thin images: leaves room for the name
    return NAMES + 0.55 * count * width, 0.6 * len(sizes) * height


def _measure_width(ax):
    """Returns the width of the space for images, in inches."""
    pars = ax.figure.subplotpars
    return (pars.right - pars.left) * ax.figure.get_figwidth()


def _make_room(axes, least: float):
    """Lays out rows of images so that the longest name fits, which is measured.

    Args:
        axes: of a figure, which is widened if it must be.
        least: inches that the images need.
    """
    figure = axes[0].figure
    names = [ax.yaxis.label.get_window_extent() for ax in axes]
    left = max(name.width for name in names) / figure.dpi + 3 * EDGE
    width, height = figure.get_size_inches()
    width = max(width, left + least + EDGE)
    figure.set_figwidth(width)
    row = (height - EDGE) / len(axes)
    figure.subplots_adjust(
        left=left / width,
        right=1 - EDGE / width,
        bottom=EDGE / height,
        top=1 - EDGE / height,
        hspace=EDGE / (row - EDGE),
    )


def _name_row(ax, name):
    ax.set_ylabel(name, rotation=0, ha="right", va="center")
