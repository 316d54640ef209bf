"""Three functions for programs and notebooks: load data, train, load what was trained.

They do what the command line does, and a run in a folder is the same run for both.
"""

import contextlib
import tempfile
from os import PathLike, fspath
from types import SimpleNamespace

import keras

from vae_utils import configurations, datasets
from vae_utils.cli.choosing import (
    DEFAULT,
    PRESETS,
    adapt_to_data,
    choose_configuration,
)
from vae_utils.cli.values import NONE
from vae_utils.configurations.fields import describe_fields
from vae_utils.datasets import Dataset
from vae_utils.runs import RunFolder, loading, session


def load_data(source: str | PathLike = "mnist", **choices) -> Dataset:
    """Loads a named data set, or your own images.

    Args:
        source: name of a data set, such as `"mnist"` or `"cats-64"`; or a path with a
            separator in it, such as `"./photos"`: a folder of pictures, an `.npz` or
            `.npy` file, or a folder of IDX files.
        **choices: as for `datasets.load`; with a folder of pictures, such as `size=64`,
            as for `datasets.from_folder`.

    Returns:
        The images, split into training, validation and test.

    Raises:
        ValueError: if there is no such data set, or no data at the path.
    """
    return datasets.load(source, **choices)


def train(
    data: Dataset | str | PathLike,
    *,
    preset: str | None = None,
    model: str | None = None,
    seed: int = 1,
    folder: str | PathLike | None = None,
    resume: bool = False,
    overwrite: bool = False,
    progress: bool = True,
    **settings,
) -> tuple[keras.Model, dict]:
    """Trains a model; by default the book's VAE.

    Args:
        data: what to train on, or what `load_data` takes.
        preset: whose settings are the defaults, such as `"pictures"` for images in
            colour.
        model: kind of model, such as `"cvae"`; by default that of the preset.
        seed: of weights, noise, order and binarisation.
        folder: of the run, for the commands `evaluate`, `animate` and `export`, and to
            resume; None keeps nothing.
        resume: whether to resume the run in the folder.
        overwrite: whether to remove the run in the folder first.
        progress: whether to show progress.
        **settings: fields of the model's configuration, as in `latent_dim=10`.

    Returns:
        The trained model, not compiled, and the history, name → one number per epoch.
        If training stops without progress (`patience`), it is the model of the best
        epoch.

    Raises:
        ValueError: if a setting does not exist or is out of range, the data do not suit
            the model, or the folder is taken.
        Diverged: if a loss became NaN or infinite.
    """
    with contextlib.ExitStack() as stack:
        kept = folder is not None
        path = folder if kept else stack.enter_context(tempfile.TemporaryDirectory())
        run = RunFolder(path)
        saved = run.read_config()["settings"] if resume else {}
        data = data if isinstance(data, Dataset) else load_data(data)
        plan = session.Plan(
            run,
            _configure(preset, model, settings, saved, len(data.x_train)),
            data,
            saved.get("seed", seed),
            viz=saved.get("viz", kept),
            progress=progress,
            metadata={"command": "vae_utils.train"},
        )
        history = session.train(plan, resume=resume, overwrite=overwrite)
        epoch = "last" if plan.configuration.patience is None else "best"
        return load(run.path, epoch), history


def load(run: str | PathLike, epoch: str | int = "last") -> keras.Model:
    """Loads a trained model.

    Args:
        run: folder of a run, or the name of a recorded run that keeps weights.
        epoch: `"last"`, `"best"` (smallest validation loss), or a number from 1.

    Returns:
        A `models.VAE`, or another model of that module, which is not compiled.

    Raises:
        ValueError: if there is no such run, or it kept no such epoch.
    """
    return loading.load(loading.find(fspath(run), str(epoch)))


def _configure(preset, model, settings, saved, count):
    """Makes the configuration of a run, as the command line does.

    Args:
        preset: name, or None.
        model: name, or None.
        settings: fields of the configuration that were given.
        saved: settings of the run that is resumed; empty for a new one.
        count: number of training images.
    """
    for name, value, known in (
        ("preset", preset, PRESETS),
        ("model", model, configurations.MODELS),
    ):
        if value is not None and value not in known:
            raise ValueError(
                f"{name} must be one of {', '.join(known)}. Received: {name}={value!r}"
            )
    default = PRESETS[preset].model if preset else saved.get("model", DEFAULT)
    options = _as_options(preset, model, settings, kind=model or default)
    configuration = choose_configuration(options, saved or None)
    return configuration if saved else adapt_to_data(options, configuration, count)


def _as_options(preset, model, settings, kind):
    """Makes of settings what the command line's parser makes of options."""
    fields = describe_fields(configurations.configuration_class(kind))
    if foreign := settings.keys() - fields.keys():
        received = ", ".join(f"{name}={settings[name]!r}" for name in sorted(foreign))
        raise ValueError(
            f"A {configurations.MODELS[kind].description} has no such setting; it has "
            f"{', '.join(fields)}. Received: {received}"
        )
    given = {n: NONE if value is None else value for n, value in settings.items()}
    owners = dict.fromkeys(fields, [kind])
    options = dict.fromkeys(fields) | given
    return SimpleNamespace(preset=preset, model=model, fields=owners, **options)
