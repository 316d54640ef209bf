"""The picture at the head of each chapter, drawn from recorded runs.

Each function draws on a new figure of `SIZE` inches; `make_teasers.py` writes it.
"""

import keras
import matplotlib.pyplot as plt
import numpy as np

from vae_utils import (
    datasets,
    evaluation,
    latent,
    loss_units,
    networks,
    pixels,
    plots,
    runs,
    schematics,
    scoreboard,
    speed,
)
from vae_utils.runs import loading

SIZE = (6, 3.15)  # inches: the proportions of a card in social networks
DPI = 200  # pixels for an inch
COLUMNS, ROWS = 14, 7  # of a grid of digits that fills a picture
ENLARGED = 3  # pixels of a picture for one of such a digit
GAP_IMAGES = [1350, 700, 1850, 5700]  # picked so that their posteriors differ


def draw_theory():
    """Draws a variational autoencoder."""
    ax = new_figure().add_subplot()
    schematics.plot_vae(ax)


def draw_fc_vae():
    """Draws digits decoded from a grid of codes."""
    fill(plots.tile(pick_cells(load_grid()), COLUMNS))


def draw_conv_vae():
    """Draws a digit and what the first layer of a classifier makes of it."""
    classifier = load_classifier()
    layer = keras.Model(classifier.inputs[0], classifier.layers[1].output)
    digit = runs.load_arrays("conv_pairs")["input"][1:2, ..., None] / 255
    maps = np.moveaxis(np.array(layer(digit))[0], -1, 0)  # (8, 28, 28)
    left, right = new_figure().subplots(1, 2, width_ratios=(1, 2))
    plots.plot_images(digit, 1, ax=left)
    plots.plot_images(maps / maps.max(axis=(1, 2), keepdims=True), 4, ax=right)


def draw_cvae():
    """Draws each digit in five styles."""
    styles = runs.load_arrays("project_asahi417-cvae-3cnn")["styles"][:50]
    ax = new_figure().add_subplot()
    plots.plot_images(styles, 10, ax=ax)


def draw_latent_space():
    """Draws where a network puts test images, at three moments of its training."""
    kept = runs.load_arrays("project_conormdurkan")
    colors = np.array(plots.CLASS_COLORS)[kept["labels"][:500]]
    axes = new_figure().subplots(1, 3, sharex=True, sharey=True)
    for ax, frame in zip(axes, (1, 6, 100), strict=True):
        codes = kept["film"][frame - 1].astype("float32")  # (500, 2)
        ax.scatter(*codes.T, s=5, c=colors, linewidths=0)
        ax.set(xlim=(-4.2, 4.2), ylim=(-4.2, 4.2), xticks=[], yticks=[])
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
    """Draws the weight β of each recipe."""
    recipes = sorted(loss_units.RECIPES.values(), key=lambda recipe: recipe.beta)
    betas = [recipe.beta for recipe in recipes]
    ax = new_figure().add_subplot()
    ax.hlines(range(len(betas)), 1, betas, color="0.7")
    ax.plot(betas, range(len(betas)), "o")
    ax.axvline(1, color="black", linewidth=0.8)
    ax.set(xscale="log", xlabel="β of the loss as written", xlim=(0.3, 1500))
    ax.set_yticks(range(len(betas)), shorten([recipe.name for recipe in recipes]))
    ax.set_xticks([1, 10, 100, 1000], [1, 10, 100, 1000])
    ax.margins(y=0.03)


