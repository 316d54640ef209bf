"""Loads the data that options name, or that a run was trained on."""

import warnings
from pathlib import Path

from vae_utils import datasets, paths
from vae_utils.cli import own_data
from vae_utils.cli.errors import UsageError
from vae_utils.configurations import MODELS, check_same
from vae_utils.datasets.folders import ForeignFolder
from vae_utils.runs.training_data import load_data

DATA = "mnist"


def load(options):
    """Loads the data that options name, by default MNIST.

    Args:
        options: of `train` or `data`.

    Returns:
        The `datasets.Dataset`.

    Raises:
        UsageError: if an option does not suit the data, or data of one's own cannot be
            used.
        ValueError: if a data set that has a name cannot be loaded.
    """
    name, choices = options.data or DATA, own_data.read_choices(options)
    own = paths.is_path(name)
    if own:
        _check_own(options)
        choices = own_data.for_path(choices)
    else:
        name, choices = own_data.name_variant(name, choices), {}
        _warn_of_folder(options.data)
    try:
        return datasets.load(
            name,
            data_dir=options.data_dir,
            sample=options.sample or None,
            download=not options.no_download,
            **choices,
        )
    except ForeignFolder as error:
        raise UsageError(str(error)) from error
    except ValueError as error:
        if own:
            raise _explain(error) from error
        raise


def load_again(settings: dict, options, data_dir):
    """Loads the data that a run was trained on.

    Args:
        settings: of the run.
        options: of the command; `data` and `labels` say where own data are now.
        data_dir: folder of published data; None for none.

    Returns:
        The `datasets.Dataset`.

    Raises:
        UsageError: if own data are not where they were, or not the same.
        ValueError: if a data set that has a name cannot be loaded.
    """
    recipe, source = settings.get("recipe"), {"data_dir": data_dir}
    source["download"] = not options.no_download
    if recipe is None:
        _refuse_place(settings, options)
        return load_data(settings, **source)
    labels = options.labels if options.labels != own_data.FOLDERS else None
    _check_there(recipe.get("path"), options)
    try:
        return load_data(settings, **source, path=options.data, labels=labels)
    except ValueError as error:
        raise _explain(error) from error


def check_resumable(settings: dict, options) -> str:
    """Refuses options that ask for other data than a run's, as far as that is known.

    Args:
        settings: of the run to resume.
        options: of the command.

    Returns:
        The name of the data set that options ask for.
    """
    name, choices = options.data or settings["data"], own_data.read_choices(options)
    recipe = settings.get("recipe")
    if recipe is None:
        return name if paths.is_path(name) else own_data.name_variant(name, choices)
    if options.data and not paths.is_path(name):
        check_same({"data": settings["data"]}, {"data": name})
    wanted = own_data.for_path(choices)
    files = (None, own_data.FOLDERS)
    if wanted.get("labels") not in files and recipe.get("labels") not in files:
        del wanted["labels"]  # a CSV file may have been moved; contents are compared
    names = {name: own_data.SPELLINGS[name] for name in wanted}
    check_same(
        {names[key]: recipe.get(key) for key in wanted},
        {names[key]: value for key, value in wanted.items()},
    )
    return settings["data"]


def check_labels(configuration, data):
    """Refuses to train a model that needs labels on data that have none."""
    needs = hasattr(configuration, "conditioned") or configuration.model == "classifier"
    if needs and data.classes < 2:
        raise UsageError(
            f"A {MODELS[configuration.model].description} needs classes, and the data "
            "have none: put each class's pictures into a folder of its own, give a "
            "file of labels with --labels, or choose --model vae. "
            f"Received: {data.name}, --model {configuration.model}"
        )


def find_place(settings: dict, options=None) -> str:
    """Returns where own data of a run are; the name of others."""
    given = getattr(options, "data", None)
    return given or settings.get("recipe", {}).get("path") or settings["data"]


def check_outside(target, data, option: str):
    """Refuses to write into a folder of pictures, which would then be other data.

    Args:
        target: what would be written.
        data: path of the data; None, or the name of a data set, allows any target.
        option: that names another target.
    """
    if not (target and data and paths.is_path(data)):
        return
    folder = paths.absolute(data).resolve()
    if folder.is_dir() and paths.absolute(target).resolve().is_relative_to(folder):
        raise UsageError(
            "Nothing is written into the folder that the data are read from: choose "
            f"another place with {option}. Received: {target}"
        )


def _check_own(options):
    """Refuses options of published data together with a path."""
    for name, value in (("data-dir", options.data_dir), ("sample", options.sample)):
        if value:
            raise UsageError(
                f"--{name} is for data sets that have names, not for your own. "
                f"Received: --data {options.data}, --{name}"
            )


def _check_there(remembered, options):
    """Refuses a path where nothing is: that of the command, or that of the run."""
    if options.data and not Path(options.data).exists():
        raise UsageError(
            f"There is no such file or folder. Received: --data {options.data}"
        )
    if not options.data and remembered and not Path(remembered).exists():
        raise UsageError(
            "The run's data were moved or removed: give the file or folder that "
            f"has them now with --data. Received: {remembered}, from config.json"
        )


def _refuse_place(settings, options):
    """Refuses to look for published data where own data would be."""
    if options.data and paths.is_path(options.data) or options.labels:
        given = "--data" if options.data else "--labels"
        raise UsageError(
            f"The run was trained on {settings['data']}, which is found by its name: "
            f"leave out {given}. Received: {given} {options.data or options.labels}"
        )


def _warn_of_folder(name):
    """Says that a name is a data set's, where a folder has that name too.

    A folder of IDX files holds the data set itself, in all likelihood.
    """
    folder = Path(name or "")
    if name and folder.is_dir() and not any("idx" in p.name for p in folder.iterdir()):
        warnings.warn(
            f"{name} is the data set of that name; for the folder of that name write "
            f"--data ./{name}.",
            stacklevel=3,
        )


def _explain(error):
    return UsageError(own_data.translate(str(error)))
