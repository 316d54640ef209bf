"""Training in a folder: a new run, or one that is resumed."""

import dataclasses
import warnings
from collections.abc import Sequence

import keras

from vae_utils import training
from vae_utils.configurations import Schedule, check_same, describe, model_class
from vae_utils.datasets import Dataset
from vae_utils.models.abilities import missing
from vae_utils.provenance import backend, hardware, versions
from vae_utils.runs.folder import RunError, RunFolder, SettingsError
from vae_utils.runs.initial_weights import InitialWeights

PREVIEWED = 10  # validation images of the live picture


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to train, where, and what to show while training.

    Args:
        folder: of the run.
        configuration: what to build, and how to train it.
        data: what to train on.
        seed: int, of weights, noise, order and binarisation.
        viz: whether to keep snapshots after every epoch, and draw figures at the end.
        weights: to start with; None for newly drawn ones.
        keep_every: epochs between checkpoints to keep; None for none of them.
        log_dir: folder for TensorBoard's logs, `train` and `val`; None for no logs.
        live: whether to show reconstructions after every epoch.
        progress: whether to show progress.
        metadata: name → value, for `config.json`.
    """

    folder: RunFolder
    configuration: Schedule
    data: Dataset
    seed: int
    viz: bool = True
    weights: InitialWeights | None = None
    keep_every: int | None = None
    log_dir: str | None = None
    live: bool = False
    progress: bool = True
    metadata: dict = dataclasses.field(default_factory=dict)

    @property
    def can_draw(self) -> bool:
        """Whether the model draws reconstructions."""
        model = model_class(self.configuration.model)
        return not missing(model, ("encode", "decode"))


def train(plan: Plan, *, resume: bool = False, overwrite: bool = False) -> dict:
    """Trains in a folder.

    Args:
        plan: what, and where.
        resume: whether to resume the run in the folder, which no other process may
            train in meanwhile.
        overwrite: whether to remove it instead.

    Returns:
        The history, name → one number per epoch.

    Raises:
        RunError: if the folder is taken, or there is nothing to resume.
        SettingsError: if the configuration does not suit the data.
        ValueError: if the settings are not those of the run that is to be resumed, or
            weights and configuration do not fit.
        Diverged: if the loss became NaN or infinite.
    """
    if not resume:
        plan.folder.check_free(overwrite=overwrite)
    config = plan.folder.read_config() if resume else {}
    prepared = _prepare(plan)
    settings = _describe(plan, prepared.model, config.get("settings", {}))
    checkpoints = training.Checkpoints(
        plan.folder.checkpoints,
        settings,
        every=plan.keep_every,
        saved=plan.folder.write_history,
    )
    watching = list(_watch(plan))  # before anything is removed
    with plan.folder.locked():
        if resume:
            _resume(plan, settings, checkpoints, prepared)
        else:
            plan.folder.check_free(overwrite=overwrite)  # others may have been faster
            plan.folder.start({**_environment(), **plan.metadata, "settings": settings})
        return _fit(plan, prepared, checkpoints, watching)


def _prepare(plan):
    try:
        return training.prepare(plan.configuration, plan.data, seed=plan.seed)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _fit(plan, prepared, checkpoints, watching):
    """Trains to the end, and writes history and snapshots."""
    kept = []
    if plan.viz and plan.can_draw:
        kept = [training.Snapshots(plan.folder.path, plan.data)]
    try:
        history = training.fit(
            prepared, callbacks=[*watching, *kept], checkpoints=checkpoints
        )
    finally:
        _close(watching)
    plan.folder.write_history(history)
    for snapshots in kept:
        snapshots.join(prepared.epochs)
    return history


def _close(callbacks):
    """Shows the table, also of training that was interrupted."""
    for callback in callbacks:
        if isinstance(callback, training.Progress):
            callback.close()


def _describe(plan, model, saved):
    """Lists the settings of a run, its first weights included."""
    weights = saved.get("weights")
    if plan.weights is not None:
        plan.weights.set(model)
        weights = plan.weights.describe(model)
    return describe(
        plan.configuration, plan.data, plan.seed, viz=plan.viz, weights=weights
    )


def _environment():
    """Names what the last bits of a run depend on, apart from its settings."""
    return {"versions": versions(), "backend": backend(), "hardware": hardware()}


def _resume(plan, settings, checkpoints, prepared):
    """Restores the last epoch of a run whose settings are the same."""
    config = plan.folder.read_config()  # again: now no other process changes it
    check_same(config["settings"], settings)
    now = _environment()
    differences = ", ".join(
        f"{name} {value}, not {config.get(name)}"
        for name, value in now.items()
        if config.get(name) != value
    )
    if differences:
        warnings.warn(
            "The run was started in another environment; it is resumed, but its last "
            f"bits will differ. Received: {differences}",
            stacklevel=3,
        )
    epoch = checkpoints.restore(prepared.model)
    if epoch > prepared.epochs:
        raise RunError(
            f"The run has {epoch} epochs already. Received: epochs={prepared.epochs}"
        )
    if plan.viz and plan.can_draw and not config["settings"]["viz"] and epoch:
        warnings.warn(
            f"The run kept no snapshots of epochs 1 … {epoch} (--no-viz): its "
            "animations lack them.",
            stacklevel=3,
        )
    plan.folder.remove_unfinished()
    changed = config | plan.metadata | {"settings": settings}  # more epochs, say
    changed["command"] = config.get("command")
    if changed != config:
        plan.folder.write_config(changed)


def _watch(plan) -> Sequence[keras.callbacks.Callback]:
    """Makes the callbacks that show how training goes."""
    if plan.progress:
        yield training.Progress(batch_size=plan.configuration.batch_size)
    if plan.live and plan.can_draw:
        conditional = model_class(plan.configuration.model).conditional
        labels = plan.data.y_val[:PREVIEWED] if conditional else None
        images = plan.data.x_val[:PREVIEWED]
        yield training.Reconstructions(images, (), live=True, labels=labels)
    if plan.log_dir is not None:
        yield training.TensorBoard(plan.log_dir, plan.data)