def draw_own_images():
    """Draws cats, their reconstructions, and the same cats with other parts."""
    some = datasets.load("cats", sample=True)
    vae = loading.load(loading.find_recorded("cats_32"))
    z, shown = latent.encode_mean(vae, some.x_train), some.x_test[1:8]
    z_shown = latent.encode_mean(vae, shown)
    parts = {part.name: part.values for part in datasets.cats.FACTORS}
    rows = {"original": shown, "reconstruction": latent.decode(vae, z_shown)}
    edits = {"glasses": ("eyes", "glasses"), "dark stripes": ("fur", "dark stripes")}
    for title, (name, value) in edits.items():
        index, present = some.factors["train"][name], some.factors["test"][name][1:8]
        means = np.array([z[index == i].mean(axis=0) for i in range(len(parts[name]))])
        steps = means[parts[name].index(value)] - means[present]
        rows[title] = latent.decode(vae, z_shown + steps)
    figure = plt.figure(figsize=SIZE, layout="none")
    for index, (name, images) in enumerate(rows.items()):
        bottom = 0.77 - 0.225 * index  # shares of the figure
        ax = figure.add_axes((0.235, bottom, 0.76, 0.22))
        plots.plot_images(pixels.to_unit_interval(images), 7, ax=ax)
        figure.text(0.22, bottom + 0.11, name, ha="right", va="center")
    figure.text(0.5, 0.02, datasets.describe("cats").credit, ha="center")


def draw_classifier():
    """Draws decoded digits in the colour of the class that a classifier sees."""
    grid = pick_cells(load_grid())
    logits = np.array(load_classifier()(grid[..., None]))  # (98, 10)
    certainty = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    colors = np.array(plots.CLASS_COLORS)[certainty.argmax(axis=1)]
    tint = colors * certainty.max(axis=1, keepdims=True) ** 2  # (98, 3)
    fill(plots.tile(grid[..., None] * tint[:, None, None], COLUMNS))


def draw_scoreboard():
    """Draws the likelihood of test images under the book's networks."""
    rows = [row for row in scoreboard.rows() if row.is_nll and row.beta == 1]
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
    ax = new_figure().add_subplot()
    for height, each in enumerate(shown):
        color = "0.88" if each.name == net.ceiling else "0.72"
        color = "C0" if each.name.startswith("ours") else color
        seconds = np.median(each.rounds("cpu"))
        ax.barh(height, seconds, 0.7, color=color)
        ax.text(seconds + 0.1, height, f"{seconds:.2f}", va="center", bbox=paper)
    yardstick = np.median(net[net.yardstick].rounds("cpu"))
    ax.axvline(yardstick, color="C1", linestyle="--", zorder=2.5)
    ax.set_yticks(range(len(shown)), [each.label for each in shown])
    ax.set(xlabel="CPU seconds of an epoch", xlim=(0, 7.5))


def new_figure():
    """Makes an empty figure of a teaser's size."""
    return plt.figure(figsize=SIZE)


def fill(grid):
    """Puts a grid of images, in grey or in colour, in the middle of a black figure."""
    figure = plt.figure(figsize=SIZE, layout="none", facecolor="black")
    enlarged = np.clip(grid, 0, 1).repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)
    free = DPI * np.array(SIZE) - enlarged.shape[1::-1]
    figure.figimage(enlarged, *(free // 2), vmin=0, vmax=1)


def load_grid():
    """Loads decoded digits over a grid of codes, in [0, 1], shape (20, 20, 28, 28)."""
    return runs.load_arrays("fc_vae_long")["grid"].reshape(20, 20, 28, 28) / 255


def pick_cells(grid):
    """Picks cells of a grid from edge to edge; shape (98, 28, 28)."""
    rows, columns = (np.linspace(0, 19, n).round().astype(int) for n in (ROWS, COLUMNS))
    return grid[np.ix_(rows, columns)].reshape(-1, 28, 28)


def load_classifier():
    """Loads the recorded classifier of digits."""
    classifier = networks.build_classifier(classes=10, image_shape=(28, 28, 1))
    runs.load_weights({"classifier": classifier}, "classifier")
    return classifier


def shorten(names: list[str]) -> list[str]:
    """Shortens names to author, and last part where an author has several."""
    parts = [name.split(", ") for name in names]
    authors = [first for first, *_ in parts]
    return [
        f"{first}, {rest[-1]}" if authors.count(first) > 1 else first
        for first, *rest in parts
    ]
