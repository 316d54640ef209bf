"""`--codes-of`: the trained run whose codes a model of a second stage learns."""

from pathlib import Path
from typing import NamedTuple

from vae_utils import paths
from vae_utils.cli.errors import UsageError
from vae_utils.cli.loading_data import load_again
from vae_utils.cli.values import location
from vae_utils.configurations import MODELS
from vae_utils.runs import recorded
from vae_utils.runs.folder import RunFolder


class FirstStage(NamedTuple):
    """The run whose codes are learned.

    Args:
        path: as it was given.
        settings: of the run, as `configurations.describe` lists them.
        data_dir: folder of its published data, if it is still there; else None.
    """

    path: str
    settings: dict
    data_dir: str | None


def add_option(group):
    """Adds `--codes-of`."""
    seconds = ", ".join(name for name, model in MODELS.items() if model.first)
    group.add_argument(
        "--codes-of",
        type=location,
        metavar="RUN",
        help=f"the run whose codes are learned, by {seconds}: a folder, or the name of "
        "a recorded run that has weights; data and images are those of that run",
    )


def find(options, model: str) -> FirstStage | None:
    """Finds the run that a new run starts from, if its model needs one.

    Args:
        options: of `train`.
        model: key of `MODELS`, of the new run.

    Raises:
        UsageError: if there is a run and the model needs none, or the other way round;
            or it is a run of another model; or options say what it has decided.
        ValueError: if there is no such run.
    """
    needed = MODELS[model].first
    if needed is None:
        _refuse_needless(options, model)
        return None
    if not options.codes_of:
        raise UsageError(
            f"A {MODELS[model].description} learns the codes of a trained run, and "
            f"needs to know which: train --model {needed} first, then name its folder "
            "with --codes-of. Received: no --codes-of"
        )
    found = _read(options.codes_of)
    if found.settings["model"] != needed:
        raise UsageError(
            f"The codes must be those of a run of the model {needed}. Received: "
            f"--codes-of {options.codes_of}, a run of {found.settings['model']}"
        )
    _refuse_others(options, found)
    return found


def check_resumed(options, folder, config):
    """Refuses codes of another run than those that a run was started on.

    Args:
        options: of `train --resume`.
        folder: of the run.
        config: of the run.

    Raises:
        UsageError: if there is another. One that was moved must be named while there is
            no checkpoint, and is then compared.
    """
    model = config["settings"]["model"]
    if MODELS[model].first is None:
        return _refuse_needless(options, model)
    source, _ = config.get("load_weights") or (None, None)
    kept = any(folder.checkpoints.glob("*.npz"))
    given = options.codes_of
    if given and kept and source not in (given, str(paths.absolute(given).resolve())):
        raise UsageError(
            "A run is resumed with the codes it started with, which its checkpoints "
            f"have: leave out --codes-of. Received: --codes-of {given}, not {source}"
        )


def _refuse_needless(options, model):
    """Refuses codes for a model that starts from nothing."""
    if options.codes_of:
        raise UsageError(
            f"A {MODELS[model].description} learns no codes of another run: leave out "
            f"--codes-of. Received: --codes-of {options.codes_of}"
        )


def _read(path) -> FirstStage:
    """Reads a run's settings; those of a recorded one if no folder has that name."""
    folder = RunFolder(path)
    if not folder.path.exists() and path in recorded.list_studies():
        return FirstStage(path, recorded.load_trained(path).one.settings, None)
    config = folder.read_config()
    remembered = config.get("data_dir")
    there = remembered if remembered and Path(remembered).is_dir() else None
    return FirstStage(path, config["settings"], there)


def _refuse_others(options, found):
    """Refuses what contradicts the first stage, or would replace its weights."""
    for name in ("preset", "load_weights"):
        if getattr(options, name):
            raise UsageError(
                "Networks and their weights are those of the run that --codes-of "
                f"names: leave out --{name.replace('_', '-')}. "
                f"Received: --{name.replace('_', '-')} {getattr(options, name)}"
            )
    named = options.data and not paths.is_path(options.data)
    if named and options.data != found.settings["data"]:
        raise UsageError(
            f"The data are those of the run that --codes-of names, "
            f"{found.settings['data']}: leave out --data. "
            f"Received: --data {options.data}"
        )


def load_data(first: FirstStage, options):
    """Loads the data of the run whose codes are learned.

    Args:
        first: the run.
        options: of `train`; `data` and `labels` say where own data are now.
    """
    settings = first.settings
    if options.sample:
        if "recipe" in settings:
            raise UsageError(
                "There is no bundled sample of your own data: leave out --sample. "
                "Received: --sample"
            )
        settings = settings | {"complete": False}
    return load_again(settings, options, options.data_dir or first.data_dir)
