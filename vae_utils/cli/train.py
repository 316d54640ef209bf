"""`train`: from options to a run's folder."""

import dataclasses
import shlex
import warnings
from pathlib import Path

from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.errors import UsageError
from vae_utils.cli.options import PROGRAM
from vae_utils.cli.output import say, tell
from vae_utils.configurations import check_same
from vae_utils.errors import Diverged
from vae_utils.runs.folder import RunError, RunFolder

SEED, DATA, RUNS = 1, "mnist", "runs"
EVENTS = "*/events.out.tfevents.*"
REMEMBERED = ("data_dir", "no_download", "device", "keep_every")  # for --resume


def run(options):
    """Trains, measures and draws, as the options say."""
    if options.part and not options.load_weights:
        raise UsageError("--part goes with --load-weights. Received: --part alone")
    folder = RunFolder(options.output_dir or _default_folder(options))
    config = folder.read_config() if options.resume else {}
    _remember(options, config)
    settings = config.get("settings", {})
    configuration = choose_configuration(options, settings)
    if config:
        _check_resumable(options, configuration, settings)
    else:
        folder.check_free(overwrite=options.overwrite)
        _check_logs(options.log_dir)

    from vae_utils.cli import engine

    engine.start(options.device or "auto", debug=options.debug)
    plan = _make_plan(options, folder, config, configuration)
    _train(plan, options)


def _default_folder(options):
    return f"{RUNS}/{options.preset or options.model or 'vae'}"


def _remember(options, config):
    """Gives options that were not given the values they had when the run began."""
    for name in REMEMBERED:
        if getattr(options, name) in (None, False):
            setattr(options, name, config.get(name))


def _check_resumable(options, configuration, settings):
    """Refuses other settings at once; `session.train` knows the rest of them."""
    wanted = {
        "complete": settings["complete"] and not options.sample,
        "model": configuration.model,
        "data": options.data or settings["data"],
        "seed": settings["seed"] if options.seed is None else options.seed,
        "configuration": dataclasses.asdict(configuration),
    }
    check_same(settings, settings | wanted)


def _check_logs(log_dir):
    """Refuses to mix the logs of two runs, which would make one curve of them."""
    if log_dir and any(Path(log_dir).expanduser().glob(EVENTS)):
        raise UsageError(
            "There are logs of another run: name another folder, or remove them. "
            f"Received: --log-dir {log_dir}"
        )


def _make_plan(options, folder, config, configuration):
    from vae_utils import datasets
    from vae_utils.runs import loading, session

    settings = config.get("settings", {})
    data = datasets.load(
        options.data or settings.get("data", DATA),
        data_dir=options.data_dir,
        sample=not settings["complete"] if config else options.sample or None,
        download=not options.no_download,
    )
    if options.live and not _can_show(configuration):
        warnings.warn("There is nothing to show live, or no display.", stacklevel=2)
    if not options.quiet:
        say(data.provenance)
    weights = _choose_weights(options, config, folder)
    about = {name: getattr(options, name) for name in REMEMBERED}
    return session.Plan(
        folder,
        configuration,
        data,
        settings.get("seed", SEED) if options.seed is None else options.seed,
        viz=settings.get("viz", True) if options.viz is None else options.viz,
        weights=loading.InitialWeights(*weights) if weights else None,
        keep_every=options.keep_every,
        log_dir=options.log_dir,
        live=options.live,
        progress=not options.quiet,
        about={
            "command": _command(options.arguments),
            **about,
            "load_weights": weights or config.get("load_weights"),
        },
    )


def _choose_weights(options, config, folder):
    """Returns path and part of weights to begin with; None where none are needed."""
    from vae_utils.training.checkpoint_file import list_epochs

    before, given = config.get("load_weights"), None
    if options.load_weights:
        path = Path(options.load_weights).expanduser()
        given = [str(path.resolve()) if path.exists() else str(path), options.part]
    if config and given in (None, before):  # checkpoints have them
        return None if list_epochs(folder.checkpoints) else before
    return given


def _can_show(configuration):
    """Tells whether there are pictures, and Matplotlib can open a window for them."""
    import matplotlib.pyplot as plt

    figure = plt.figure()
    plt.close(figure)
    has_windows = figure.canvas.required_interactive_framework is not None
    return has_windows and configuration.model != "classifier"


def _train(plan, options):
    """Trains; whatever ends that early is told with what stands and how to go on."""
    from vae_utils.runs import session

    try:
        session.train(plan, resume=options.resume, overwrite=options.overwrite)
        _report(plan)
    except KeyboardInterrupt as error:
        raise type(error)(f"Interrupted. {_what_stands(plan, options)}") from error
    except Diverged as error:
        raise Diverged(f"{_last_epoch(plan)} {error}") from error
    except OSError as error:
        where = error.filename or plan.folder.path
        raise RunError(
            f"{where} could not be read or written. "
            f"Received: {error.strerror or error}. {_what_stands(plan, options)}"
        ) from error


def _report(plan):
    """Draws and measures the last epoch, as `evaluate` does, and films a plane."""
    from vae_utils.cli.evaluate import tell_metrics
    from vae_utils.runs import films, loading, pictures, report
    from vae_utils.training import read_snapshots

    source = loading.find(str(plan.folder.path))
    if plan.viz:
        request = pictures.Request()
        aspects = [a for a in pictures.PICTURES if pictures.has(source, a, request)]
        target = plan.folder.figures
        for path in pictures.draw(source, plan.data, aspects, request, target):
            tell(path)
        there = films.list_films(read_snapshots(plan.folder.path))
        if "canvas" in there:  # two latent dimensions
            request = films.Request(names=("spread", "canvas"))
            for path in films.film(source, request, target):
                tell(path)
    tell_metrics(report.summarise(source, plan.data), plan.folder)


def _what_stands(plan, options):
    """Says which epoch stands, and which command goes on from there."""
    if not plan.folder.config.exists():
        return "Nothing was begun."
    again = [a for a in options.arguments if a not in ("--overwrite", "--resume")]
    return f"{_last_epoch(plan)} Go on with:\n  {_command([*again, '--resume'])}"


def _last_epoch(plan):
    from vae_utils.training.checkpoint_file import list_epochs

    epochs = list_epochs(plan.folder.checkpoints)
    if not epochs:
        return "No epoch was finished."
    return f"The checkpoint of epoch {epochs[-1]} stands."


def _command(arguments):
    return f"{PROGRAM} {shlex.join(arguments)}"
