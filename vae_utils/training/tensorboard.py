"""Curves and pictures of a run for TensorBoard, in two folders: train and val."""

import importlib.util
from os import PathLike
from pathlib import Path

import keras
import numpy as np

from vae_utils import evaluation, latent, plots
from vae_utils.models.abilities import missing
from vae_utils.pixels import to_unit_interval

IMAGES = 1000  # of either split, whose RMSE is logged
SHOWN = 10  # of either split, shown above their reconstructions
MOST_NEW = 100  # new images, one for each class of a conditional model
PRIOR_SEED = 0  # of the codes that new images are decoded from


class TensorBoard(keras.callbacks.Callback):
    """Writes to `train` and `val` in a folder, as TensorBoard reads them.

    After every epoch: what `fit` reports, the RMSE of 1,000 images of either split, ten
    of them above their reconstructions, and ten new images, or of a conditional model
    up to a hundred, so that each class has one; all pictures are decoder means. A model
    that draws nothing, such as a classifier, has no pictures.

    Args:
        folder: of the two runs.
        data: `datasets.Dataset`.

    Raises:
        ModuleNotFoundError: if TensorBoard or TensorFlow is not installed.
        OSError: if the folder cannot be written to.
    """

    def __init__(self, folder: str | PathLike, data):
        super().__init__()
        needed = ("tensorboard", "tensorflow")
        absent = [n for n in needed if importlib.util.find_spec(n) is None]
        if absent:
            raise ModuleNotFoundError(
                "Logs for TensorBoard need it installed: pip install "
                f"{' '.join(absent)}"
            )
        self.folder = Path(folder).expanduser()
        self.splits = {
            "train": (data.x_train[:IMAGES], data.y_train[:IMAGES]),
            "val": (data.x_val[:IMAGES], data.y_val[:IMAGES]),
        }
        for split in self.splits:
            (self.folder / split).mkdir(parents=True, exist_ok=True)

    def on_train_begin(self, logs=None):
        import tensorflow as tf

        self.writers = {
            split: tf.summary.create_file_writer(str(self.folder / split))
            for split in self.splits
        }

    def on_epoch_end(self, epoch, logs=None):
        import tensorflow as tf

        for split, writer in self.writers.items():
            with writer.as_default(step=epoch + 1):
                for name, value in (logs or {}).items():
                    if name.startswith("val_") == (split == "val"):
                        tf.summary.scalar(name.removeprefix("val_"), value)
                if not missing(self.model, ("encode", "decode")):
                    self._draw(tf.summary, split)
            writer.flush()

    def on_train_end(self, logs=None):
        for writer in self.writers.values():
            writer.close()

    def _draw(self, summary, split):
        images, labels = self.splits[split]
        conditional = self.model.conditional
        means = latent.reconstruct(self.model, images, labels if conditional else None)
        summary.scalar("rmse", evaluation.rmse(images, means))
        pairs = [to_unit_interval(images[:SHOWN]), means[:SHOWN]]
        _write_image(
            summary, "input above reconstruction (mean)", np.concatenate(pairs)
        )
        if split == "val" and not missing(self.model, ("sample",)):
            classes = self.model.classes if conditional else 0
            count = min(max(SHOWN, classes), MOST_NEW)
            z = latent.draw_codes(self.model, count, seed=PRIOR_SEED)
            in_turn = np.arange(count) % classes if conditional else None
            new = latent.decode(self.model, z, in_turn)
            _write_image(summary, "new images (mean)", new)


def _write_image(summary, name, images):
    canvas = plots.tile(images, SHOWN, gap=plots.ROW_GAP)
    grey = canvas.ndim == 2
    summary.image(name, canvas[np.newaxis, ..., np.newaxis] if grey else canvas[None])
