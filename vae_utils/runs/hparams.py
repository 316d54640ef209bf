"""Settings and metrics of runs, as TensorBoard's HParams show them."""

import importlib.util
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from vae_utils.runs import comparability, compared
from vae_utils.runs.folder import RunError

EVENTS = "**/events.out.tfevents.*"


def check_folder(folder: str | PathLike):
    """Checks that logs can be written, before anything else is done.

    Args:
        folder: for the logs, without others.

    Raises:
        ModuleNotFoundError: if TensorBoard is not installed.
        RunError: if there are logs in the folder.
    """
    if importlib.util.find_spec("tensorboard") is None:
        raise ModuleNotFoundError(
            "HParams need TensorBoard installed: pip install tensorboard"
        )
    folder = Path(folder).expanduser()
    if any(folder.glob(EVENTS)):
        raise RunError(
            "There are logs of other runs: choose another folder, or remove them. "
            f"Received: {folder}"
        )


def write_hparams(
    runs: Sequence, verdict: comparability.Verdict, folder: str | PathLike
):
    """Writes a log for each run: the settings that differ, and the metrics.

    Args:
        runs: `compared.Compared`.
        verdict: which metrics are written.
        folder: for the logs.

    Raises:
        OSError: if it cannot be written to.
    """
    folder = Path(folder).expanduser()
    differing = compared.list_differences(runs)
    folder.mkdir(parents=True, exist_ok=True)
    _write_columns(folder, differing, verdict.metrics)
    for run in runs:
        _write_run(folder / run.name.replace("/", "_"), run, differing, verdict.metrics)


def _write_columns(folder, settings, metrics):
    """Says which columns the table has."""
    import tensorflow as tf
    from tensorboard.plugins.hparams import api

    columns = [api.HParam(name) for name in settings]
    numbers = [api.Metric(name) for name in metrics]
    with tf.summary.create_file_writer(str(folder)).as_default():
        api.hparams_config(hparams=columns, metrics=numbers)


def _write_run(folder, run, settings, metrics):
    import tensorflow as tf
    from tensorboard.plugins.hparams import api

    values = {name: _as_value(run, name) for name in settings if name in run.settings}
    with tf.summary.create_file_writer(str(folder)).as_default():
        api.hparams(values, trial_id=run.name)
        for name in metrics:
            if run.metrics.get(name) is not None:
                step = run.facts.get("epoch", 0)
                tf.summary.scalar(name, run.metrics[name], step=step)


def _as_value(run, name):
    """Returns a number or a flag as it is, anything else as text."""
    value = run.settings[name]
    plain = isinstance(value, (bool, int, float))
    return value if plain else compared.describe_setting(run, name)
