"""`train`: from options to a run's folder."""

import argparse
import dataclasses
from pathlib import Path

from vae_utils.cli import first_stage
from vae_utils.cli.choosing import DEFAULT, PRESETS, choose_configuration
from vae_utils.cli.errors import UsageError
from vae_utils.cli.fields import add_fields, prepare_model
from vae_utils.cli.loading_data import check_outside, check_resumable
from vae_utils.cli.options import add_command, add_data_options, add_environment
from vae_utils.cli.planning import load_data, make_plan, remember
from vae_utils.cli.training import train_and_report
from vae_utils.cli.values import location, positive
from vae_utils.cli.values import seed as read_seed
from vae_utils.configurations import MODELS, check_same
from vae_utils.runs.folder import RunFolder

RUNS = "runs"
EVENTS = "*/events.out.tfevents.*"


def add_parser(commands, arguments=()):
    """Adds the parser of `train`.

    Args:
        commands: what `add_subparsers` returns.
        arguments: those to be parsed; a model named among them adds its own options.
    """
    parser = add_command(
        commands,
        "train",
        "Train a model in a folder of its own; by default the book's VAE.",
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        metavar="NAME",
        help="defaults of a project, or of pictures in colour: %(choices)s",
    )
    models = ", ".join(f"{name} ({MODELS[name].description})" for name in MODELS)
    parser.add_argument(
        "--model",
        choices=MODELS,
        metavar="NAME",
        help=f"{models}; default {DEFAULT}; its options: train --model NAME --help",
    )
    parser.set_defaults(fields=add_fields(parser, arguments))
    first_stage.add_option(parser)
    add_data_options(parser.add_argument_group("data"))
    _add_run_options(parser.add_argument_group("run"))
    add_environment(parser.add_argument_group("environment"))


def _add_run_options(group):
    group.add_argument(
        "--seed",
        type=read_seed,
        metavar="N",
        help="seed of weights, noise, order and binarisation; default 1",
    )
    group.add_argument(
        "--output-dir",
        type=location,
        metavar="DIR",
        help="the run's folder; default runs/PRESET or runs/MODEL",
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--resume",
        action="store_true",
        help="resume the run in that folder; its settings need not be repeated",
    )
    either.add_argument(
        "--overwrite", action="store_true", help="remove the run in that folder first"
    )
    group.add_argument(
        "--load-weights",
        type=location,
        metavar="PATH",
        help="start with the weights of a run's folder, a checkpoint, or a recorded "
        "run",
    )
    group.add_argument("--part", help="load the weights of one part, such as encoder")
    group.add_argument(
        "--keep-every",
        type=positive,
        metavar="N",
        help="also keep each Nth checkpoint, not only the last two and the best",
    )
    group.add_argument(
        "--sweep",
        nargs="+",
        action="extend",
        metavar="NAME=A,B",
        help="train once for each combination of values, such as --sweep beta=0.5,1 "
        "latent-dim=2,10, each in a folder of its own under --output-dir",
    )
    _add_display_options(group)


def _add_display_options(group):
    group.add_argument(
        "--log-dir",
        type=location,
        metavar="DIR",
        help="write TensorBoard's runs train and val there",
    )
    group.add_argument(
        "--viz",
        action=argparse.BooleanOptionalAction,
        help="keep snapshots of every epoch and draw figures at the end; default yes",
    )
    group.add_argument("--quiet", action="store_true", help="show no progress")
    group.add_argument(
        "--live",
        action="store_true",
        help="show reconstructions in a window after every epoch",
    )


def run(options):
    """Trains, measures and draws, as the options say."""
    from vae_utils.cli import engine

    if options.sweep:
        from vae_utils.cli import sweep

        return sweep.run(options)
    checked = check(options)
    data = load_data(options, *checked[1:])  # what is wrong is said at once
    engine.start(options.device or "auto", debug=options.debug)
    train_and_report(make_plan(options, *checked[:3], data), options)


def check(options):
    """Checks all that can be checked without TensorFlow.

    Args:
        options: of the parser; what a run remembers is filled in.

    Returns:
        Folder, record of a run to resume (empty for a new one), configuration, and
        the `first_stage.FirstStage` of a new run that learns its codes, or None.

    Raises:
        ValueError: if options are wrong, or the folder is taken or has no run.
    """
    if options.part and not options.load_weights:
        raise UsageError("--part goes with --load-weights. Received: --part alone")
    folder = RunFolder(options.output_dir or _default_folder(options))
    folder.check_unlocked()
    config = folder.read_config() if options.resume else {}
    remember(options, config)
    settings = config.get("settings", {})
    prepare_model(settings.get("model"))
    first = None if config else first_stage.find(options, options.model or DEFAULT)
    configuration = choose_configuration(options, settings, first)
    if config:
        _check_resumable(options, configuration, settings)
        first_stage.check_resumed(options, folder, config)
    else:
        folder.check_free(overwrite=options.overwrite)
        _check_logs(options.log_dir)
    known = first.settings if first else settings
    place = options.data or known.get("recipe", {}).get("path")
    check_outside(folder.path, place, "--output-dir")
    check_outside(options.log_dir, place, "--log-dir")
    return folder, config, configuration, first


def _default_folder(options):
    return f"{RUNS}/{options.preset or options.model or DEFAULT}"


def _check_resumable(options, configuration, settings):
    """Refuses other settings at once; `session.train` checks the others."""
    wanted = {
        "complete": settings["complete"] and not options.sample,
        "model": configuration.model,
        "data": check_resumable(settings, options),
        "seed": settings["seed"] if options.seed is None else options.seed,
        "configuration": dataclasses.asdict(configuration),
    }
    check_same(settings, settings | wanted)


def _check_logs(log_dir):
    """Refuses to mix the logs of two runs, which would become one curve."""
    if log_dir and any(Path(log_dir).expanduser().glob(EVENTS)):
        raise UsageError(
            "There are logs of another run: choose another folder, or remove them. "
            f"Received: --log-dir {log_dir}"
        )
