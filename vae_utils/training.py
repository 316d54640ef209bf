"""Callbacks for `fit`: progress that reads well live and on a page."""

import time

import keras
import matplotlib.pyplot as plt
from tabulate import tabulate

from vae_utils import latent, plots
from vae_utils.pixels import to_unit_interval
from vae_utils.status import Status

REFRESH_SECONDS = 0.5


class Progress(keras.callbacks.Callback):
    """Shows one updating line while training, and a compact table at the end.

    Use it with `fit(..., verbose=0)`. The table has one row for the first epoch, the
    last, and some between; `history` of `fit` has them all.

    Args:
        rows: most rows in the table.
    """

    def __init__(self, rows: int = 8):
        super().__init__()
        self.rows = rows

    def on_train_begin(self, logs=None):
        self.status = Status()
        self.began = self.shown = time.monotonic()
        self.finished = []  # one dict of metrics per epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if time.monotonic() - self.shown > REFRESH_SECONDS:
            self.shown = time.monotonic()
            self.status.update(self._line(batch + 1))

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.monotonic() - self.began
        self.finished.append({"epoch": epoch + 1, **logs, "seconds": round(seconds)})

    def on_train_end(self, logs=None):
        if self.finished:
            rows = [self.finished[i] for i in spaced(len(self.finished), self.rows)]
            options = {"headers": "keys", "floatfmt": ".2f"}
            self.status.finish(
                tabulate(rows, tablefmt="simple", **options),
                tabulate(rows, tablefmt="html", **options),
            )

    def _line(self, step):
        steps, epochs = self.params["steps"], self.params["epochs"]
        line = f"epoch {self.epoch + 1}/{epochs}, step {step}/{steps}"
        for name, value in (self.finished[-1] if self.finished else {}).items():
            if name not in ("epoch", "seconds"):
                line += f" | {name} {value:.2f}"
        return f"{line} | {time.monotonic() - self.began:.0f} s"


class Reconstructions(keras.callbacks.Callback):
    """Keeps the reconstructions of some images after chosen epochs.

    Args:
        images: as for `latent.encode`.
        epochs: after which to keep them, counted from 1; None for every epoch.
        live: True also shows the images beside their reconstructions after every
            epoch, in one picture that is redrawn in place.

    Attributes:
        kept: epoch → decoder means from the mean of q(z|x), shape (n, 28, 28, 1).
    """

    def __init__(self, images, epochs=None, live: bool = False):
        super().__init__()
        self.images = to_unit_interval(images)
        self.epochs = epochs
        self.live = live

    def on_train_begin(self, logs=None):
        self.kept = {}
        self.status, self.figure = Status(), None

    def on_epoch_end(self, epoch, logs=None):
        chosen = self.epochs is None or epoch + 1 in self.epochs
        if chosen or self.live:
            z_mean, _ = latent.encode(self.model, self.images)
            means = latent.decode(self.model, z_mean)
            if chosen:
                self.kept[epoch + 1] = means
            if self.live:
                self._show(epoch + 1, means)

    def on_train_end(self, logs=None):
        if self.figure is not None:
            plt.close(self.figure)  # the notebook would show it once more

    def _show(self, epoch, means):
        rows = {"input": self.images, f"mean, epoch {epoch}": means}
        if self.figure is None:
            self.figure = plots.plot_rows(rows)[0].figure
        else:
            last = self.figure.axes[1]
            last.images[0].set_data(plots.tile(means, len(means), gap=2))
            last.set_ylabel(f"mean, epoch {epoch}")
        self.status.show(self.figure)


def spaced(count: int, most: int) -> list[int]:
    """Picks at most `most` of the indices 0 … count − 1, both ends among them.

    They are spaced evenly in logarithm, since training changes most at its beginning.

    Args:
        count: number of indices to pick from.
        most: number of indices picked at most, at least 2.

    Returns:
        The picked indices, in order, each once.
    """
    if count <= most:
        return list(range(count))
    ratio = count ** (1 / (most - 1))
    return sorted({min(round(ratio**i), count) - 1 for i in range(most)})


def choose_steps_per_execution(steps: int, most: int = 64) -> int:
    """Picks how many steps Keras runs in one call: the largest divisor up to `most`.

    More steps in a call mean less overhead between them. They must divide the steps of
    an epoch, or Keras runs past the epoch's end. An epoch keeps at least eight calls:
    TensorFlow takes models that are called seldom for one that is compiled often, and
    warns.

    Args:
        steps: steps of an epoch.
        most: largest number picked.

    Returns:
        A divisor of `steps`, at least 1.
    """
    most = max(1, min(most, steps // 8))
    return max(size for size in range(1, most + 1) if steps % size == 0)
