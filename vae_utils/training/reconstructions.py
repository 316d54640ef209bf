"""Reconstructions while a model learns."""

import warnings
from collections.abc import Iterable

import keras
import matplotlib.pyplot as plt

from vae_utils import interruption, latent, plots
from vae_utils.checks import is_positive_integer
from vae_utils.pixels import to_unit_interval
from vae_utils.status import Status


class Reconstructions(keras.callbacks.Callback):
    """Keeps the reconstructions of some images after chosen epochs.

    Args:
        images: as for `latent.encode`.
        epochs: after which to keep them, counted from 1; None for every epoch.
        live: True also shows the images above their reconstructions after every
            epoch, in one picture that is redrawn in place.
        labels: ints, one per image, of a conditional VAE.

    Attributes:
        kept: epoch → decoder means from the mean of q(z|x), shape (n, height, width,
            channels).

    Raises:
        ValueError: if `images` are not images, or an epoch is not a positive integer.
    """

    def __init__(self, images, epochs=None, live: bool = False, labels=None):
        super().__init__()
        self.images, self.labels = to_unit_interval(images), labels
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
            means = latent.reconstruct(self.model, self.images, self.labels)
            if chosen:
                self.kept[epoch + 1] = means
            if self.live:
                self._try_to_show(epoch + 1, means)

    def on_train_end(self, logs=None):
        self._close()  # a notebook would show it once more

    def _try_to_show(self, epoch, means):
        """Shows the picture; after a failure, training continues without it."""
        try:
            with interruption.recognised():
                self._show(epoch, means)
        except Exception as error:  # a window that was closed, a font that is missing
            self.live = False
            self._close()
            warnings.warn(
                "Reconstructions could not be shown; the live display is off. "
                f"Received: {type(error).__name__}: {error}",
                stacklevel=2,
            )

    @plots.book_style()
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
