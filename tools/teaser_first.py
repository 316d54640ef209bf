"""The first teaser: a digit, the cloud of its codes, and the digit decoded from it."""

import numpy as np
from teaser_figure import SIZE, new_figure

from vae_utils import datasets, latent, pixels
from vae_utils.runs import loading

DIGIT = 3  # index among the sample's test images
DRAWS = 100  # codes drawn for the digit
REACH = 0.4  # of the plane that is shown, on either side of the cloud's middle
TICKS = 0.3  # on either side of the rounded middle
SIDE = 1.26  # inches, of the images and of the plane
LEFT = (0.06, 2.66, 4.68)  # inches, of the three squares
BOTTOM = 1.0  # inches
ARROWS = ((1.4, 2.02), (3.99, 4.61))  # inches, from and to
ARROW = {"arrowstyle": "-|>", "linewidth": 1.6, "mutation_scale": 14, "color": "0.4"}


def draw_first_vae():
    """Draws a test digit, its cloud among the codes of others, and the decoded mean."""
    vae = loading.load(loading.find_recorded("explorer_vae"))
    images = pixels.to_unit_interval(datasets.load("mnist", sample=True).x_test)
    z_mean, z_log_var = latent.encode(vae, images)
    mean, sd = z_mean[DIGIT], np.exp(z_log_var[DIGIT] / 2)
    figure = new_figure()
    figure.set_layout_engine("none")
    decoded = latent.decode(vae, mean[None])[0]
    draw_image(draw_square(figure, LEFT[0], "a digit", "784 pixels"), images[DIGIT])
    draw_plane(draw_square(figure, LEFT[1], "its codes"), z_mean, mean, sd)
    draw_image(draw_square(figure, LEFT[2], "decoded", "784 pixels"), decoded)
    for ends, name in zip(ARROWS, ("encoder", "decoder"), strict=True):
        draw_arrow(figure, *ends, name)


def draw_square(figure, left, above, below=""):
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
    """Shows draws from one digit's cloud in colour, and other codes as grey dots.

    The plane is shown on the scale of the cloud.
    """
    ax.scatter(*codes.T, s=16, color="0.75", linewidths=0)
    eps = np.random.default_rng(1).standard_normal((DRAWS, 2))
    ax.scatter(*(mean + sd * eps).T, s=10, color="C1", linewidths=0)
    (x, y), middle = mean, np.round(mean, 1)
    ax.set(xlim=(x - REACH, x + REACH), ylim=(y - REACH, y + REACH))
    for axis, value, name in zip(
        (ax.xaxis, ax.yaxis), middle, ("first number", "second number"), strict=True
    ):
        ticks = [value - TICKS, value, value + TICKS]
        axis.set_ticks(ticks, [f"{tick:.1f}" for tick in ticks])
        axis.set_label_text(name)
    ax.spines[:].set_visible(True)


def draw_arrow(figure, start, end, name):
    """Draws an arrow to the next square, with a name above; ends in inches."""
    height = (BOTTOM + SIDE / 2) / SIZE[1]
    start, end = start / SIZE[0], end / SIZE[0]
    figure.axes[0].annotate(
        "", (end, height), (start, height), *["figure fraction"] * 2, arrowprops=ARROW
    )
    figure.text((start + end) / 2, height + 0.05, name, ha="center", va="bottom")
