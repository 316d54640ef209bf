"""The teasers that are made of images, drawn from recorded runs."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from teaser_figure import SIZE, fill, new_figure

from vae_utils import datasets, latent, networks, pixels, plots, runs
from vae_utils.runs import loading

COLUMNS, ROWS = 14, 7  # of a grid of digits that fills a picture
PROJECTS = ("yulinliutw", "nocty-chan", "cryer", "asahi417-vae", "conormdurkan")


def draw_fc_vae():
    """Draws digits decoded from a grid of codes."""
    fill(plots.tile(pick_cells(load_grid()), COLUMNS))


def draw_conv_vae():
    """Draws a digit and what the first layer of a classifier makes of it."""
    classifier = load_classifier()
    layer = keras.Model(classifier.inputs[0], classifier.layers[1].output)
    digit = runs.load_arrays("conv_pairs")["input"][1:2, ..., None] / 255
    maps = np.moveaxis(np.array(layer(digit))[0], -1, 0)  # (8, 28, 28)
    left, right = new_figure().subplots(1, 2, width_ratios=(2, 1))
    plots.plot_images(digit, 1, ax=left)
    plots.plot_images(maps / maps.max(axis=(1, 2), keepdims=True), 2, ax=right)


def draw_cvae():
    """Draws each digit in five styles."""
    styles = runs.load_arrays("project_asahi417-cvae-3cnn")["styles"][:50]
    ax = new_figure().add_subplot()
    plots.plot_images(styles, 10, ax=ax)


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


def draw_five_projects():
    """Draws test images and what the networks of the five projects make of them."""
    kept = [runs.load_arrays(f"project_{name}") for name in PROJECTS]
    rows = [kept[0]["input"], *(each["reconstructions"] for each in kept)]
    fill(plots.tile(np.concatenate([row[:COLUMNS] for row in rows]), COLUMNS))


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
