"""Images above their reconstructions and what differs between the two."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from vae_utils.pixels import to_unit_interval
from vae_utils.plots import sizing

WIDTH = 1.05  # inches of an image
NAME = 14  # characters of a caption's line


def plot_differences(images, reconstructions, captions: Sequence[str], *, title=""):
    """Plots images, their reconstructions, and the size of the difference.

    Args:
        images: grey or colour, uint8 or in [0, 1], shape (n, height, width) or (n,
            height, width, channels).
        reconstructions: mean images, of the same shape.
        captions: of each image; long lines are cut at their beginning.
        title: says what the images are.

    Returns:
        Axes, shape (3, n).

    Raises:
        ValueError: if the shapes differ, or there is not one caption for each image.
    """
    x, means = to_unit_interval(images), to_unit_interval(reconstructions)
    if x.shape != means.shape or len(captions) != len(x):
        raise ValueError(
            "There must be a reconstruction and a caption for each image. Received: "
            f"{x.shape}, {means.shape} and {len(captions)} captions"
        )
    height, width = x.shape[1:3]
    rows = {"image": x, "reconstruction": means, "difference": np.abs(x - means)}
    tall = WIDTH * min(height / width, sizing.THINNEST)
    size = (1.4 + WIDTH * len(x), 0.9 + len(rows) * tall)
    figure, axes = plt.subplots(len(rows), len(x), figsize=size, squeeze=False)
    for line, (name, shown) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(line, shown, strict=True):
            sizing.show(
                ax, image[..., 0] if image.shape[-1] == 1 else image, *image.shape[:2]
            )
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for ax, caption in zip(axes[0], captions, strict=True):
        ax.set_title("\n".join(map(_cut, caption.splitlines())), fontsize="x-small")
    figure.suptitle(title, fontsize="medium")
    return axes


def _cut(line):
    return line if len(line) <= NAME else f"…{line[1 - NAME :]}"
