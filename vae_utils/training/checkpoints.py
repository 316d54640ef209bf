"""Exact resume: after every epoch, one file with all that the next ones depend on."""

import json
import math
import re
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path

import keras
import numpy as np
from keras import ops

from vae_utils import files
from vae_utils.checks import check_positive_integer
from vae_utils.configurations import check_same

FORMAT = 1
MONITOR = "val_loss"  # the best epoch has its smallest value
NAME = re.compile(r"epoch-(\d{5,})\.npz")
DAMAGED = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)


class Checkpoints(keras.callbacks.Callback):
    """Keeps every epoch's end in a file, so that a training can go on exactly.

    The last `keep` files stay, and that of the best epoch, with the smallest
    validation loss. A file is written beside and renamed: a process killed at any
    moment loses the epoch it was in, no more. On the same machine and backend the
    network that `restore` brings back goes on bit for bit as if never interrupted,
    provided that batches are a function of the epoch, as in `pipeline`.

    Put it last among the callbacks of `fit`, so that an epoch that others refuse is
    not kept; pass the number that `restore` returns as `initial_epoch`.

    Args:
        folder: where the files are; made if need be.
        settings: what `configurations.describe` returns; another training's files are
            then refused. None keeps no account.
        keep: number of latest files that stay.
        every: also keeps each file whose epoch, counted from 1, this divides; None for
            no such files.
        saved: called with the history whenever an epoch is kept.

    Attributes:
        epoch: number of epochs finished.
        history: name → one number per epoch, from the first on.
        best_epoch: epoch with the smallest validation loss, counted from 1; 0 if there
            is none.
        minutes: of training, all sessions together.

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
        check_positive_integer(keep, "keep", "the latest files that stay")
        if every is not None:
            check_positive_integer(every, "every", "epochs between files that stay")
        self.folder = Path(folder).expanduser()
        self.settings = settings
        self.keep, self.every, self.saved = keep, every, saved
        self._forget()

    def _forget(self):
        self.epoch, self.history, self.minutes = 0, {}, 0.0
        self.best_epoch, self.best_value = 0, math.inf

    def restore(self, model) -> int:
        """Brings back the latest epoch that can be read, if there is any.

        Args:
            model: compiled, of the architecture that was saved.

        Returns:
            Number of epochs finished: `initial_epoch` for `fit`, 0 to begin with.

        Raises:
            ValueError: if the files are another training's, another architecture's,
                another version's, or none can be read.
        """
        self._forget()
        numbers = list_epochs(self.folder)
        damaged = []
        for number in reversed(numbers):
            path = path_of(self.folder, number)
            try:
                saved = read(path)
            except DAMAGED as error:
                warnings.warn(
                    f"{path} cannot be read: the epoch before takes its place. "
                    f"Received: {_reason(error)}",
                    stacklevel=2,
                )
                damaged.append(path)
                continue
            self._restore(model, saved, path)
            for path in damaged:  # kept, but no longer taken for a checkpoint
                path.rename(path.with_name(f"{path.name}.damaged"))
            return self.epoch
        if numbers:
            raise ValueError(
                "None of the checkpoints can be read; begin again elsewhere. "
                f"Received: {self.folder}"
            )
        return 0

    def _restore(self, model, saved, path):
        about = saved.pop("about")
        if self.settings is not None and about["settings"] is not None:
            check_same(about["settings"], self.settings)
        model.optimizer.build(model.trainable_variables)
        set_state(_state(model), saved, path)
        self.epoch, self.best_epoch = about["epoch"], about["best_epoch"]
        self.minutes, self.history = about["minutes"], about["history"]
        values = self.history.get(MONITOR)
        if self.best_epoch and values:
            self.best_value = values[self.best_epoch - 1]

    def on_train_begin(self, logs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        files.remove_unfinished(self.folder)
        self._began = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        if epoch != self.epoch:
            raise ValueError(
                "The first epoch of fit must be the number that `restore` returned "
                f"(initial_epoch={self.epoch}). Received: initial_epoch={epoch}"
            )
        now = time.monotonic()
        self.minutes += (now - self._began) / 60
        self._began = now
        self.epoch = epoch + 1
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        value = (logs or {}).get(MONITOR, math.inf)
        if value < self.best_value:
            self.best_value, self.best_epoch = float(value), self.epoch
        self._write()
        self._prune()
        self.saved(self.history)

    def _write(self):
        about = {
            "format": FORMAT,
            "epoch": self.epoch,
            "best_epoch": self.best_epoch,
            "minutes": self.minutes,
            "history": self.history,
            "settings": self.settings,
        }
        arrays = {name: ops.convert_to_numpy(v) for name, v in _state(self.model)}
        with files.written_whole(path_of(self.folder, self.epoch)) as stream:
            np.savez(stream, about=np.array(json.dumps(about)), **arrays)

    def _prune(self):
        kept = {*range(self.epoch - self.keep + 1, self.epoch + 1), self.best_epoch}
        for number in list_epochs(self.folder):
            periodic = self.every and number % self.every == 0
            if number not in kept and not periodic:
                path_of(self.folder, number).unlink(missing_ok=True)


def list_epochs(folder) -> list[int]:
    """Lists the epochs, counted from 1, whose checkpoints a folder has."""
    found = (NAME.fullmatch(path.name) for path in Path(folder).glob("epoch-*.npz"))
    return sorted(int(match[1]) for match in found if match)


def path_of(folder, epoch: int) -> Path:
    """Returns where the checkpoint of an epoch, counted from 1, is."""
    return Path(folder) / f"epoch-{epoch:05d}.npz"


def read(path: Path, parts=None) -> dict:
    """Reads a checkpoint.

    Args:
        path: of the file.
        parts: names of the parts to read, such as `["decoder"]`; None for all.

    Returns:
        `about` → what was saved beside arrays, and `PART/NNN` → array.

    Raises:
        ValueError, OSError, KeyError, zipfile.BadZipFile: if the file is damaged, or no
            checkpoint of this version.
    """
    if path.exists() and not zipfile.is_zipfile(path):
        raise zipfile.BadZipFile("it is no whole npz file")
    with np.load(path, allow_pickle=False) as saved:
        about = json.loads(str(saved["about"]))
        if about["format"] != FORMAT:
            raise ValueError(
                f"{path.name} must have format {FORMAT}; another version of vae_utils "
                f"wrote it. Received: format={about['format']!r}"
            )
        names = [name for name in saved.files if name != "about"]
        if parts is not None:
            names = [name for name in names if name.split("/")[0] in parts]
        return {"about": about, **{name: saved[name] for name in names}}


def parts_of(model) -> dict:
    """Names the networks of a model that can be loaded alone."""
    if hasattr(model, "decoder"):
        return {"encoder": model.encoder, "decoder": model.decoder}
    return {"classifier": model}


def load_parts(parts: dict, path: Path):
    """Sets the weights of networks to those of a checkpoint, all or none.

    Args:
        parts: name → network, such as `{"decoder": vae.decoder}`.
        path: of the file.

    Raises:
        ValueError: if the file cannot be read, or a shape differs.
    """
    try:
        saved = read(path, list(parts))
    except DAMAGED as error:
        raise ValueError(
            f"{path} must be a checkpoint that can be read. Received: {_reason(error)}"
        ) from error
    del saved["about"]
    wanted = [entry for name, part in parts.items() for entry in _numbered(name, part)]
    set_state(wanted, saved, path)


def set_state(variables, saved: dict, path):
    """Assigns arrays to variables, once all shapes are known to fit.

    Args:
        variables: pairs of name and variable.
        saved: name → array.
        path: names the file in the message.

    Raises:
        ValueError: if names or shapes differ.
    """
    variables = list(variables)
    wanted = {name: tuple(variable.shape) for name, variable in variables}
    kept = {name: value.shape for name, value in saved.items()}
    if wanted != kept:
        name = next(n for n in [*wanted, *kept] if wanted.get(n) != kept.get(n))
        raise ValueError(
            f"{path} holds another architecture's weights. Received: {name} of shape "
            f"{kept.get(name, 'none')}, where the network has "
            f"{wanted.get(name, 'none')}"
        )
    for name, variable in variables:
        variable.assign(saved[name])


def _state(model) -> Iterator[tuple]:
    """Yields name and variable of all that training changes, metrics left out.

    Networks come first, so that each can be loaded alone; what is left are seed
    generators, beta, and what the optimiser remembers.
    """
    seen = {id(variable) for variable in model.metrics_variables}
    for part, network in parts_of(model).items():
        yield from _numbered(part, network)
        seen.update(map(id, network.weights))
    rest = [v for v in model.variables if id(v) not in seen]
    for index, variable in enumerate(rest):
        yield f"model/{index:03d}", variable
    for index, variable in enumerate(model.optimizer.variables):
        yield f"optimizer/{index:03d}", variable


def _numbered(part, network):
    for index, variable in enumerate(network.weights):
        yield f"{part}/{index:03d}", variable


def _reason(error):
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
