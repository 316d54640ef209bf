"""Callbacks for `fit`: progress, and reconstructions while the network learns."""

import time
from collections.abc import Iterable

import keras
import matplotlib.pyplot as plt
from tabulate import tabulate

from vae_utils import latent, plots
from vae_utils.checks import is_positive_integer
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

    Raises:
        ValueError: if `images` are not images, or an epoch is no positive integer.
    """

    def __init__(self, images, epochs=None, live: bool = False):
        super().__init__()
        self.images = to_unit_interval(images)
        self.epochs = None if epochs is None else _as_epochs(epochs)
        self.live = live
        self.kept = {}
        self.rows = None  # Axes of the live picture

    def on_train_begin(self, logs=None):
        self._close()
        self.kept = {}
        self.status = Status()

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
        self._close()  # a notebook would show it once more

    def _show(self, epoch, means):
        name = f"mean, epoch {epoch}"
        if self.rows is None:
            self.rows = plots.plot_rows({"input": self.images, name: means})
        plots.redraw_row(self.rows[1], name, means)
        self.status.show(self.rows[0].figure)

    def _close(self):
        if self.rows is not None:
            plt.close(self.rows[0].figure)
            self.rows = None


def _as_epochs(epochs):
    chosen = list(epochs) if isinstance(epochs, Iterable) else [epochs]
    if not isinstance(epochs, Iterable) or not all(map(is_positive_integer, chosen)):
        raise ValueError(
            "epochs must be positive integers, counted from 1, such as (1, 3). "
            f"Received: epochs={epochs!r}"
        )
    return frozenset(chosen)


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
    """Picks how many steps Keras runs in one call.

    More steps in a call mean less overhead between them. They must divide the steps of
    an epoch, or Keras runs past the epoch's end. And an epoch should have eight calls:
    TensorFlow counts compilations among its last calls, over all models of a process,
    and would warn of several short trainings in a row.

    Args:
        steps: steps of an epoch.
        most: largest number picked.

    Returns:
        The largest divisor of `steps` up to `most` that leaves eight calls, or else 1.
    """
    most = max(1, min(most, steps // 8))
    return max(size for size in range(1, most + 1) if steps % size == 0)
