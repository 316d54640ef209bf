"""The two films of the project variational-autoencoder, made again."""

import numpy as np

from studies.protocol import describe
from studies.recording import SEED, load, measure, train
from vae_utils import animation
from vae_utils.configurations import PROJECTS
from vae_utils.training.snapshots import SIDE

PROJECT = "conormdurkan"
POINTS = 1500  # codes kept of each frame
CODE_FRAMES, GRID_FRAMES = 60, 24  # at most, spread over the logarithm of the epoch
THINNED = 2  # of the grid, every second image of each row and column is kept
GREY_STEP = 17  # between the 16 levels of grey that are kept, as in a GIF
ANIMATIONS = ("spread.gif", "canvas.gif")  # as `train` has made them
# Without an RMSE, the scoreboard leaves this run out: it has the project's own.
KEPT = ("elbo", "nll", "kl")


def record():
    """Trains the project's network, and keeps what its films show."""
    data, configuration = load("mnist"), PROJECTS[PROJECT]
    trained = train(configuration, data, SEED, preset=PROJECT)
    metrics, how = measure(trained.model, configuration, data, is_samples=None)
    metrics = {name: metrics[name] for name in KEPT}
    figures = trained.folder / "figures"
    measured = {name: text for name, text in how.items() if name in KEPT}
    return {
        "protocol": describe(data, measured, binarisation=configuration.binarisation),
        "minutes": trained.source.minutes,
        "results": [trained.make_result(metrics, curves=["val_loss"])],
        "arrays": choose_frames(trained.snapshots),
        "animations": {file: (figures / file).read_bytes() for file in ANIMATIONS},
    }


def choose_frames(snapshots):
    """Keeps the first epochs one by one, and ever fewer of the later ones."""
    epochs = snapshots["epochs"]
    codes, grids = (choose_epochs(len(epochs), n) for n in (CODE_FRAMES, GRID_FRAMES))
    kept = animation.thin_grid(snapshots["canvas"][grids], SIDE, THINNED)
    levels = np.rint(kept / GREY_STEP)
    return {
        "labels": snapshots["labels"][:POINTS].astype(np.uint8),
        "codes": snapshots["z_mean"][codes, :POINTS].astype(np.float16),
        "code_epochs": epochs[codes],
        "grids": (levels * GREY_STEP).astype(np.uint8),
        "grid_epochs": epochs[grids],
    }


def choose_epochs(count, frames):
    """Returns indices of epochs, as many as `frames` at most."""
    return np.unique(np.rint(np.geomspace(1, count, frames)).astype(int)) - 1


STUDIES = {"training_film": record}
