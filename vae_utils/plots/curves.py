"""Training curves."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from vae_utils.plots.style import CLASS_COLORS, WIDTH, line_color

LINE = 0.22  # inches of a legend's line


def plot_history(history: dict):
    """Plots training curves, for training and validation data.

    Args:
        history: name → one number per epoch, as in `fit(...).history`: `nll`, for a
            VAE also `kl`, in nats per image; for a VQ-VAE `nll` and `commitment`, for
            a prior over its codes `kl`; for a classifier `loss` and `accuracy`; and the
            same names with `val_`.

    Returns:
        One Axes for an autoencoder (reconstruction term) and for a prior (KL term),
        three for a VAE (−ELBO, reconstruction term, KL term), two for a VQ-VAE
        (reconstruction term, commitment) and for a classifier (loss, accuracy).
    """
    panels = _choose_panels(history)
    size = (WIDTH if len(panels) > 1 else WIDTH / 2, 2.8)
    figure, axes = plt.subplots(1, len(panels), figsize=size, squeeze=False)
    for ax, (title, (unit, *terms)) in zip(axes[0], panels.items(), strict=True):
        for prefix, label, style in (("", "train", "-"), ("val_", "validation", "--")):
            if prefix + terms[0] in history:
                curve = np.sum([history[prefix + term] for term in terms], axis=0)
                _plot_curve(ax, curve, linestyle=style, label=label)
        ax.set(title=title, xlabel="epoch", ylabel=unit)
        ax.xaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes[0, 0].legend()
    for left, right in itertools.pairwise(axes[0]):
        if left.get_ylabel() == right.get_ylabel():
            right.yaxis.label.set_visible(False)
    return axes[0]


def _choose_panels(history):
    """Returns title → unit and the names of the terms that are added up."""
    nats = "nats per image"
    panels = {"reconstruction\nterm, nll": (nats, "nll")}
    if "kl" in history and "nll" not in history:  # of a prior, trained by itself
        return {"cost of the codes,\nkl": (nats, "kl")}
    if "commitment" in history:
        away = ("squared distance per image", "commitment")
        return panels | {"commitment": away}
    if "kl" in history:
        total = {"−ELBO\n= nll + kl": (nats, "nll", "kl")}
        return total | panels | {"KL term,\nkl": (nats, "kl")}
    if "accuracy" in history:
        share = ("share of images", "accuracy")
        return {"cross-entropy": (nats, "loss"), "accuracy": share}
    return panels


def plot_curves(curves: dict, *, title: str, unit: str):
    """Plots one number of several runs over epochs, in one Axes.

    Args:
        curves: label → one number per epoch; the first epoch is 1.
        title: says what the number is.
        unit: of the number.

    Returns:
        The Axes, with a legend below, a line for each curve.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 3.3 + LINE * len(curves)))
    colours = map(line_color, range(len(CLASS_COLORS)))
    styles = itertools.product(("-", "--", ":", "-."), colours)
    for (label, curve), (line, colour) in zip(
        curves.items(), itertools.cycle(styles), strict=False
    ):
        _plot_curve(ax, curve, linestyle=line, color=colour, label=label)
    ax.set(title=title, xlabel="epoch", ylabel=unit)
    ax.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside lower left")
    return ax


def _plot_curve(ax, curve, **style):
    """Plots one number per epoch, a single one as a dot."""
    single = {"marker": "o"} if len(curve) == 1 else {}
    ax.plot(np.arange(1, len(curve) + 1), curve, **style, **single)
