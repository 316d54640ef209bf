"""Figures: arrays in, Axes out. Nothing here calls a model."""

import matplotlib.pyplot as plt
import numpy as np

STYLE = {
    # Opaque, so that black text stays readable on a dark page.
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.grid": False,
    "legend.frameon": False,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
}
ROW_GAP = 2  # white pixels between the images of a row
CLASS_COLORS = plt.get_cmap("tab10").colors


def use_book_style():
    """Sets Matplotlib's defaults to those of the book's figures."""
    plt.rcParams.update(STYLE)


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


def plot_history(history: dict):
    """Plots the curves of a training, for train and validation data.

    Args:
        history: name → one number per epoch, as `fit(...).history` has it: `nll`, for
            a VAE also `kl`, in nats per image; of a classifier `loss` and `accuracy`;
            and the same with `val_`.

    Returns:
        One Axes for an autoencoder (reconstruction term), three for a VAE (−ELBO,
        reconstruction term, KL term), two for a classifier (loss, accuracy).
    """
    nats = "nats per image"
    panels = {"reconstruction term, nll": (nats, "nll")}
    if "kl" in history:
        panels = {
            "−ELBO = nll + kl": (nats, "nll", "kl"),
            **panels,
            "KL term, kl": (nats, "kl"),
        }
    elif "accuracy" in history:
        panels = {
            "cross-entropy": (nats, "loss"),
            "accuracy": ("share of images", "accuracy"),
        }
    figure, axes = plt.subplots(
        1, len(panels), figsize=(2.7 * len(panels), 2.6), squeeze=False
    )
    for ax, (title, (unit, *terms)) in zip(axes[0], panels.items(), strict=True):
        for prefix, label, style in (("", "train", "-"), ("val_", "validation", "--")):
            if prefix + terms[0] in history:
                curve = np.sum([history[prefix + term] for term in terms], axis=0)
                ax.plot(np.arange(1, len(curve) + 1), curve, style, label=label)
        ax.set(title=title, xlabel="epoch", ylabel=unit)
    axes[0, 0].legend()
    return axes[0]


def plot_latent_scatter(z, labels, class_names, *, title: str = "", ax=None):
    """Plots 2-D latent points coloured by class, each class named at its median.

    Args:
        z: points, shape (n, 2).
        labels: ints, shape (n,).
        class_names: one name per label.
        title: says what they are: posterior means, split, how many.
        ax: Axes to draw on; a new figure without.

    Returns:
        The Axes.

    Raises:
        ValueError: if the points are not 2-D, or have not one label each.
    """
    z, labels = np.asarray(z), np.asarray(labels)
    if z.ndim != 2 or z.shape[1] != 2:
        raise ValueError(f"The points must have shape (n, 2). Received: {z.shape}")
    if labels.shape != (len(z),):
        raise ValueError(
            f"labels must have shape ({len(z)},), one per point. "
            f"Received: labels.shape={labels.shape}"
        )
    if ax is None:
        ax = plt.figure(figsize=(6, 6)).add_subplot()
    for label, name in enumerate(class_names):
        points = z[labels == label]
        if len(points):
            color = CLASS_COLORS[label % len(CLASS_COLORS)]
            ax.scatter(*points.T, s=4, color=color, alpha=0.5, linewidths=0)
            box = {"facecolor": "white", "edgecolor": color, "boxstyle": "round"}
            ax.text(
                *np.median(points, axis=0), name, ha="center", va="center", bbox=box
            )
    ax.set(title=title, xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax


def plot_latent_grid(images, side: int, *, ticks=None, title: str = "", ax=None):
    """Plots decoded images of a latent grid, edge to edge.

    Args:
        images: in [0, 1], shape (side · side, 28, 28, 1), in reading order.
        side: images along each axis.
        ticks: coordinates along each axis, shape (side,), ascending; None for no ticks.
        title: says what they are: mean or sample, which grid.
        ax: Axes to draw on; a new figure without.

    Returns:
        The Axes.

    Raises:
        ValueError: if there are not side · side images.
    """
    if len(images) != side**2:
        raise ValueError(
            f"A grid of side {side} needs {side**2} images. Received: {len(images)}"
        )
    canvas = tile(images, side)
    if ax is None:
        ax = plt.figure(figsize=(6.5, 6.5)).add_subplot()
    ax.imshow(canvas, vmin=0, vmax=1)
    ax.set(title=title, xticks=[], yticks=[])
    if ticks is not None:
        cell = canvas.shape[0] / side
        shown = np.unique(np.linspace(0, side - 1, 6).round().astype(int))
        names = [f"{ticks[i]:.1f}" for i in shown]
        centres = (shown + 0.5) * cell - 0.5  # a pixel's centre has whole coordinates
        ax.set_xticks(centres, names)
        ax.set_yticks(centres[::-1], names)
        ax.set(xlabel="$z_1$", ylabel="$z_2$")
    return ax
