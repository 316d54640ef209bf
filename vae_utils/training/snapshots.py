"""What a network draws after every epoch, kept for films."""

import re
import shutil
import warnings
from os import PathLike
from pathlib import Path

import keras
import numpy as np

from vae_utils import files, latent, plots
from vae_utils.networks import input_shape
from vae_utils.pixels import to_bytes

POINTS = 5000  # test images encoded
SIDE, LIMIT = 15, 2.0  # the canvas: 15 × 15 points on [−2, 2]²
SHOWN = 10  # test images reconstructed
DIGIT = 3  # that a conditional VAE draws on its canvas
FILE, PARTS = "snapshots.npz", "snapshots"


class Snapshots(keras.callbacks.Callback):
    """Keeps after every epoch what a network draws, and where it puts test images.

    Each epoch is a file of its own, so that an interrupted training loses none; `join`
    makes one file, `snapshots.npz`, of them:

    - `epochs`, shape (n,), counted from 1;
    - `input`, `reconstructions`: ten test images, and the decoder's means for them,
      uint8, shapes (10, 28, 28) and (n, 10, 28, 28);
    - of two latent dimensions: `z_mean` (or codes) of 5,000 test images, float32, shape
      (n, 5000, 2), their `labels`, and `canvas`, uint8, shape (n, 420, 420): the means
      decoded from 15 × 15 points on [−2, 2]², of a conditional VAE for the digit 3.

    Args:
        folder: where the file is to be.
        data: `datasets.Dataset`.
    """

    def __init__(self, folder: str | PathLike, data):
        super().__init__()
        self.folder = Path(folder)
        self.images, self.labels = data.x_test[:POINTS], data.y_test[:POINTS]

    def on_epoch_end(self, epoch, logs=None):
        frame = self._draw()
        folder = self.folder / PARTS
        folder.mkdir(parents=True, exist_ok=True)
        with files.written_whole(folder / f"epoch-{epoch + 1:05d}.npz") as stream:
            np.savez_compressed(stream, **frame)

    def _draw(self):
        (latent_dim,) = input_shape(self.model.decoder, "z")
        told = latent.takes_labels(self.model)
        plane = latent_dim == 2
        count = len(self.images) if plane else SHOWN
        labels = self.labels[:count] if told else None
        z = latent.encode_mean(self.model, self.images[:count], labels)
        means = latent.decode(self.model, z[:SHOWN], labels[:SHOWN] if told else None)
        frame = {"reconstructions": to_bytes(means)}
        if plane:
            grid = latent.square_grid(SIDE, LIMIT)
            digits = np.full(len(grid), DIGIT) if told else None
            canvas = plots.tile(latent.decode(self.model, grid, digits), SIDE)
            frame |= {"z_mean": z, "canvas": to_bytes(canvas[np.newaxis])[0]}
        return frame

    def join(self, epochs: int):
        """Makes one file of all epochs up to `epochs`, and removes those it was."""
        frames = self._read(epochs)
        if not frames:
            return
        numbers = sorted(frames)
        joined = {
            name: np.stack([frames[number][name] for number in numbers])
            for name in frames[numbers[0]]
        }
        joined |= {"epochs": np.array(numbers), "input": self.images[:SHOWN]}
        if "z_mean" in joined:
            joined["labels"] = self.labels
        with files.written_whole(self.folder / FILE) as stream:
            np.savez_compressed(stream, **joined)
        if (self.folder / PARTS).exists():
            shutil.rmtree(self.folder / PARTS)

    def _read(self, epochs):
        """Returns epoch → arrays; a later session's files replace an earlier one's."""
        frames = {}
        if (self.folder / FILE).exists():
            arrays = load(self.folder / FILE)
            numbers = arrays.pop("epochs", ())
            varying = [name for name in arrays if name not in ("input", "labels")]
            for index, number in enumerate(numbers):
                frames[int(number)] = {name: arrays[name][index] for name in varying}
        for path in (self.folder / PARTS).glob("epoch-*.npz"):
            if frame := load(path):
                frames[int(re.search(r"\d+", path.name)[0])] = frame
        return {number: frame for number, frame in frames.items() if number <= epochs}


def load(path: Path) -> dict:
    """Reads a file of snapshots; a damaged one is announced and left out.

    Args:
        path: of the file.

    Returns:
        Name → array; nothing if the file is damaged.
    """
    try:
        # Opened here: of a damaged file, NumPy would leave its own handle open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as saved:
            return dict(saved)
    except OSError:
        raise
    except Exception as error:  # whatever a flipped bit makes zip and npy say
        warnings.warn(
            f"{path} is damaged, and its epochs will be missing from films. "
            f"Received: {error}",
            stacklevel=2,
        )
        return {}
