"""What a model draws after every epoch, kept for animations."""

import re
import shutil
import warnings
from os import PathLike
from pathlib import Path

import keras
import numpy as np

from vae_utils import files, interruption, latent, plots
from vae_utils.pixels import to_bytes

POINTS = 5000  # test images encoded
SIDE, LIMIT = 15, 2.0  # the grid: 15 × 15 points on [−2, 2]²
SHOWN = 10  # test images reconstructed
LABEL = 3  # class that a conditional model draws on its grid, or its last
FILE, PARTS = "snapshots.npz", "snapshots"
CONSTANT = ("input", "labels")  # these are the same after every epoch


class Snapshots(keras.callbacks.Callback):
    """Keeps after every epoch what a model draws, and the codes of test images.

    Each epoch is a file of its own, so that an interruption loses none; `join` makes
    one file, `snapshots.npz`, of them. Either way, `read` returns:

    - `epochs`, shape (n,), counted from 1;
    - `input`, `reconstructions`: ten test images, and the decoder's means for them,
      uint8, shapes (10, height, width) and (n, 10, height, width), and channels if
      there are several;
    - of two latent dimensions: `z_mean` (or codes) of 5,000 test images, float32, shape
      (n, 5000, 2), their `labels`, and `canvas`, uint8, shape (n, 15 · height, 15 ·
      width): the means decoded from 15 × 15 points on [−2, 2]², of a conditional model
      for the fourth class, or the last where there are fewer.

    Args:
        folder: where the file will be.
        data: `datasets.Dataset`.
    """

    def __init__(self, folder: str | PathLike, data):
        super().__init__()
        self.folder = Path(folder)
        self.images, self.labels = data.x_test[:POINTS], data.y_test[:POINTS]

    def on_epoch_end(self, epoch, logs=None):
        try:
            with interruption.recognised():
                frame = self._draw()
        except Exception as error:  # training is worth more than its pictures
            warnings.warn(
                "What the model draws after an epoch could not be computed; animations "
                f"will lack that epoch. Received: {type(error).__name__}: {error}",
                stacklevel=2,
            )
            return
        folder = self.folder / PARTS
        folder.mkdir(parents=True, exist_ok=True)
        with files.written_whole(folder / f"epoch-{epoch + 1:05d}.npz") as stream:
            np.savez_compressed(stream, **frame)

    def _draw(self):
        conditional = self.model.conditional
        has_map = self.model.latent_shape == (2,)
        count = len(self.images) if has_map else SHOWN
        labels = self.labels[:count] if conditional else None
        z = latent.encode_mean(self.model, self.images[:count], labels)
        shown = labels[:SHOWN] if conditional else None
        means = latent.decode(self.model, z[:SHOWN], shown)
        frame = {"input": self.images[:SHOWN], "reconstructions": to_bytes(means)}
        if has_map:
            codes = latent.square_grid(SIDE, LIMIT)
            label = grid_label(self.model.classes)
            same = np.full(len(codes), label) if conditional else None
            grid = plots.tile(latent.decode(self.model, codes, same), SIDE)
            frame |= {"z_mean": z, "canvas": to_bytes(grid[np.newaxis])[0]}
            frame["labels"] = self.labels
        return frame

    def join(self, epochs: int):
        """Joins all epochs up to `epochs` in one file, and removes the others."""
        arrays = read(self.folder, epochs)
        if not arrays:
            return
        with files.written_whole(self.folder / FILE) as stream:
            np.savez_compressed(stream, **arrays)
        if (self.folder / PARTS).exists():
            shutil.rmtree(self.folder / PARTS)


def grid_label(classes: int | None) -> int:
    """Returns the class whose images a conditional model draws on its grid."""
    return LABEL if classes is None else min(LABEL, classes - 1)


def read(folder: str | PathLike, epochs: int | None = None) -> dict:
    """Reads the snapshots of a run that has ended, or not.

    Args:
        folder: of the run.
        epochs: last epoch to return; None for all.

    Returns:
        Name → array, as `Snapshots` names them; nothing if there is nothing.
    """
    frames, constant = _read_frames(Path(folder))
    numbers = sorted(n for n in frames if epochs is None or n <= epochs)
    if not numbers:
        return {}
    joined = {
        name: np.stack([frames[number][name] for number in numbers])
        for name in frames[numbers[0]]
    }
    return joined | constant | {"epochs": np.array(numbers)}


def _read_frames(folder):
    """Returns epoch → arrays, of which later sessions' win, and constants."""
    frames, constant = {}, {}
    if (folder / FILE).exists():
        arrays = _load(folder / FILE)
        numbers = arrays.pop("epochs", ())
        constant = {name: arrays.pop(name) for name in CONSTANT if name in arrays}
        for index, number in enumerate(numbers):
            frames[int(number)] = {name: arrays[name][index] for name in arrays}
    for path in (folder / PARTS).glob("epoch-*.npz"):
        if arrays := _load(path):
            constant |= {name: arrays.pop(name) for name in CONSTANT if name in arrays}
            frames[int(re.search(r"\d+", path.name)[0])] = arrays
    return frames, constant


def _load(path):
    """Reads a file of snapshots; a damaged one is left out with a warning."""
    try:
        # Opened here: of a damaged file, NumPy would leave its own handle open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as saved:
            return dict(saved)
    except OSError:
        raise
    except Exception as error:  # whatever a flipped bit makes zip and npy say
        warnings.warn(
            f"{path} is damaged; its epochs will be missing from animations. "
            f"Received: {error}",
            stacklevel=4,
        )
        return {}
