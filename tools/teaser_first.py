"""The first chapter's teaser: a digit, its code, and the digit decoded from it."""

import numpy as np
from teaser_figure import SIZE, new_figure

from vae_utils import datasets, latent, pixels
from vae_utils.runs import loading

DIGIT = 3  # index among the sample's test images
DRAWS = 60  # codes drawn for the digit
LIMIT = 4.2  # ends of both axes of the plane
SIDE = 1.42  # inches, of the images and of the plane
LEFT = (0.08, 2.29, 4.5)  # inches, of the three squares
BOTTOM = 0.9  # inches
ARROW = {"arrowstyle": "-|>", "linewidth": 1.6, "mutation_scale": 14, "color": "0.4"}


def draw_first_vae():
    """Draws a test digit, its code among those of others, and the decoded mean."""
    vae = loading.load(loading.find_recorded("explorer_vae"))
    images = pixels.to_unit_interval(datasets.load("mnist", sample=True).x_test)
    z_mean, z_log_var = latent.encode(vae, images)
    mean, sd = z_mean[DIGIT], np.exp(z_log_var[DIGIT] / 2)
    figure = new_figure()
    figure.set_layout_engine("none")
    decoded = latent.decode(vae, mean[None])[0]
    draw_image(draw_square(figure, LEFT[0], "a digit", "784 pixels"), images[DIGIT])
    words = f"two numbers\n{mean[0]:.1f} and {mean[1]:.1f}"
    draw_plane(draw_square(figure, LEFT[1], "its code", words), z_mean, mean, sd)
    draw_image(draw_square(figure, LEFT[2], "decoded", "784 pixels"), decoded)
    for left, name in zip(LEFT[:2], ("encoder", "decoder"), strict=True):
        draw_arrow(figure, left + SIDE, name)


def draw_square(figure, left, above, below):
    """Adds empty axes with words above and below; `left` in inches."""
    middle = (left + SIDE / 2) / SIZE[0]
    place = (left / SIZE[0], BOTTOM / SIZE[1], SIDE / SIZE[0], SIDE / SIZE[1])
    top = (BOTTOM + SIDE + 0.1) / SIZE[1]
    figure.text(middle, top, above, ha="center", va="bottom")
    figure.text(middle, (BOTTOM - 0.1) / SIZE[1], below, ha="center", va="top")
    return figure.add_axes(place, xticks=[], yticks=[])


def draw_image(ax, image):
    """Shows an image in [0, 1]."""
    ax.imshow(np.squeeze(image), cmap="gray", vmin=0, vmax=1)
    ax.spines[:].set_visible(False)


def draw_plane(ax, codes, mean, sd):
    """Shows codes as grey dots, and draws from one digit's cloud in colour."""
    ax.scatter(*codes.T, s=4, color="0.72", linewidths=0)
    eps = np.random.default_rng(1).standard_normal((DRAWS, 2))
    ax.scatter(*(mean + sd * eps).T, s=5, color="C1", linewidths=0)
    ax.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), xticks=[], yticks=[])
    ax.spines[:].set_visible(True)


def draw_arrow(figure, left, name):
    """Draws an arrow to the next square, with a name above; `left` in inches."""
    height = (BOTTOM + SIDE / 2) / SIZE[1]
    start, end = (
        (left + shift) / SIZE[0] for shift in (0.08, LEFT[1] - LEFT[0] - SIDE - 0.08)
    )
    figure.axes[0].annotate(
        "", (end, height), (start, height), *["figure fraction"] * 2, arrowprops=ARROW
    )
    figure.text((start + end) / 2, height + 0.05, name, ha="center", va="bottom")
