"""What runs hold that can be put side by side: settings, losses and metrics."""

import dataclasses
import json
from collections.abc import Sequence
from typing import NamedTuple

from vae_utils import configurations
from vae_utils.runs import recorded
from vae_utils.runs.folder import RunError, RunFolder
from vae_utils.runs.restated import restate

HIDDEN = ("viz",)  # settings that change no number
CONTENT = "content"  # hash of data of one's own
SPLIT_SEED = "split_seed"  # of these data, not of the run
MISSING = ""  # a setting that a model does not have


class Compared(NamedTuple):
    """A run, as it is compared with others.

    Args:
        name: of the run; no two are equal.
        settings: name → value, the fields of the configuration among them.
        history: name → one number per epoch.
        metrics: name → number, of the last evaluation; empty if there was none.
        measured: name → how it was measured.
        facts: `epoch` that was measured and `minutes` of training, as far as known.
    """

    name: str
    settings: dict
    history: dict
    metrics: dict
    measured: dict
    facts: dict


def read_runs(paths: Sequence[str]) -> list[Compared]:
    """Reads what runs hold.

    Args:
        paths: of runs' folders, or names of recorded runs with one result.

    Raises:
        RunError: if one of them is no run, or is named twice.
    """
    folders = [RunFolder(path) for path in paths]
    where = [folder.path.resolve() for folder in folders]
    if twice := [p for p, w in zip(paths, where, strict=True) if where.count(w) > 1]:
        raise RunError(f"A run can be named only once. Received: {twice[0]} twice")
    short = [folder.path.resolve().name for folder in folders]
    names = short if len(set(short)) == len(short) else list(map(str, paths))
    return [_read(*each) for each in zip(paths, folders, names, strict=True)]


def _read(path, folder, name):
    if not folder.path.exists() and path in recorded.list_studies():
        return _read_recorded(path)
    settings = folder.read_config()["settings"]
    history = folder.read_history() if folder.history.exists() else {}
    held = _read_metrics(folder)
    facts = {name: held[name] for name in ("epoch", "minutes") if name in held}
    numbers = held.get("metrics", {}), restate(held.get("measured", {}))
    return Compared(name, _flatten(settings), history, *numbers, facts)


def _read_recorded(name):
    study = recorded.load_study(name)
    if len(study) != 1 or study.one.settings is None:
        raise RunError(
            "A recorded run can be compared if it has one result, with its settings. "
            f"Received: {name}"
        )
    one = study.one
    facts = {"epoch": one.epochs}
    return Compared(name, _flatten(one.settings), one.history, one.metrics, {}, facts)


def _read_metrics(folder):
    """Reads `metrics.json`; an empty dict if there is none."""
    try:
        return json.loads(folder.metrics.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise RunError(
            f"{folder.metrics} cannot be read: measure again (evaluate). "
            f"Received: {type(error).__name__}: {error}"
        ) from error


def _flatten(settings):
    """Puts the fields of the configuration, as read today, among the other settings.

    So are the options that data of one's own were loaded with.
    """
    inside = "configuration", "recipe", *HIDDEN
    flat = {name: value for name, value in settings.items() if name not in inside}
    for name, value in (settings.get("recipe") or {}).items():
        flat[name if name != "seed" else SPLIT_SEED] = value
    read = configurations.read(settings["model"], settings["configuration"])
    return flat | json.loads(json.dumps(dataclasses.asdict(read)))


def list_differences(runs: Sequence[Compared]) -> list[str]:
    """Lists the settings that differ between runs that have them, the model first."""
    names = dict.fromkeys(name for run in runs for name in run.settings)
    return [name for name in names if _differs(runs, name)]


def _differs(runs, name):
    values = [run.settings[name] for run in runs if name in run.settings]
    return any(value != values[0] for value in values)


def describe_setting(run: Compared, name: str) -> str:
    """Writes the value of a setting, as one types it."""
    value = run.settings.get(name, MISSING)
    if name == CONTENT:
        return str(value)[:12]
    if isinstance(value, dict):  # first weights
        return json.dumps(value)
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def label(run: Compared, names: Sequence[str]) -> str:
    """Names a run by its settings that differ from others', for a legend."""
    parts = [f"{n}={describe_setting(run, n)}" for n in names if n in run.settings]
    return ", ".join(parts) or run.name
