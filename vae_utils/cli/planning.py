"""From the options of `train` to a plan: data, weights, and what to remember."""

import shlex
import warnings
from pathlib import Path

from vae_utils import paths
from vae_utils.cli import backend, first_stage, loading_data
from vae_utils.cli.choosing import adapt_to_data
from vae_utils.cli.errors import UsageError
from vae_utils.cli.options import PROGRAM
from vae_utils.cli.output import log
from vae_utils.configurations import PICTURES, pictures

SEED = 1
REMEMBERED = ("data_dir", "no_download", "device", "keep_every")  # for --resume


def remember(options, config):
    """Gives options that were not given the values they had when the run started.

    Raises:
        UsageError: if the run's data folder is gone, which may have been moved. Nobody
            asked for a download into a new one.
    """
    asked = options.data_dir is not None
    for name in REMEMBERED:
        if getattr(options, name) in (None, False):
            setattr(options, name, config.get(name))
    if asked or options.data_dir is None:
        return
    # Earlier versions remembered it as it was typed.
    options.data_dir = str(paths.absolute(options.data_dir))
    if config["settings"]["complete"] and not Path(options.data_dir).is_dir():
        raise UsageError(
            "The run's data folder is not there: give its new place with --data-dir. "
            f"Received: {options.data_dir}, from config.json"
        )


def load_data(options, config, configuration, first):
    """Loads the data of a run, new or resumed, and refuses those that do not suit it.

    Args:
        options: of the parser.
        config: of the run to resume; empty for a new one.
        configuration: what to build.
        first: `first_stage.FirstStage` of a new run that learns its codes, or None.
    """
    if config:
        data = loading_data.load_again(config["settings"], options, options.data_dir)
    elif first:
        data = first_stage.load_data(first, options)
    else:
        data = loading_data.load(options)
    loading_data.check_labels(configuration, data)
    return data


def make_plan(options, folder, config, configuration, data):
    """Makes the plan of a run.

    Args:
        options: of the parser.
        folder: of the run.
        config: of the run to resume; empty for a new one.
        configuration: what to build, and how to train it.
        data: `datasets.Dataset` to train on.

    Returns:
        A `session.Plan`.
    """
    from vae_utils.runs import session
    from vae_utils.runs.initial_weights import InitialWeights

    settings = config.get("settings", {})
    if not config:
        configuration = adapt_to_data(options, configuration, len(data.x_train))
        _warn_of_few(options, len(data.x_train))
    if not options.quiet:
        log(data.provenance)
    weights = _choose_weights(options, config, folder)
    plan = session.Plan(
        folder,
        configuration,
        data,
        settings.get("seed", SEED) if options.seed is None else options.seed,
        viz=settings.get("viz", True) if options.viz is None else options.viz,
        weights=InitialWeights(*weights) if weights else None,
        keep_every=options.keep_every,
        log_dir=options.log_dir,
        live=options.live,
        progress=not options.quiet,
        metadata={
            "command": command(options.arguments),
            **{name: getattr(options, name) for name in REMEMBERED},
            "load_weights": weights or config.get("load_weights"),
        },
    )
    if plan.live:
        _open_windows(plan)
    return plan


def _warn_of_few(options, count):
    """Says what the preset for pictures cannot do with so few, if they are few."""
    warning = pictures.warn_of_few(count) if options.preset in PICTURES else ""
    if warning:
        log(warning)


def _choose_weights(options, config, folder):
    """Returns path and part of weights to start with; None where none are needed."""
    from vae_utils.runs.initial_weights import FIRST_STAGE
    from vae_utils.training.checkpoint_file import list_epochs

    before, given = config.get("load_weights"), None
    if source := options.codes_of or options.load_weights:
        path = Path(source)
        part = FIRST_STAGE if options.codes_of else options.part
        given = [str(path.resolve()) if path.exists() else str(path), part]
    if config and given in (None, before):  # checkpoints have them
        return None if list_epochs(folder.checkpoints) else before
    return given


def _open_windows(plan):
    """Prepares for the live picture, or warns that there will be none."""
    reason = "a model that draws no images"
    if plan.can_draw:
        reason = backend.open_windows()
    if reason:
        warnings.warn(
            f"There is nothing to show live, or no display. Received: {reason}",
            stacklevel=3,
        )


def command(arguments) -> str:
    """Writes the command with these arguments, as one types it."""
    return f"{PROGRAM} {shlex.join(arguments)}"
