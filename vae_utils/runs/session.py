"""Training in a folder: beginning, going on, and what is left at the end."""

import dataclasses
import warnings
from collections.abc import Sequence

import keras

from vae_utils import training
from vae_utils.configurations import Configuration, Schedule, check_same, describe
from vae_utils.datasets import Dataset
from vae_utils.provenance import backend, hardware, versions
from vae_utils.runs import loading
from vae_utils.runs.folder import RunError, RunFolder

PREVIEWED = 10  # validation images of the live picture


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to train, where, and what to show meanwhile.

    Args:
        folder: of the run.
        configuration: what to build, and how to train it.
        data: what to train on.
        seed: int, of weights, noise, order and binarisation.
        viz: whether to keep snapshots after every epoch, and draw figures at the end.
        weights: to begin with; None for freshly drawn ones.
        keep_every: epochs between checkpoints that stay; None for no such.
        log_dir: where TensorBoard finds the runs `train` and `val`; None for no logs.
        live: whether to show reconstructions after every epoch.
        progress: whether to show progress.
        about: name → value, for `config.json`.
    """

    folder: RunFolder
    configuration: Schedule
    data: Dataset
    seed: int
    viz: bool = True
    weights: loading.InitialWeights | None = None
    keep_every: int | None = None
    log_dir: str | None = None
    live: bool = False
    progress: bool = True
    about: dict = dataclasses.field(default_factory=dict)

    @property
    def draws(self) -> bool:
        """Whether the network draws images, and shall."""
        return self.viz and isinstance(self.configuration, Configuration)


def train(plan: Plan, *, resume: bool = False, overwrite: bool = False) -> dict:
    """Trains in a folder.

    Args:
        plan: what, and where.
        resume: whether to go on with the run that is there.
        overwrite: whether to remove it instead.

    Returns:
        The history, name → one number per epoch.

    Raises:
        RunError: if the folder is taken, or there is nothing to go on with.
        ValueError: if the settings are not those of the run that is to go on, or data,
            weights and configuration do not fit.
        Diverged: if the loss is no number any more.
    """
    if not resume:
        plan.folder.check_free(overwrite=overwrite)
    config = plan.folder.read_config() if resume else {}
    prepared = training.prepare(plan.configuration, plan.data, seed=plan.seed)
    settings = _describe(plan, prepared.model, config.get("settings", {}))
    checkpoints = training.Checkpoints(
        plan.folder.checkpoints,
        settings,
        every=plan.keep_every,
        saved=plan.folder.write_history,
    )
    watching = list(_watch(plan))  # before anything is removed
    if resume:
        _go_on(plan, config, settings, checkpoints, prepared)
    else:
        plan.folder.begin({**_surroundings(), **plan.about, "settings": settings})
    return _fit(plan, prepared, checkpoints, watching)


def _fit(plan, prepared, checkpoints, watching):
    """Trains to the end, and writes the history and the film."""
    snapshots = training.Snapshots(plan.folder.path, plan.data) if plan.draws else None
    kept = [snapshots] if snapshots else []
    try:
        history = training.fit(
            prepared, callbacks=[*watching, *kept], checkpoints=checkpoints
        )
    finally:
        _close(watching)
    plan.folder.write_history(history)
    if snapshots:
        snapshots.join(prepared.epochs)
    return history


def _close(callbacks):
    """Shows the table of a training that did not come to its end, too."""
    for callback in callbacks:
        if isinstance(callback, training.Progress):
            callback.close()


def _describe(plan, model, saved):
    """Lists the settings of a training, its first weights included."""
    weights = saved.get("weights")
    if plan.weights is not None:
        plan.weights.set(model)
        weights = plan.weights.describe(model)
    return describe(
        plan.configuration, plan.data, plan.seed, viz=plan.viz, weights=weights
    )


def _surroundings():
    """Names what the last bits of a training depend on beside its settings."""
    return {"versions": versions(), "backend": backend(), "hardware": hardware()}


def _go_on(plan, config, settings, checkpoints, prepared):
    """Restores the last epoch of a run whose settings are the same."""
    check_same(config["settings"], settings)
    now = _surroundings()
    differences = ", ".join(
        f"{name} {value}, not {config.get(name)}"
        for name, value in now.items()
        if config.get(name) != value
    )
    if differences:
        warnings.warn(
            "The run was begun elsewhere and goes on, but not to the same last bits. "
            f"Received: {differences}",
            stacklevel=3,
        )
    epoch = checkpoints.restore(prepared.model)
    if epoch > prepared.epochs:
        raise RunError(
            f"The run has {epoch} epochs already. Received: epochs={prepared.epochs}"
        )
    changed = config | plan.about | {"settings": settings}  # more epochs, say
    changed["command"] = config.get("command")
    if changed != config:
        plan.folder.write_config(changed)


def _watch(plan) -> Sequence[keras.callbacks.Callback]:
    """Makes the callbacks that show a training."""
    if plan.progress:
        yield training.Progress(batch_size=plan.configuration.batch_size)
    draws = isinstance(plan.configuration, Configuration)
    if plan.live and draws:
        told = plan.configuration.labelled != "none"
        labels = plan.data.y_val[:PREVIEWED] if told else None
        images = plan.data.x_val[:PREVIEWED]
        yield training.Reconstructions(images, (), live=True, labels=labels)
    if plan.log_dir is not None:
        yield training.TensorBoard(plan.log_dir, plan.data)
