"""Sweeps: training runs for all combinations of some settings."""

import itertools
import re
from collections.abc import Sequence

from vae_utils.runs.folder import RunError, RunFolder

TABLE, PICTURE = "compare.csv", "compare.png"  # in the folder of a sweep
UNUSUAL = re.compile(r"[^\w.+-]+")  # characters that no name of a folder gets


def combine(axes: dict[str, Sequence[str]]) -> list[dict[str, str]]:
    """Lists all combinations of values; the last setting changes fastest.

    Args:
        axes: name of a setting → its values.
    """
    return [
        dict(zip(axes, values, strict=True))
        for values in itertools.product(*axes.values())
    ]


def name(settings: dict[str, str]) -> str:
    """Names the folder of a run for its settings, such as `beta-0.5_latent-dim-2`."""
    parts = (f"{n}-{value}" for n, value in settings.items())
    return "_".join(UNUSUAL.sub("-", part).strip("-") for part in parts)


def check_root(folder: RunFolder, names: Sequence[str], *, resume, overwrite):
    """Raises RunError unless a sweep can start, or be resumed, in a folder.

    Args:
        folder: of the whole sweep.
        names: of the runs' folders inside it.
        resume: whether runs that are there are kept.
        overwrite: whether runs that are there may be removed.

    Raises:
        RunError: if the folder is a run itself, has other files, or there is a sweep
            that is neither to be resumed nor to be removed.
    """
    if folder.path.exists() and not folder.path.is_dir():
        raise RunError(f"A sweep is a folder. Received: {folder.path}, a file")
    if folder.config.exists():
        raise RunError(
            "There is a single run, and a sweep needs a folder of its own: choose "
            f"another one (--output-dir). Received: {folder.path}"
        )
    there = {p.name for p in folder.path.iterdir()} if folder.path.exists() else set()
    if resume and not any((folder.path / n / "config.json").exists() for n in there):
        raise RunError(f"There is no sweep to resume. Received: {folder.path}")
    if not there or resume:
        return
    if not overwrite:
        raise RunError(
            "The folder is not empty: resume the sweep in it (--resume), remove its "
            "runs (--overwrite), or choose another folder (--output-dir). "
            f"Received: {folder.path}"
        )
    if foreign := sorted(there - {*names, TABLE, PICTURE}):
        raise RunError(
            "The folder has other files than this sweep's runs, and they are "
            "not changed: choose another folder (--output-dir). "
            f"Received: {foreign[0]}, in {folder.path}"
        )


def is_finished(folder: RunFolder, configuration) -> bool:
    """Tells whether a run needs no more training, and was measured at its end.

    Args:
        folder: of the run.
        configuration: how long it is to train.
    """
    from vae_utils.training.checkpoint_file import list_epochs  # needs Keras
    from vae_utils.training.stopping import has_stopped

    epochs = list_epochs(folder.checkpoints)
    if not (epochs and folder.metrics.exists() and folder.history.exists()):
        return False
    losses = folder.read_history().get("val_loss", [])[: epochs[-1]]
    stopped = has_stopped(losses, configuration.patience)
    return epochs[-1] >= configuration.epochs or stopped
