"""Trained models of runs: in folders, in checkpoints, and among the recorded ones."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from vae_utils import configurations, datasets, models
from vae_utils.errors import Damaged
from vae_utils.runs import recorded
from vae_utils.runs.folder import RunError, RunFolder
from vae_utils.training import checkpoint_file


class Run(NamedTuple):
    """A run whose model is trained, not loaded yet.

    Args:
        name: of the run.
        settings: as `configurations.describe` lists them.
        epoch: after which the weights were kept, counted from 1.
        history: name → one number per epoch.
        minutes: of training.
        load_whole: function that sets all weights of a model.
        load_parts: function that sets the weights of `{"decoder": network}`, or more.
        folder: of the run; None for a recorded one.
    """

    name: str
    settings: dict
    epoch: int
    history: dict
    minutes: float
    load_whole: Callable
    load_parts: Callable[[dict], None]
    folder: Path | None = None

    @property
    def configuration(self):
        """What was built, and how it was trained."""
        settings = self.settings
        return configurations.read(settings["model"], settings["configuration"])

    @property
    def data(self) -> str:
        """The name of the data set."""
        return self.settings["data"]

    @property
    def shape(self) -> dict:
        """`image_shape` and `classes` of the data, as `models.build` takes them."""
        if "image_shape" in self.settings:
            shape, classes = self.settings["image_shape"], self.settings["classes"]
        else:  # a run of an earlier version
            entry = datasets.describe(self.data)
            shape, classes = entry.image_shape, entry.classes
        return {"image_shape": tuple(shape), "classes": classes}


def find(path: str, epoch: str = "last") -> Run:
    """Finds a trained model.

    Args:
        path: of a run's folder, or the name of a recorded run that has weights.
        epoch: `"last"`, `"best"` (smallest validation loss), or a number from 1.

    Returns:
        The run.

    Raises:
        ValueError: if there is no such run, or it kept no such epoch.
    """
    folder = RunFolder(path)
    if not folder.path.exists():
        if path in recorded.list_studies():
            return _find_recorded(path, epoch)
        raise RunError(
            "There is no such folder, and no recorded run of that name. "
            f"Received: {path}"
        )
    settings = folder.read_config()["settings"]
    checkpoint, metadata = _find_checkpoint(folder, epoch)
    return Run(
        folder.path.name,
        settings,
        metadata["epoch"],
        metadata["history"],
        metadata["minutes"],
        lambda model: checkpoint_file.load_whole(model, checkpoint),
        lambda parts: checkpoint_file.load_parts(parts, checkpoint),
        folder.path,
    )


def _find_recorded(name, epoch):
    study = recorded.load_study(name)
    if epoch != "last":
        raise RunError(f"A recorded run keeps its last epoch. Received: epoch {epoch}")
    if len(study) != 1 or recorded.WEIGHTS not in study.files:
        raise RunError(
            "This recorded run keeps no weights; train it, as its protocol says. "
            f"Received: {name}"
        )
    result = study.one
    return Run(
        name,
        result.settings,
        result.epochs,
        result.history,
        study.minutes,
        lambda model: recorded.load_whole(model, name),
        lambda parts: recorded.load_weights(parts, name),
    )


def _find_checkpoint(folder, epoch):
    """Returns the path of a checkpoint, and its metadata."""
    numbers = checkpoint_file.list_epochs(folder.checkpoints)
    if not numbers:
        raise RunError(
            "The run has no checkpoint yet: complete its first epoch (train --resume). "
            f"Received: {folder.path}"
        )
    number = numbers[-1]
    if epoch == "best":
        last = checkpoint_file.path_of(folder.checkpoints, number)
        number = _read_metadata(last)["best_epoch"] or number
    elif epoch != "last":
        number = int(epoch)
    if number not in numbers:
        raise RunError(
            f"The run has kept epochs {', '.join(map(str, numbers))}; --keep-every "
            f"keeps more. Received: epoch {number}"
        )
    path = checkpoint_file.path_of(folder.checkpoints, number)
    return path, _read_metadata(path)


def _read_metadata(path):
    try:
        return checkpoint_file.read(path, parts=())["about"]
    except Damaged as error:
        raise RunError(
            "Resume the run (train --resume), which falls back to the previous epoch, "
            f"or name another --epoch. {error}"
        ) from error


def load(run: Run):
    """Builds the model of a run and sets its weights, all of them.

    Args:
        run: as `find` returns it.

    Returns:
        The model, not compiled; `models.VAE` or another of that module.

    Raises:
        ValueError: if the weights are not those of the model.
    """
    model = _build(run)
    run.load_whole(model)
    return model


def load_decoding_parts(run: Run):
    """Builds the model of a run and sets the weights of all parts but the encoder.

    That is enough to decode codes, and to draw them from the prior.
    """
    model = _build(run)
    parts = {name: part for name, part in model.parts.items() if name != "encoder"}
    run.load_parts(parts)
    return model


def _build(run):
    return models.build(run.configuration, **run.shape, seed=run.settings["seed"])
