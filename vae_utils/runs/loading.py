"""Trained models of runs: in folders, in checkpoints, and among the recorded ones."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from vae_utils import configurations, datasets, models
from vae_utils.configurations import check_same
from vae_utils.runs import kept_checkpoint, recorded
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
    def class_names(self) -> tuple[str, ...]:
        """The name of each class; its number if no name is known."""
        if "class_names" in self.settings:
            return tuple(self.settings["class_names"])
        try:
            return datasets.describe(self.data).class_names
        except ValueError:  # data that were made in a program
            return tuple(map(str, range(self.shape["classes"])))

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
            return find_recorded(path, epoch)
        raise RunError(
            "There is no such folder, and no recorded run of that name. "
            f"Received: {path}"
        )
    _check_shadow(folder)
    settings = folder.read_config()["settings"]
    path, contents, metadata = kept_checkpoint.read(folder, epoch)
    _check_described(folder, settings, metadata["settings"])
    kept = {"path": path, "contents": contents}
    return Run(
        folder.path.name,
        settings,
        metadata["epoch"],
        metadata["history"],
        metadata["minutes"],
        lambda model: checkpoint_file.load_whole(model, **kept),
        lambda parts: checkpoint_file.load_parts(parts, **kept),
        folder.path,
    )


def _check_shadow(folder):
    """Raises RunError for a folder that is no run, but hides a recorded one."""
    here = folder.path.resolve()
    name = here.name
    hides = here.parent == Path.cwd() and name in recorded.list_studies()
    if hides and not folder.config.exists():
        raise RunError(
            f"{name} is a recorded run, but a file or folder of that name is here, "
            "which is not a run: rename it, or run the command in another folder, to "
            f"reach the recorded run. Received: {folder.path}"
        )


def _check_described(folder, settings, kept):
    """Raises RunError unless `config.json` has the configuration of a checkpoint."""
    names = ("model", "configuration") if kept else ()
    try:
        check_same(*({name: each[name] for name in names} for each in (kept, settings)))
    except ValueError as error:
        received = str(error).rpartition("Received: ")[2]
        raise RunError(
            f"{folder.config} describes another model than the checkpoints next to it: "
            f"restore it. Received: {received}"
        ) from error


def find_recorded(name: str, epoch: str = "last") -> Run:
    """Finds the model of a recorded run, whatever the working folder holds.

    Args:
        name: of the recorded run.
        epoch: `"last"`, which is the only one that is kept.

    Raises:
        ValueError: if there is no such run, or it kept no weights, or another epoch is
            asked for.
    """
    study = recorded.load_trained(name)
    if epoch != "last":
        raise RunError(
            f"A recorded run has only its last epoch. Received: epoch {epoch}"
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
