"""`train`: from options to a run's folder."""

import dataclasses
import shlex
import sys
import warnings

from vae_utils import configurations
from vae_utils.architectures import ARCHITECTURES
from vae_utils.cli.main import UsageError
from vae_utils.cli.options import ALL, PROGRAM
from vae_utils.configurations import (
    ClassifierConfiguration,
    Configuration,
    check_same,
)
from vae_utils.runs.folder import RunError, RunFolder

# Without a preset: variational-autoencoder's own defaults, on binarised images, since
# only there the loss bounds a probability.
DEFAULT = dataclasses.replace(
    configurations.PROJECTS["conormdurkan"], binarisation="dynamic"
)
SEED, DATA, RUNS = 1, "mnist", "runs"


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
        wanted = {"model": configuration.model, "data": name, "seed": seed}
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
    path, part = options.load_weights, options.part
    if config and path is None and config.get("load_weights"):
        path, part = config["load_weights"]["path"], config["load_weights"]["part"]
    plan = session.Plan(
        folder,
        configuration,
        data,
        seed,
        viz=settings.get("snapshots", True) if options.viz is None else options.viz,
        weights=loading.InitialWeights(path, part) if path else None,
        keep_every=options.keep_every,
        log_dir=options.log_dir,
        live=options.live,
        progress=not options.quiet,
        about={
            "command": _command(options.arguments),
            "load_weights": {"path": path, "part": part} if path else None,
        },
    )
    if options.live and not _has_windows():
        warnings.warn("There is no display here to show live pictures.", stacklevel=2)
    if not options.quiet:
        sys.stderr.write(f"{data.provenance}\n")
    _train(plan, options)
    _report(plan, options)


def choose_configuration(options, settings=None):
    """Makes the record that options ask for.

    Args:
        options: of the parser; None where an option was not given.
        settings: of the run to go on with; a preset, if given, counts more.

    Returns:
        `configurations.Configuration` or `ClassifierConfiguration`.

    Raises:
        UsageError: if an option is out of range, or not one of this model's.
    """
    base = _base(options, settings or {})
    fields = {field.name for field in dataclasses.fields(base)}
    given = _given(options, base)
    foreign = [name for name in given if name not in fields]
    if foreign:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in foreign)
        raise UsageError(f"A {base.model} has no such option. Received: {named}")
    try:
        return dataclasses.replace(base, **given)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _base(options, settings):
    """Returns the record whose fields hold where no option is given."""
    if options.preset:
        base = (configurations.PROJECTS | configurations.CLASSIFIERS)[options.preset]
    elif settings:
        base = configurations.configuration_of(
            settings["model"], settings["configuration"]
        )
    elif options.model == "classifier":
        return ClassifierConfiguration()
    else:
        base = DEFAULT
    if options.model and (options.model == "classifier") != (
        base.model == "classifier"
    ):
        raise UsageError(
            f"This preset or run is a {base.model}. Received: --model {options.model}"
        )
    return base


def _given(options, base):
    """Returns the fields that options set; what follows from others included."""
    names = {
        field.name
        for kind in (Configuration, ClassifierConfiguration)
        for field in dataclasses.fields(kind)
    }
    asked = vars(options).items()
    given = {k: v for k, v in asked if k in names and v is not None}
    for name in ("hidden", "decoder_hidden", "filters"):
        if name in given:
            given[name] = tuple(given[name])
    if given.get("updates_per_epoch") == ALL:
        given["updates_per_epoch"] = None
    if not isinstance(base, Configuration):
        return given
    _follow_model(options.model or base.model, given, base)
    _follow_architecture(given, base)
    if given.get("likelihood") == "gaussian" != base.likelihood:
        given.setdefault("binarisation", "none")
    return given


def _follow_model(model, given, base):
    if model == "cvae":
        if base.labelled == "none":
            given.setdefault("labelled", "both")
    elif "labelled" in given:
        raise UsageError(
            "Only a cvae is told labels (--model cvae). "
            f"Received: --labelled {given['labelled']}"
        )
    else:
        given["labelled"] = "none"
    given["variational"] = model != "ae"


def _follow_architecture(given, base):
    """Gives a network of another architecture the dense layers that suit it."""
    encoder = given.get("encoder", base.encoder)
    decoder = given.get("decoder", base.decoder)
    if encoder != base.encoder:
        given.setdefault("hidden", ARCHITECTURES[encoder].hidden)
    if (encoder, decoder) != (base.encoder, base.decoder) and decoder != encoder:
        given.setdefault("decoder_hidden", ARCHITECTURES[decoder].hidden)


def _default_folder(options):
    return f"{RUNS}/{options.preset or options.model or 'vae'}"


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
    from vae_utils.training.checkpoints import list_epochs

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
            print(path)
    evaluate.tell(evaluate.measure(source, plan.data), plan.folder)
