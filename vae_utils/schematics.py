"""Schematic drawings of models: networks as trapezoids, variables as boxes and circles.

Coordinates are inches, so that text and shapes keep their proportions; the drawings
use only grey, and are readable at the width of a phone.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

NETWORK, VARIABLE = "#d9d9d9", "#ffffff"
NAME, NOTE = 13, 12  # font sizes in points
HALF = 0.24  # half the side of a variable's box, and the radius of a circle


def plot_autoencoder(ax=None):
    """Draws an autoencoder: image, encoder, code, decoder, logits.

    Args:
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.
    """
    ax = _prepare(ax, width=4.7, low=-1.1, high=0.75)
    _box(ax, 0.35, 0, "$x$", "image")
    _network(ax, 0.85, 1.85, "encoder", narrows=True)
    _box(ax, 2.35, 0, "$z$", "code")
    _network(ax, 2.85, 3.85, "decoder", narrows=False)
    _box(ax, 4.35, 0, r"$\ell$", "logits")
    for start, end in ((0.59, 0.85), (1.85, 2.11), (2.59, 2.85), (3.85, 4.11)):
        _arrow(ax, (start, 0), (end, 0))
    _comparison(ax, 0.35, 4.35)
    return ax


def plot_vae(ax=None):
    """Draws a variational autoencoder, with mean, log-variance and sampling step.

    Circles are random variables: the noise, and the code computed from it.

    Args:
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.
    """
    ax = _prepare(ax, width=5.6, low=-1.45, high=1.95)
    _box(ax, 0.32, 0, "$x$", "image")
    _network(ax, 0.76, 1.76, "encoder", narrows=True)
    _sampling_step(ax, 1.76, 2.38, 3.4)
    _network(ax, 3.88, 4.88, "decoder", narrows=False)
    _box(ax, 5.28, 0, r"$\ell$", "logits")
    for start, end in ((0.56, 0.76), (3.64, 3.88), (4.88, 5.04)):
        _arrow(ax, (start, 0), (end, 0))
    _comparison(ax, 0.32, 5.28)
    return ax


def _sampling_step(ax, encoder, parameters, code):
    """Draws the parts between encoder and decoder, at three horizontal positions."""
    _note(ax, parameters, 0.92, r"$q_\phi(z|x)$")
    _frame(ax, parameters, half_width=0.46, half_height=0.74)
    _box(ax, parameters, 0.42, r"$\mu$")
    _box(ax, parameters, -0.42, r"$\log\sigma^2$", half=0.38)
    _note(ax, parameters, -0.9, "cost: kl")
    for y, half in ((0.42, HALF), (-0.42, 0.38)):
        _arrow(ax, (encoder, y / 3), (parameters - half, y))
        _arrow(ax, (parameters + half, y), (code - 0.21, y / 4))
    _note(ax, code, 1.65, r"noise from $\mathcal{N}(0, I)$")
    _circle(ax, code, 1.2, r"$\varepsilon$")
    _arrow(ax, (code, 1.2 - HALF), (code, HALF))
    _circle(ax, code, 0, "$z$")
    _note(ax, code + 0.04, -0.45, r"$\mu + \sigma\,\varepsilon$")


def _prepare(ax, width, low, high):
    """Sets the limits in inches, of the given Axes or of a new figure of that size."""
    if ax is None:
        ax = plt.figure(figsize=(width, high - low)).add_subplot()
    ax.set(xlim=(0, width), ylim=(low, high), aspect="equal")
    ax.set_axis_off()
    return ax


def _name(ax, x, y, text):
    ax.text(x, y, text, ha="center", va="center", fontsize=NAME, zorder=3)


def _note(ax, x, y, text):
    ax.text(x, y, text, ha="center", va="center", fontsize=NOTE, zorder=3)


def _box(ax, x, y, name, note="", half=HALF):
    """Draws a variable that is given or computed."""
    style = "round,pad=0,rounding_size=0.06"
    corner = (x - half, y - HALF)
    patch = FancyBboxPatch(corner, 2 * half, 2 * HALF, style, fc=VARIABLE, ec="black")
    ax.add_patch(patch)
    _name(ax, x, y, name)
    if note:
        _note(ax, x, y - 0.42, note)


def _frame(ax, x, half_width, half_height):
    """Draws a dotted frame around variables that share a label."""
    across, up = np.array([-1, 1, 1, -1, -1]), np.array([-1, -1, 1, 1, -1])
    ax.plot(x + half_width * across, half_height * up, ":", color="gray", linewidth=1)


def _circle(ax, x, y, name):
    """Draws a random variable."""
    ax.add_patch(Circle((x, y), HALF, fc=VARIABLE, ec="black"))
    _name(ax, x, y, name)


def _network(ax, left, right, name, narrows):
    """Draws a network that narrows towards the code or widens towards the image."""
    wide, narrow = 0.62, 0.34
    at_left, at_right = (wide, narrow) if narrows else (narrow, wide)
    corners = [(left, -at_left), (left, at_left), (right, at_right), (right, -at_right)]
    ax.add_patch(Polygon(corners, fc=NETWORK, ec="black"))
    _name(ax, (left + right) / 2, 0, name)


def _arrow(ax, start, end):
    style = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "fc": "black"}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)


def _comparison(ax, left, right):
    """Draws the dashed line that connects input and output for comparison."""
    bottom = ax.get_ylim()[0] + 0.2
    ends = [-0.58, bottom, bottom, -0.58]
    ax.plot([left, left, right, right], ends, "--", color="black", linewidth=1)
    ax.text(
        (left + right) / 2, bottom, "compare: nll", ha="center", va="center",
        fontsize=NOTE, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
    )  # fmt: skip
