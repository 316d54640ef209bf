"""A picture of the images that a model finds strangest."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from vae_utils import files, latent, plots
from vae_utils.runs.attempts import draw_each
from vae_utils.runs.pictures import render

SHOWN = 10


def draw_pictures(model, scored, images, labels, names, target: Path) -> Iterator[Path]:
    """Draws one picture for each score; each that cannot be drawn is a warning.

    Args:
        model: that scored.
        scored: list of `scoring.Scored`.
        images: uint8, shape (n, height, width, channels).
        labels: ints, shape (n,), of a conditional model.
        names: of the images.
        target: folder for the PNG files, `worst_mse.png` and so on.

    Yields:
        The path of each file written.

    Raises:
        NothingDrawn: if none of them could be drawn.
        OSError: if a file cannot be written.
    """
    drawings = (
        (
            f"worst_{each.name}",
            partial(render, draw_worst, model, each, images, labels, names),
        )
        for each in scored
    )
    for name, contents in draw_each(drawings):
        path = target / f"{name}.png"
        files.write(path, contents)
        yield path


def draw_worst(model, scored, images, labels, names):
    """Draws the images with the largest scores; returns Axes.

    Args:
        model: that scored.
        scored: `scoring.Scored`.
        images: uint8, shape (n, height, width, channels).
        labels: ints, shape (n,), of a conditional model.
        names: of the images.
    """
    worst = np.argsort(-scored.values, kind="stable")[:SHOWN]
    own = None if labels is None else labels[worst]
    captions = [
        f"{names[i]}\n{scored.values[i]:.4g}{_mark(scored.flagged[i])}" for i in worst
    ]
    axes = plots.plot_differences(
        images[worst],
        latent.reconstruct(model, images[worst], own),
        captions,
        title=f"largest {scored.column} of {len(images):,} images, and reconstructions "
        f"(mean); * above {scored.threshold:.4g}",
    )
    return axes[0, 0]


def _mark(flagged):
    return " *" if flagged else ""
