"""Progress of `fit`: one line that updates, and a table at the end."""

import time

import keras
from tabulate import tabulate

from vae_utils.status import Status

REFRESH_SECONDS = 0.5
BAR = 6  # characters: the whole line fits a terminal of 80


class Progress(keras.callbacks.Callback):
    """Shows one updating line while training, and a compact table at the end.

    Use it with `fit(..., verbose=0)`. The line has the means of the epoch so far, and
    how long the rest will take; a log, which cannot be updated, gets one per epoch. The
    table has one row for the first epoch, the last, and some in between; `history`
    of `fit` has them all.

    Args:
        rows: most rows in the table.
        batch_size: images in a batch; with it, the line has images per second.
    """

    takes_blocks = True  # the last step of each is enough

    def __init__(self, rows: int = 8, *, batch_size: int | None = None):
        super().__init__()
        self.rows = rows
        self.batch_size = batch_size

        self.finished = []  # one dict of metrics per epoch

    def on_train_begin(self, logs=None):
        self.status = Status()
        self.began = self.shown = time.monotonic()
        self.steps = 0  # of this session
        self.first = None  # when the first step, which compiles, was done, and which
        self.finished = []  # one dict of metrics per epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.batch = -1

    def on_train_batch_end(self, batch, logs=None):
        last = (self.params["steps"] or batch + 1) - 1
        batch = min(batch, last)  # the last block of an epoch may be shorter
        self.steps += batch - self.batch
        self.batch = batch
        now = time.monotonic()
        if self.first is None:
            self.first = now, self.steps
        if now - self.shown > REFRESH_SECONDS:
            self.shown = now
            self.status.update(self._line(now, batch + 1, logs or {}))

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.monotonic() - self.began
        self.finished.append({"epoch": epoch + 1, **logs, "seconds": round(seconds)})
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in logs.items())
        epochs = self.params["epochs"]
        self.status.note(f"epoch {epoch + 1}/{epochs}: {numbers}, {seconds:.0f} s")

    def on_train_end(self, logs=None):
        self.close()

    def close(self):
        """Shows the table, also of training that was interrupted."""
        if self.finished:
            rows = [self.finished[i] for i in spaced(len(self.finished), self.rows)]
            formats = tuple(".4f" if "accuracy" in name else ".2f" for name in rows[0])
            options = {"headers": "keys", "floatfmt": formats}
            self.status.finish(
                tabulate(rows, tablefmt="simple", **options),
                tabulate(rows, tablefmt="html", **options),
            )
            self.finished = []

    def _line(self, now, step, logs):
        steps, epochs = self.params["steps"], self.params["epochs"]
        done = BAR * step // steps
        line = f"epoch {self.epoch + 1}/{epochs} {'━' * done}{'─' * (BAR - done)} "
        line += ", ".join(f"{name} {float(logs[name]):.4g}" for name in _ordered(logs))
        since, before = self.first
        if self.steps > before:
            rate = (self.steps - before) / (now - since)  # steps per second
            left = round(((epochs - self.epoch) * steps - step) / rate)
            line += f" | {left // 60}:{left % 60:02d} left"
            if self.batch_size:
                line += f" | {rate * self.batch_size:,.0f} images/s"
        return line


def _ordered(logs):
    """Puts the sum before its parts."""
    first = [name for name in ("loss", "nll", "kl") if name in logs]
    return first + [name for name in logs if name not in first]


def spaced(count: int, most: int) -> list[int]:
    """Picks at most `most` of the indices 0 … count − 1, both ends included.

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
