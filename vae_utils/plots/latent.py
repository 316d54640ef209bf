"""Maps of latent space."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import EllipseCollection

from vae_utils.plots.images import tile
from vae_utils.plots.style import class_color


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
    _check_labels(labels, len(z))
    if ax is None:
        ax = plt.figure(figsize=(6, 6)).add_subplot()
    for label, name in enumerate(class_names):
        points = z[labels == label]
        if len(points):
            color = class_color(label)
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


def plot_posteriors(z_mean, z_log_var, labels, *, deviations: float = 1.0, ax=None):
    """Plots how wide q(z|x) is: for every image an ellipse, in the colour of its class.

    Args:
        z_mean: means, shape (n, 2).
        z_log_var: log-variances, shape (n, 2).
        labels: ints, shape (n,).
        deviations: an ellipse reaches so many standard deviations from the mean.
        ax: Axes to draw on; a new figure without.

    Returns:
        The Axes.

    Raises:
        ValueError: if the shapes do not fit.
    """
    z_mean, z_log_var, labels = map(np.asarray, (z_mean, z_log_var, labels))
    if z_mean.ndim != 2 or z_mean.shape[1] != 2 or z_log_var.shape != z_mean.shape:
        raise ValueError(
            "Means and log-variances must have shape (n, 2). "
            f"Received: {z_mean.shape} and {z_log_var.shape}"
        )
    _check_labels(labels, len(z_mean))
    if ax is None:
        ax = plt.figure(figsize=(6, 6)).add_subplot()
    widths, heights = 2 * deviations * np.exp(0.5 * z_log_var.T)
    colors = [class_color(label) for label in labels]
    ellipses = EllipseCollection(
        widths,
        heights,
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
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax


def _check_labels(labels, count: int):
    """Raises ValueError unless there is one label per point."""
    if labels.shape != (count,):
        raise ValueError(
            f"labels must have shape ({count},), one per point. "
            f"Received: labels.shape={labels.shape}"
        )
