"""Images in grids and rows."""

import matplotlib.pyplot as plt
import numpy as np

ROW_GAP = 2  # white pixels between the images of a row


def tile(images, columns: int, gap: int = 0) -> np.ndarray:
    """Lays images out on one canvas, in reading order.

    Args:
        images: uint8 or in [0, 1], shape (n, height, width) or (n, height, width, 1).
        columns: images in a row; the last row is filled up with black.
        gap: white pixels between images.

    Returns:
        Canvas in [0, 1], shape (rows · (height + gap) − gap, columns · (width + gap) −
        gap).

    Raises:
        ValueError: if there are no images, their shape is another, or `columns` < 1.
    """
    images = _grey(images)
    if images.ndim != 3 or len(images) == 0 or columns < 1:
        raise ValueError(
            "tile needs images of shape (n, height, width) or (n, height, width, 1), "
            f"n > 0, and columns > 0. Received: {images.shape}, columns={columns}"
        )
    count, height, width = images.shape
    rows = -(-count // columns)
    cells = np.ones((rows * columns, height + gap, width + gap), images.dtype)
    cells[:, :height, :width] = 0
    cells[:count, :height, :width] = images
    canvas = cells.reshape(rows, columns, height + gap, width + gap).swapaxes(1, 2)
    canvas = canvas.reshape(rows * (height + gap), columns * (width + gap))
    return canvas[: canvas.shape[0] - gap, : canvas.shape[1] - gap]


def _grey(images):
    """Drops a single channel, and brings uint8 to [0, 1]."""
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    return images / np.float32(255) if images.dtype == np.uint8 else images


def join_pairs(left, right) -> np.ndarray:
    """Joins two images side by side, for every pair, to one wider image.

    Args:
        left: uint8 or in [0, 1], shape (n, height, width) or (n, height, width, 1).
        right: as many images of the same height and width.

    Returns:
        Pairs in [0, 1], shape (n, height, 2 · width).

    Raises:
        ValueError: if the shapes do not fit.
    """
    left, right = _grey(left), _grey(right)
    if left.shape != right.shape or left.ndim != 3:
        raise ValueError(
            "Both sides must be images of one shape, (n, height, width) or (n, height, "
            f"width, 1). Received: {left.shape} and {right.shape}"
        )
    return np.concatenate([left, right], axis=2)


def plot_images(images, columns: int, *, title: str = "", ax=None):
    """Plots images as one grid.

    Args:
        images: in [0, 1], shape (n, 28, 28) or (n, 28, 28, 1).
        columns: images in a row.
        title: says what they are: mean or sample, split, seed.
        ax: Axes to draw on; a new figure without.

    Returns:
        The Axes.
    """
    canvas = tile(images, columns, gap=2)
    if ax is None:
        size = 0.018 * np.array(canvas.shape[::-1]) + (0, 0.3)
        ax = plt.figure(figsize=size).add_subplot()
    ax.imshow(canvas, vmin=0, vmax=1)
    ax.set_title(title)
    ax.set_axis_off()
    return ax


def plot_rows(rows: dict):
    """Plots rows of images under each other, each with its name at the left.

    Args:
        rows: name → images in [0, 1], shape (n, 28, 28) or (n, 28, 28, 1), the same n.

    Returns:
        One Axes per row.
    """
    count = max(len(images) for images in rows.values())
    figure, axes = plt.subplots(
        len(rows), 1, figsize=(1.6 + 0.55 * count, 0.6 * len(rows)), squeeze=False
    )
    for ax, (name, images) in zip(axes[:, 0], rows.items(), strict=True):
        ax.imshow(tile(images, len(images), gap=ROW_GAP), vmin=0, vmax=1)
        redraw_row(ax, name, images)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return axes[:, 0]


def redraw_row(ax, name: str, images):
    """Puts other images into a row of `plot_rows`.

    Args:
        ax: one of the Axes that `plot_rows` returned.
        name: of the row.
        images: as many, of the same shape.
    """
    ax.images[0].set_data(tile(images, len(images), gap=ROW_GAP))
    ax.set_ylabel(name, rotation=0, ha="right", va="center")
