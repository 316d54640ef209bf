"""The network of `02_fc_vae`, trained for longer; and the book's teaser."""

import dataclasses
from pathlib import Path

import imageio.v3 as imageio
import numpy as np

from studies.fc_vae_seeds import CHAPTER
from studies.recording import SEED, load, record_one, train
from vae_utils import latent, plots
from vae_utils.pixels import to_bytes

EPOCHS = 200
SIDE = 20  # images along each side of the grid
TEASER = Path(__file__).parents[1] / "book" / "_static" / "teaser.png"


def record():
    """Trains, keeps what figures need, and draws the teaser."""
    data = load("mnist")
    trained = train(dataclasses.replace(CHAPTER, epochs=EPOCHS), data, SEED)
    codes = latent.prior_quantile_grid(SIDE)
    grid = to_bytes(latent.decode(trained.model, codes))
    drawn = plots.tile(grid, SIDE)  # in [0, 1]
    imageio.imwrite(TEASER, np.rint(255 * drawn).astype(np.uint8))
    return record_one(trained, data, {"grid": grid})


STUDIES = {"fc_vae_long": record}
