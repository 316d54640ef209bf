"""Maps of latent space."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import EllipseCollection

from vae_utils.plots import labels as names_in_plots
from vae_utils.plots import naming, sizing
from vae_utils.plots.images import tile
from vae_utils.plots.style import WIDTH, class_color

MAP = 5.4  # inches of the figure of a map of codes
MARKER = 7  # area of a point, in square points
FEW_POINTS = 200  # up to so many are drawn larger


def plot_latent_scatter(z, labels, class_names, *, title: str = "", ax=None):
    """Plots 2-D latent points coloured by class, each class named at its median.

    Names that would hide each other are moved apart. Of more than 20 classes the
    largest are named; a single one is not.

    Args:
        z: points, shape (n, 2).
        labels: ints, shape (n,).
        class_names: one name per label; colours repeat after ten.
        title: states what they are: posterior means, split, how many.
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.

    Raises:
        ValueError: if the points are not 2-D, or there is not one label per point.
    """
    z, labels = np.asarray(z), np.asarray(labels)
    if z.ndim != 2 or z.shape[1] != 2:
        raise ValueError(f"z must have shape (n, 2). Received: z.shape={z.shape}")
    _check_labels(labels, len(z))
    is_new = ax is None
    if is_new:
        ax = plt.figure(figsize=(MAP, MAP)).add_subplot()
    size = MARKER if len(z) > FEW_POINTS else 4 * MARKER
    for label in np.unique(labels):
        points, color = z[labels == label], class_color(label)
        ax.scatter(*points.T, s=size, color=color, alpha=0.6, linewidths=0)
    named = naming.choose_named(labels, len(class_names))
    texts = [_name_class(ax, z[labels == i], i, class_names[i]) for i in named]
    note = naming.explain_named(labels, len(class_names))
    title = "\n".join(filter(None, (title, note)))
    ax.set(title=title, xlabel="$z_1$", ylabel="$z_2$")
    _equalise(ax)
    names_in_plots.spread_labels(ax, texts)
    if is_new:
        sizing.fit_texts(ax)
    return ax


def _name_class(ax, points, label, name):
    """Writes the name of a class at the median of its points; returns the text."""
    box = {"edgecolor": class_color(label), "facecolor": "white"}
    box |= {"boxstyle": "round,pad=0.15", "linewidth": 1.5}
    return ax.text(
        *np.median(points, axis=0),
        naming.write_name(name),
        ha="center",
        va="center",
        bbox=box,
    )


def plot_latent_grid(images, side: int, *, ticks=None, title: str = "", ax=None):
    """Plots decoded images of a latent grid, edge to edge.

    Args:
        images: side · side of them in reading order, grey or colour, as for `tile`.
        side: images along each axis.
        ticks: coordinates along each axis, shape (side,), ascending; None for no ticks.
        title: states what they are: mean or sample, which grid.
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.

    Raises:
        ValueError: if there are not side · side images, or as `tile` does.
    """
    if len(images) != side**2:
        raise ValueError(
            f"A grid of side {side} needs {side**2} images. Received: {len(images)}"
        )
    grid = tile(images, side)
    height, width = np.shape(images)[1:3]
    is_new = ax is None
    if is_new:
        size = WIDTH * np.array([width, height]) / max(width, height)
        ax = plt.figure(figsize=np.maximum(size, WIDTH / 4)).add_subplot()
    sizing.show(ax, grid, height, width)
    ax.set(title=title, xticks=[], yticks=[])
    if ticks is not None:
        _set_ticks(ax, side, ticks, height, width)
    if is_new:
        sizing.fit_texts(ax)
    return ax


def _set_ticks(ax, side, ticks, height, width):
    """Names the coordinates of up to six images along each axis."""
    shown = np.unique(np.linspace(0, side - 1, 6).round().astype(int))
    names = [f"{ticks[i]:.1f}" for i in shown]
    # The centre of a pixel has whole coordinates.
    ax.set_xticks((shown + 0.5) * width - 0.5, names)
    ax.set_yticks(((shown + 0.5) * height - 0.5)[::-1], names)
    ax.set(xlabel="$z_1$", ylabel="$z_2$")


def plot_posteriors(z_mean, z_log_var, labels, *, deviations: float = 1.0, ax=None):
    """Plots the width of each q(z|x) as an ellipse in the colour of its class.

    Args:
        z_mean: means, shape (n, 2).
        z_log_var: log-variances, shape (n, 2).
        labels: ints, shape (n,).
        deviations: half-axes of the ellipses, in standard deviations.
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.

    Raises:
        ValueError: if the shapes do not match.
    """
    z_mean, z_log_var, labels = map(np.asarray, (z_mean, z_log_var, labels))
    if z_mean.ndim != 2 or z_mean.shape[1] != 2 or z_log_var.shape != z_mean.shape:
        raise ValueError(
            "z_mean and z_log_var must have shape (n, 2). Received: "
            f"z_mean.shape={z_mean.shape}, z_log_var.shape={z_log_var.shape}"
        )
    _check_labels(labels, len(z_mean))
    if ax is None:
        ax = plt.figure(figsize=(MAP, MAP)).add_subplot()
    colors = [class_color(label) for label in labels]
    ellipses = EllipseCollection(
        *(2 * deviations * np.exp(0.5 * z_log_var.T)),  # widths and heights
        np.zeros(len(z_mean)),
        units="xy",
        offsets=z_mean,
        transOffset=ax.transData,
        facecolors=[(*color, 0.15) for color in colors],
        edgecolors=colors,
        linewidths=0.7,
    )
    ax.add_collection(ellipses)
    ax.autoscale_view()
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    _equalise(ax)
    return ax


def _equalise(ax):
    """Gives both coordinates one scale, in Axes that are filled by any cloud."""
    shared = len(ax.get_shared_x_axes().get_siblings(ax)) > 1
    # Axes that share their limits can only change their own shape.
    ax.set_aspect("equal", adjustable="box" if shared else "datalim")


def _check_labels(labels, count: int):
    """Raises ValueError unless there is one label per point."""
    if labels.shape != (count,):
        raise ValueError(
            f"labels must have shape ({count},), one per point. "
            f"Received: labels.shape={labels.shape}"
        )
