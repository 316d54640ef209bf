"""`train`: from options to a run's folder."""

import dataclasses
import shlex
import sys
import warnings
from pathlib import Path

from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.main import UsageError, tell
from vae_utils.cli.options import PROGRAM
from vae_utils.configurations import check_same
from vae_utils.runs.folder import RunError, RunFolder

SEED, DATA, RUNS = 1, "mnist", "runs"
LOGS, EVENTS = ("train", "val"), "events.out.tfevents.*"


def run(options):
    """Trains, measures and draws, as the options say."""
    if options.part and not options.load_weights:
        raise UsageError("--part goes with --load-weights. Received: --part alone")
    folder = RunFolder(options.output_dir or _default_folder(options))
    config = folder.read_config() if options.resume else None
    settings = config["settings"] if config else {}
    configuration = choose_configuration(options, settings)
    seed = settings.get("seed", SEED) if options.seed is None else options.seed
    name = options.data or settings.get("data", DATA)
    if config:
        complete = settings["complete"] and not options.sample
        wanted = {
            "complete": complete,
            "model": configuration.model,
            "data": name,
            "seed": seed,
        }
        wanted["configuration"] = dataclasses.asdict(configuration)
        check_same(settings, settings | wanted)  # at once, the rest once it is known
    else:
        folder.check_free(overwrite=options.overwrite)

    from vae_utils.cli import engine

    engine.start(options.device, debug=options.debug)
    from vae_utils import datasets
    from vae_utils.runs import loading, session

    data = datasets.load(
        name,
        data_dir=options.data_dir,
        sample=not settings["complete"] if config else options.sample or None,
        download=not options.no_download,
    )
    if options.log_dir and not options.resume:
        _clear_logs(Path(options.log_dir).expanduser(), options.overwrite)
    weights = _choose_weights(options, config, folder)
    keep_every = options.keep_every or (config or {}).get("keep_every")
    plan = session.Plan(
        folder,
        configuration,
        data,
        seed,
        viz=settings.get("viz", True) if options.viz is None else options.viz,
        weights=loading.InitialWeights(*weights) if weights else None,
        keep_every=keep_every,
        log_dir=options.log_dir,
        live=options.live,
        progress=not options.quiet,
        about={
            "command": _command(options.arguments),
            "keep_every": keep_every,
            "load_weights": weights,
        },
    )
    if options.live and not _has_windows():
        warnings.warn("There is no display here to show live pictures.", stacklevel=2)
    if not options.quiet:
        sys.stderr.write(f"{data.provenance}\n")
    _train(plan, options)
    _report(plan, options)


def _default_folder(options):
    return f"{RUNS}/{options.preset or options.model or 'vae'}"


def _clear_logs(folder, overwrite):
    """Makes room for the logs of a new run; two in one place would be one curve."""
    logs = [path for split in LOGS for path in (folder / split).glob(EVENTS)]
    if logs and not overwrite:
        raise UsageError(
            "There are logs of another run: name another folder, or --overwrite. "
            f"Received: --log-dir {folder}"
        )
    for path in logs:
        path.unlink()


def _choose_weights(options, config, folder):
    """Returns path and part of weights to begin with; None where there are none."""
    from vae_utils.training.checkpoint_file import list_epochs

    if options.load_weights:
        return options.load_weights, options.part
    if config and not list_epochs(folder.checkpoints):
        return config.get("load_weights")
    return None  # checkpoints have them


def _has_windows():
    """Tells whether Matplotlib can open one."""
    import matplotlib.pyplot as plt

    figure = plt.figure()
    plt.close(figure)
    return figure.canvas.required_interactive_framework is not None


def _train(plan, options):
    """Trains; whatever ends that early is told with what stands and how to go on."""
    from vae_utils.runs import session
    from vae_utils.training import Diverged

    try:
        session.train(plan, resume=options.resume, overwrite=options.overwrite)
    except KeyboardInterrupt as error:
        raise type(error)(f"\nInterrupted. {_what_stands(plan, options)}") from error
    except Diverged as error:
        raise Diverged(f"{error}. {_what_stands(plan, options, hint=False)}") from error
    except OSError as error:
        where = error.filename or plan.folder.path
        raise RunError(
            f"{where} could not be written. Received: {error.strerror or error}. "
            f"{_what_stands(plan, options)}"
        ) from error


def _what_stands(plan, options, *, hint=True):
    from vae_utils.training.checkpoint_file import list_epochs

    if not plan.folder.config.exists():
        return "Nothing was begun."
    epochs = list_epochs(plan.folder.checkpoints)
    if epochs:
        stands = f"The checkpoint of epoch {epochs[-1]} stands."
    else:
        stands = "No epoch was finished."
    if not hint:
        return stands
    again = [a for a in options.arguments if a not in ("--overwrite", "--resume")]
    return f"{stands} Go on with:\n  {_command([*again, '--resume'])}"


def _command(arguments):
    return f"{PROGRAM} {shlex.join(arguments)}"


def _report(plan, options):
    """Measures and draws the last epoch, as `evaluate` does."""
    from vae_utils.cli import evaluate
    from vae_utils.runs import loading, report

    source = loading.find(str(plan.folder.path))
    request = report.Request()
    if plan.viz:
        aspects = [a for a in evaluate.PICTURES if evaluate.has(source, a, request)]
        pictures = evaluate.draw(
            source, plan.data, aspects, request, plan.folder.figures
        )
        for path in pictures:
            tell(path)
    evaluate.tell_metrics(evaluate.measure(source, plan.data), plan.folder)
