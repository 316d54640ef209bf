"""Exact resume: after every epoch, one file with all that later ones depend on."""

import copy
import math
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from os import PathLike
from pathlib import Path

import keras

from vae_utils import files, weights
from vae_utils.checks import check_positive_integer
from vae_utils.configurations import check_same
from vae_utils.errors import Damaged
from vae_utils.training.checkpoint_file import (
    copy_state,
    list_epochs,
    path_of,
    read,
    state_of,
    write,
)

MONITOR = "val_loss"  # the best epoch has its smallest value


class Checkpoints(keras.callbacks.Callback):
    """Keeps the end of every epoch in a file, so that a run can be resumed exactly.

    The last `keep` files are kept, and that of the best epoch, with the smallest
    validation loss. A file is written under another name and renamed while the next
    epoch trains: a process killed at any moment loses the epoch it was in and, if that
    had only just started, the one being written. On the same machine and backend the
    model that `restore` brings back continues bit for bit as if never interrupted,
    provided that batches are a function of the epoch, as in `pipeline`.

    Put it last among the callbacks of `fit`, so that an epoch that others refuse is
    not kept; pass the number that `restore` returns as `initial_epoch`. A file that
    could not be written stops training at the end of the next epoch.

    Args:
        folder: where the files are; made if need be.
        settings: what `configurations.describe` returns; another run's files are then
            refused. None checks nothing.
        keep: number of latest files to keep.
        every: also keeps each file whose epoch, counted from 1, this divides; None for
            no such files.
        saved: called with the history whenever an epoch is kept, in the thread that
            writes.

    Attributes:
        epoch: number of epochs completed.
        history: name → one number per epoch, from the first on.
        best_epoch: epoch with the smallest validation loss, counted from 1; 0 if there
            is none.
        minutes: of training, in all sessions.

    Raises:
        ValueError: if `keep` or `every` is not a positive integer.
    """

    def __init__(
        self,
        folder: str | PathLike,
        settings: dict | None = None,
        *,
        keep: int = 2,
        every: int | None = None,
        saved: Callable[[dict], None] = lambda history: None,
    ):
        super().__init__()
        check_positive_integer(keep, "keep", "the latest files to keep")
        if every is not None:
            check_positive_integer(every, "every", "the epochs between kept files")
        self.folder = Path(folder).expanduser()
        self.settings = settings
        self.keep, self.every, self.saved = keep, every, saved
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._written = None  # the future of the file being written
        self._forget()

    def _forget(self):
        self.epoch, self.history, self.minutes = 0, {}, 0.0
        self.best_epoch, self.best_value = 0, math.inf

    def restore(self, model) -> int:
        """Brings back the latest epoch that can be read, if there is any.

        Args:
            model: compiled, of the architecture that was saved.

        Returns:
            Number of epochs completed, `initial_epoch` for `fit`; 0 if there is none.

        Raises:
            ValueError: if the files are another run's, another architecture's, another
                version's, or none can be read.
        """
        self.flush()
        self._forget()
        numbers = list_epochs(self.folder)
        damaged = []
        for number in reversed(numbers):
            path = path_of(self.folder, number)
            try:
                saved = read(path)
            except Damaged as error:
                warnings.warn(
                    f"Falling back to the previous epoch. {error}", stacklevel=2
                )
                damaged.append(path)
            else:
                self._restore(model, saved, path)
                break
        if numbers and not self.epoch:
            raise ValueError(
                "None of the checkpoints can be read; start a run in another folder. "
                f"Received: {self.folder}"
            )
        for path in damaged:  # kept, but no longer read as a checkpoint
            path.rename(path.with_name(f"{path.name}.damaged"))
        return self.epoch

    def _restore(self, model, saved, path):
        about = saved.pop("about")
        if self.settings is not None and about["settings"] is not None:
            check_same(about["settings"], self.settings)
        if not model.optimizer.built:  # one that scales would add variables again
            model.optimizer.build(model.trainable_variables)
        weights.assign(state_of(model), saved, path)
        self.epoch, self.best_epoch = about["epoch"], about["best_epoch"]
        self.minutes, self.history = about["minutes"], about["history"]
        values = self.history.get(MONITOR)
        if self.best_epoch and values:
            self.best_value = values[self.best_epoch - 1]

    def on_train_begin(self, logs=None):
        self.flush()
        later = [n for n in list_epochs(self.folder) if n > self.epoch]
        if later:
            raise ValueError(
                "The folder already has a run's checkpoints: call `restore`, or name "
                f"another folder. Received: {self.folder} with epoch {later[-1]}"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        files.remove_unfinished(self.folder)
        self._started = time.monotonic()

    def on_epoch_begin(self, epoch, logs=None):
        if epoch != self.epoch:
            raise ValueError(
                "The first epoch of fit must be the number that `restore` returned "
                f"(initial_epoch={self.epoch}). Received: initial_epoch={epoch}"
            )

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        arrays = copy_state(self.model)
        self.flush()  # one file at a time
        now = time.monotonic()
        self.minutes += (now - self._started) / 60
        self._started = now
        self.epoch = epoch + 1
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))
        former_best = self.best_epoch
        if logs.get(MONITOR, math.inf) < self.best_value:
            self.best_value, self.best_epoch = float(logs[MONITOR]), self.epoch
        # The thread works on a copy: training changes the original meanwhile.
        metadata = copy.deepcopy(self._describe())
        outdated = list(self._list_outdated({self.epoch - self.keep, former_best}))
        path = path_of(self.folder, self.epoch)
        self._written = self._writer.submit(
            self._write, path, arrays, metadata, outdated
        )

    def on_train_end(self, logs=None):
        self.flush()

    def flush(self):
        """Waits until the last epoch is written; call it if `fit` was interrupted.

        Raises:
            OSError: if it could not be written.
        """
        if self._written is None:
            return
        wait([self._written])  # Ctrl-C leaves this function, and the file being written
        written, self._written = self._written, None
        written.result()

    def _describe(self):
        return {
            "epoch": self.epoch,
            "best_epoch": self.best_epoch,
            "minutes": self.minutes,
            "history": self.history,
            "settings": self.settings,
        }

    def _write(self, path, arrays, metadata, outdated):
        write(path, arrays, metadata)
        for old in outdated:
            old.unlink(missing_ok=True)
        self.saved(metadata["history"])

    def _list_outdated(self, numbers):
        """Lists files of epochs that are no longer recent, or no longer the best.

        No others: what an earlier session was asked to keep is kept.
        """
        for number in numbers:
            recent = number > self.epoch - self.keep
            periodic = self.every is not None and number % self.every == 0
            if not (recent or periodic or number == self.best_epoch):
                yield path_of(self.folder, number)
