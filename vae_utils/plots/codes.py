"""Maps of codes with any number of dimensions."""

import matplotlib.pyplot as plt
import numpy as np

from vae_utils.plots import naming, sizing
from vae_utils.plots.latent import plot_latent_scatter
from vae_utils.plots.style import WIDTH, class_color

STRIP = 0.35  # half the height of a class's strip, where classes are 1 apart
STRIP_HEIGHT = 0.25  # inches of a figure for each class, if there are many
MOST_STRIPS = 40  # that have room for their names


def plot_codes(z, labels, class_names, *, title: str = "", ax=None):
    """Plots codes coloured by class, whatever their number of dimensions.

    Two dimensions are drawn as they are, by `plot_latent_scatter`, and a single one as
    a strip for each class. Codes of more are projected onto the two directions in which
    they vary most (PCA), and the title says so.

    Args:
        z: codes, shape (n, latent_dim).
        labels: ints, shape (n,).
        class_names: one name per label; colours repeat after ten.
        title: states what they are: posterior means, split, how many.
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.

    Raises:
        ValueError: if the codes do not have that shape or are not finite, or there is
            not one label per code.
    """
    z, labels = np.asarray(z), np.asarray(labels)
    if z.ndim != 2 or not z.size or labels.shape != (len(z),):
        raise ValueError(
            "z must have shape (n, latent_dim), and labels shape (n,). "
            f"Received: z.shape={z.shape}, labels.shape={labels.shape}"
        )
    if z.shape[1] == 1:
        return _plot_strips(z[:, 0], labels, class_names, title, ax)
    if z.shape[1] == 2:
        return plot_latent_scatter(z, labels, class_names, title=title, ax=ax)
    points, how = _project(z)
    title = f"{title}\n{z.shape[1]} dimensions, {how}".strip()
    ax = plot_latent_scatter(points, labels, class_names, title=title, ax=ax)
    ax.set(xlabel="", ylabel="")  # these axes are no coordinates of the codes
    return ax


def _project(z):
    """Returns points, shape (n, 2), and words for how they were made."""
    from vae_utils import latent  # brings Keras, which no other plot needs

    collapse = latent.find_collapse(z)
    if collapse.equal:  # PCA would magnify rounding errors to a map
        return z[:, :2], collapse.title
    points, shares = latent.embed_pca(z)
    return points, f"by PCA: {shares.sum():.0%} of the variance"


def _plot_strips(values, labels, class_names, title, ax):
    """Plots one coordinate of each code, in a row for each class; returns Axes."""
    count = len(class_names)
    is_new = ax is None
    if is_new:
        size = max(4, STRIP_HEIGHT * min(count, MOST_STRIPS))
        ax = plt.figure(figsize=(WIDTH, size)).add_subplot()
    rng = np.random.default_rng(0)  # heights within a strip mean nothing
    heights = labels + rng.uniform(-STRIP, STRIP, len(labels))
    for label in range(count):
        chosen = labels == label
        color = class_color(label)
        ax.scatter(
            values[chosen], heights[chosen], s=6, color=color, alpha=0.6, linewidths=0
        )
    ax.set(title=title, xlabel="$z_1$", ylim=(count - 0.5, -0.5))
    # The rows of more classes than can be named are named at regular distances.
    shown = range(0, count, -(-count // MOST_STRIPS))
    ax.set_yticks(shown, [naming.write_name(class_names[label]) for label in shown])
    if is_new:
        sizing.fit_texts(ax)
    return ax
