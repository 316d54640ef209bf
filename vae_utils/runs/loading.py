"""Networks of runs: in folders, in checkpoints, and among the recorded ones."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from vae_utils import pretrained, training
from vae_utils.configurations import configuration_of
from vae_utils.errors import Damaged
from vae_utils.runs.folder import RunError, RunFolder
from vae_utils.training import checkpoint_file


class Source(NamedTuple):
    """A trained network, not loaded yet.

    Args:
        name: of the run.
        settings: as `configurations.describe` lists them.
        epoch: after which the weights were kept, counted from 1.
        history: name → one number per epoch.
        minutes: of training.
        set_weights: function of `{"decoder": network}`, or of more parts.
        folder: of the run; None for a recorded one.
    """

    name: str
    settings: dict
    epoch: int
    history: dict
    minutes: float
    set_weights: Callable[[dict], None]
    folder: Path | None = None

    @property
    def configuration(self):
        """The record of the network, and of how it was trained."""
        return configuration_of(self.settings["model"], self.settings["configuration"])


def find(run: str, epoch: str = "last") -> Source:
    """Finds a trained network.

    Args:
        run: path of a run's folder, or the name of a recorded run that has weights.
        epoch: `"last"`, `"best"` (smallest validation loss), or a number from 1.

    Returns:
        Where it is.

    Raises:
        ValueError: if there is no such run, or it kept no such epoch.
    """
    folder = RunFolder(run)
    if not folder.path.exists():
        if run in pretrained.list_runs():
            return _find_recorded(run, epoch)
        raise RunError(
            "There is no such folder, and no recorded run of that name. "
            f"Received: {run}"
        )
    settings = folder.read_config()["settings"]
    path, about = _find_checkpoint(folder, epoch)
    return Source(
        folder.path.name,
        settings,
        about["epoch"],
        about["history"],
        about["minutes"],
        lambda parts: checkpoint_file.load_parts(parts, path),
        folder.path,
    )


def _find_recorded(name, epoch):
    run = pretrained.load_run(name)
    if epoch != "last":
        raise RunError(f"A recorded run keeps its last epoch. Received: epoch {epoch}")
    if "settings" not in run.protocol or f"{name}.weights.npz" not in run.files:
        raise RunError(
            "This recorded run keeps no weights; train it, as its protocol says. "
            f"Received: {name}"
        )
    return Source(
        name,
        run.protocol["settings"],
        run.protocol["epochs"],
        run.history,
        run.minutes,
        lambda parts: pretrained.load_weights(parts, name),
    )


def _find_checkpoint(folder, epoch):
    """Returns the path of a checkpoint, and what it says about itself."""
    numbers = checkpoint_file.list_epochs(folder.checkpoints)
    if not numbers:
        raise RunError(
            "The run has no checkpoint yet: finish its first epoch (train --resume). "
            f"Received: {folder.path}"
        )
    number = numbers[-1]
    if epoch == "best":
        last = checkpoint_file.path_of(folder.checkpoints, number)
        number = _read_about(last)["best_epoch"] or number
    elif epoch != "last":
        number = int(epoch)
    if number not in numbers:
        raise RunError(
            f"The run has kept epochs {', '.join(map(str, numbers))}; --keep-every "
            f"keeps more. Received: epoch {number}"
        )
    path = checkpoint_file.path_of(folder.checkpoints, number)
    return path, _read_about(path)


def _read_about(path):
    try:
        return checkpoint_file.read(path, parts=())["about"]
    except Damaged as error:
        raise RunError(
            "Go on with the run (train --resume), which takes the epoch before, or "
            f"name another --epoch. {error}"
        ) from error


def load(source: Source):
    """Builds a network and sets its weights.

    Args:
        source: as `find` returns it.

    Returns:
        The model, not compiled; `models.VAE` or another of that module, or a
        classifier.
    """
    model = training.build(source.configuration, seed=source.settings["seed"])
    source.set_weights(training.parts_of(model))
    return model


def load_decoder(source: Source) -> SimpleNamespace:
    """Builds a decoder alone and sets its weights.

    Args:
        source: as `find` returns it.

    Returns:
        What `latent.decode` needs of a model: `decoder` and `likelihood`.
    """
    configuration = source.configuration
    decoder = training.build_decoder(configuration)
    source.set_weights({"decoder": decoder})
    likelihood = training.build_likelihood(configuration)
    return SimpleNamespace(decoder=decoder, likelihood=likelihood)


class InitialWeights:
    """Weights to begin a training with.

    Args:
        path: a run's folder, a checkpoint in one, or the name of a recorded run.
        part: `"encoder"` or `"decoder"` for that part alone; None for all.

    Raises:
        ValueError: if there are none.
    """

    def __init__(self, path: str, part: str | None = None):
        self.path, self.part = path, part
        if Path(path).suffix == ".npz":
            self._set = lambda parts: checkpoint_file.load_parts(parts, Path(path))
        else:
            self._set = find(path).set_weights

    def set(self, model):
        """Sets the weights of a model, or of one part of it.

        Raises:
            ValueError: if they are another architecture's.
        """
        parts = training.parts_of(model)
        if self.part is not None and self.part not in parts:
            raise RunError(
                f"The parts of this model are {', '.join(parts)}. "
                f"Received: part={self.part}"
            )
        self._set(parts if self.part is None else {self.part: parts[self.part]})

    def describe(self, model) -> dict:
        """Says which weights these are, as settings of a training have it."""
        parts = training.parts_of(model).items()
        digest = hashlib.sha256()
        for name, network in parts:
            if self.part in (None, name):
                for value in network.get_weights():
                    digest.update(value.tobytes())
        return {"part": self.part or "all", "sha256": digest.hexdigest()}
