"""The teasers that are plots and drawings, made from recorded runs."""

import numpy as np
from teaser_figure import new_figure

from vae_utils import (
    datasets,
    evaluation,
    latent,
    loss_units,
    pixels,
    plots,
    runs,
    schematics,
    scoreboard,
    speed,
)
from vae_utils.runs import loading

GAP_IMAGES = [1350, 700, 1850, 5700]  # picked so that their posteriors differ


def draw_theory():
    """Draws a variational autoencoder."""
    ax = new_figure().add_subplot()
    schematics.plot_vae(ax)


def draw_latent_space():
    """Draws where a network puts test images, at three moments of its training."""
    kept = runs.load_arrays("project_conormdurkan")
    colors = np.array(plots.CLASS_COLORS)[kept["labels"][:500]]
    axes = new_figure().subplots(1, 3, sharex=True, sharey=True)
    for ax, frame in zip(axes, (1, 6, 100), strict=True):
        codes = kept["film"][frame - 1].astype("float32")  # (500, 2)
        ax.scatter(*codes.T, s=5, c=colors, linewidths=0)
        ax.set(xlim=(-6.3, 6.3), ylim=(-6.3, 6.3), xticks=[], yticks=[])
        ax.set_title(f"{100 * frame:,} updates")


def draw_evaluation():
    """Draws true posteriors, with the encoder's and the best normal distribution."""
    flat = loading.load(loading.find("explorer_vae"))
    data = datasets.load("mnist")
    if not data.complete:
        raise ValueError("This picture needs all test images of MNIST.")
    x = pixels.binarise(data.x_test, seed=0)[np.array(GAP_IMAGES)]
    plane = evaluation.integrate_grid(flat, x, side=301)
    top = plane.z[plane.log_posterior.argmax(axis=1)]
    best = evaluation.fit_proposals(flat, x, start=(top, np.full_like(top, -4.0)))
    proposals = {"encoder": latent.encode(flat, x), "best": best}
    figure = new_figure()
    for index, ax in enumerate(figure.subplots(1, len(x))):
        normals = {name: (m[index], v[index]) for name, (m, v) in proposals.items()}
        plots.plot_true_posterior(plane.z, plane.log_posterior[index], normals, ax=ax)
        ax.set(xticks=[], yticks=[], xlabel="", ylabel="", anchor="S")
        digit = ax.inset_axes([0.2, 1.05, 0.6, 0.6], xticks=[], yticks=[])
        digit.imshow(x[index].squeeze(), cmap="gray")
    handles, names = ax.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=2)


def draw_loss_units():
    """Draws the weight β of recipes with a cross-entropy, and the σ of others."""
    loss_units.plot_recipes(versions=False, figure=new_figure())


def draw_scoreboard():
    """Draws the likelihood of test images under the book's networks."""
    rows = [row for row in scoreboard.rows() if row.is_nll and row.beta == 1]
    rows = [row for row in rows if row.study != "ranked"]  # most are there already
    rows = [row for row in rows if (row.data, row.quantity) == ("MNIST", "p(x)")]
    rows.sort(key=lambda row: -row.is_nll.mean)
    ax = new_figure().add_subplot()
    for color, kind in enumerate(("binarised", "grey")):
        some = [
            (row.is_nll.mean, height)
            for height, row in enumerate(rows)
            if (row.binarisation == "dynamic") == (kind == "binarised")
        ]
        ax.plot(*np.transpose(some), "o", color=f"C{color}", label=f"on {kind} images")
    published = scoreboard.published()
    theirs = [p.nll for p in published if p.comparable and p.quantity == "p(x)"]
    ax.plot(theirs, [-2] * len(theirs), "|", color="0.4", ms=12, label="published")
    worst, best = rows[0], rows[-1]
    ax.text(best.is_nll.mean + 2, len(rows) - 1, best.network, va="center")
    ax.text(worst.is_nll.mean, -1, worst.network, ha="right", va="top")
    ax.set(xlabel="NLL of a test image, nats (importance-sampled)", yticks=[])
    ax.legend(loc="upper right", title="trained")


def draw_speed():
    """Draws the seconds of an epoch for each way to train."""
    net = speed.load_record()["fc_2"]
    shown = sorted(net.listed, key=lambda each: -np.median(each.rounds("cpu")))
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    yardstick = np.median(net[net.yardstick].rounds("cpu"))
    ax = new_figure().add_subplot()
    for height, each in enumerate(shown):
        color = "0.88" if each.name == net.ceiling else "0.72"
        color = "C0" if each.name.startswith("ours") else color
        seconds = np.median(each.rounds("cpu"))
        ax.barh(height, seconds, 0.7, color=color)
        place = max(seconds, yardstick) + 0.1  # right of the line
        ax.text(place, height, f"{seconds:.2f}", va="center", bbox=paper)
    ax.axvline(yardstick, color="C1", linestyle="--", zorder=2.5)
    ax.set_yticks(range(len(shown)), [each.label for each in shown])
    ax.set(xlabel="CPU seconds of an epoch", xlim=(0, 7.5))
