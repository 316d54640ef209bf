"""Maps of a model's latent space: codes of test images, and what a grid decodes to."""

import numpy as np

from vae_utils import evaluation, latent, plots
from vae_utils.models.abilities import missing
from vae_utils.runs.drawing import Request
from vae_utils.training import snapshots

EMBEDDED = 2000  # codes arranged by t-SNE
GRID_SIDE = 20
LEAST = 1.0  # half the side of a map: of codes that are almost equal, no larger view
MARGIN = 1.1  # of a map around codes, as a factor
SAME_IMAGES = "collapsed: all images are the same"


def draw_latent(model, data, request: Request):
    """Draws the codes of test images, coloured by class; returns Axes.

    Codes that have collapsed are drawn as they are, and the title says so.

    Raises:
        ValueError: if all codes are NaN or infinite.
    """
    (latent_dim,) = model.latent_shape
    z, labels = _encode(model, data, request)
    title = f"mean codes of {len(z):,} test images"
    z, labels, left_out = leave_out(z, labels)
    collapse = latent.find_collapse(z, least_variance(model))
    points, how = _arrange(z, collapse, request.seed)
    title = "\n".join(filter(None, (title, how, collapse.title, left_out)))
    ax = plots.plot_codes(points, labels, data.class_names, title=title)
    if collapse.count:
        _show_around(ax, points)
    if collapse.everywhere:
        _name_together(ax)
    if latent_dim > 2:  # these axes are no coordinates of the codes
        ax.set(xlabel="", ylabel="")
    return ax


def _encode(model, data, request):
    """Returns the codes and labels of as many test images as a map shows."""
    count = snapshots.POINTS if model.latent_shape == (2,) else EMBEDDED
    labels = data.y_test[:count]
    z = latent.encode_mean(
        model,
        data.x_test[:count],
        labels if model.conditional else None,
        batch_size=request.batch_size,
    )
    return z, labels


def _arrange(z, collapse, seed):
    """Returns points of a line or plane, and how they were made from codes."""
    latent_dim = z.shape[1]
    if latent_dim < 3:
        return z, ""
    # t-SNE and PCA would magnify rounding errors to a map.
    if collapse.everywhere or len(z) < 2:
        return z[:, :2], f"the first two of {latent_dim} dimensions"
    if len(z) <= latent.PERPLEXITY:  # too few for t-SNE
        points, shares = latent.embed_pca(z)
        share = f"{shares.sum():.0%} of the variance"
        return points, f"{latent_dim} dimensions in two by PCA, {share}"
    how = f"{latent_dim} dimensions reduced to two by t-SNE (distances mislead)"
    return latent.embed_tsne(z, seed=seed), how


def _show_around(ax, points):
    """Shows as much along each axis around the points: no strip, no speck enlarged."""
    low, high = points.min(axis=0), points.max(axis=0)
    reach = max(LEAST, MARGIN * (high - low).max() / 2)
    limits = zip((low + high) / 2 - reach, (low + high) / 2 + reach, strict=True)
    ax.set_adjustable("box")  # the limits stay as they are set here
    for set_limits, ends in zip((ax.set_xlim, ax.set_ylim), limits, strict=False):
        set_limits(*ends)


def _name_together(ax):
    """Names all classes at once: in one place, the last name would hide the others."""
    first, *others = ax.texts or [None]
    for text in others:
        text.remove()
    if first is not None:
        first.set_text("all classes")
        first.get_bbox_patch().set_edgecolor("black")


def leave_out(z, labels):
    """Leaves out codes that are NaN or infinite.

    Args:
        z: codes, shape (n, latent_dim), or (epochs, n, latent_dim).
        labels: ints, shape (n,).

    Returns:
        The other codes, their labels, and words for a title; empty if all are finite.

    Raises:
        ValueError: if none is finite.
    """
    finite = np.isfinite(z).all(axis=-1).reshape(-1, len(labels)).all(axis=0)
    if not finite.any():
        raise ValueError("All codes are NaN or infinite: there is nothing to draw.")
    count = len(labels) - finite.sum()
    words = f"NaN or infinite codes left out: {count:,}" if count else ""
    return z[..., finite, :], labels[finite], words


def describe_collapse(z, model, images) -> str:
    """Says for the title of a grid whether it is of a collapsed model.

    Args:
        z: codes of test images, shape (n, latent_dim).
        model: as for `least_variance`.
        images: of the grid, as for `latent.are_same_images`.
    """
    finite = z[np.isfinite(z).all(axis=1)]
    found = latent.find_collapse(finite, least_variance(model)).title
    return found or (SAME_IMAGES if latent.are_same_images(images) else "")


def least_variance(model) -> float:
    """Returns the variance of an active dimension's codes, as metrics count them.

    Args:
        model: a model, or its class; without a prior, codes have no scale of their own,
            and any difference counts.
    """
    return 0.0 if missing(model, ("log_weights",)) else evaluation.ACTIVE_VARIANCE


def draw_grid(model, data, request: Request):
    """Draws what a two-dimensional latent space decodes to; returns Axes."""
    grid = latent.prior_quantile_grid(GRID_SIDE)
    label = request.label
    if label is None:
        label = snapshots.grid_label(model.classes)
    labels = np.full(len(grid), label) if model.conditional else None
    images = latent.decode(model, grid, labels, batch_size=request.batch_size)
    title = "decoded (mean) at the quantiles of N(0, I)"
    if model.conditional:
        title += f", class {plots.write_name(data.class_names[label])}"
    z, _ = _encode(model, data, request)
    title = "\n".join(filter(None, (title, describe_collapse(z, model, images))))
    ticks = grid[:GRID_SIDE, 0]
    return plots.plot_latent_grid(images, GRID_SIDE, ticks=ticks, title=title)
