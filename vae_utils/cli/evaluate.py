"""`evaluate`: pictures and numbers of a trained model."""

from pathlib import Path

from vae_utils.cli.aspects import ASPECTS, choose_aspects
from vae_utils.cli.errors import UsageError
from vae_utils.cli.loading_data import check_outside, find_place, load_again
from vae_utils.cli.options import (
    add_command,
    add_data_folder,
    add_environment,
    add_figures_folder,
    add_place,
)
from vae_utils.cli.reporting import print_metrics, report
from vae_utils.cli.values import epoch, integer, location, positive, seed, spread


def add_parser(commands):
    """Adds the parser of `evaluate`."""
    parser = add_command(
        commands, "evaluate", "Draw what a trained model does, and measure it."
    )
    parser.add_argument(
        "run",
        type=location,
        help="a run's folder, or the name of a recorded run that has weights",
    )
    what = parser.add_argument_group("what (default: all of it)")
    for name, text in ASPECTS.items():
        what.add_argument(f"--{name}", action="store_true", help=text)
    how = parser.add_argument_group("how")
    _add_choice_of_codes(how)
    _add_handling(how)
    data = parser.add_argument_group("data")
    add_place(data)
    add_data_folder(data)
    data.add_argument(
        "--sample",
        action="store_true",
        help="use the sample that comes with the package, also for a run on the "
        "complete data; then with --output-dir",
    )
    add_environment(parser.add_argument_group("environment"))


def _add_choice_of_codes(group):
    group.add_argument(
        "--num-gen",
        type=positive,
        default=100,
        metavar="N",
        help="images, or pairs, to draw; default 100",
    )
    group.add_argument(
        "--around",
        choices=("prior", "class-means"),
        help="draw new images from the prior, or around each class's mean code; "
        "default prior",
    )
    group.add_argument(
        "--spread",
        type=spread,
        metavar="S",
        help="standard deviation of codes around class means, or a factor of the "
        "prior's; default 0 around class means, 1 for the prior",
    )
    group.add_argument(
        "--label", type=integer, metavar="N", help="class to draw; default all in turn"
    )
    group.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="seed of codes; default 0"
    )


def _add_handling(group):
    group.add_argument(
        "--epoch",
        default="last",
        type=epoch,
        metavar="last|best|N",
        help="which checkpoint; default last",
    )
    group.add_argument(
        "--is-samples",
        type=positive,
        metavar="K",
        help="metrics: also estimate −log p(x) by importance sampling, K samples",
    )
    group.add_argument(
        "--batch-size",
        type=positive,
        default=1000,
        metavar="N",
        help="images handled at a time for pictures; default 1000",
    )
    add_figures_folder(group)


def run(options):
    """Measures and draws what the options ask for, or all that the model can do."""
    from vae_utils.cli import engine

    engine.start(options.device or "auto", debug=options.debug)
    from vae_utils.runs import RunFolder, loading, pictures, reports

    found = loading.find(options.run, options.epoch)
    _check_sample(options, found)
    request = _make_request(options)
    aspects = choose_aspects(options, found, request)
    folder = RunFolder(options.run)
    place = find_place(found.settings, options)
    check_outside(options.output_dir, place, "--output-dir")
    data = _load_data(options, found, aspects, request, folder)
    target = Path(options.output_dir or _default_target(folder, found)).expanduser()
    if options.output_dir or not folder.config.exists():
        folder = RunFolder(target)

    def measure():
        numbers = reports.summarise(found, data, options.is_samples)
        folder.path.mkdir(parents=True, exist_ok=True)
        print_metrics(numbers, folder)

    report(
        measure if "metrics" in aspects else None,
        [pictures.draw(found, data, aspects, request, target)],
    )


def _make_request(options):
    from vae_utils.runs import pictures

    return pictures.Request(
        count=options.num_gen,
        seed=options.seed,
        around=options.around or "prior",
        spread=options.spread,
        label=options.label,
        batch_size=options.batch_size,
    )


def _check_sample(options, found):
    """Refuses to put what is of the sample where the run's own results belong."""
    if options.sample and "recipe" in found.settings:
        raise UsageError(
            "There is no bundled sample of your own data: leave out "
            "--sample. Received: --sample"
        )
    if options.sample and found.settings["complete"] and not options.output_dir:
        raise UsageError(
            "The run was trained on the complete data: choose another folder for what "
            "is of the sample (--output-dir). Received: --sample"
        )


def _load_data(options, found, aspects, request, folder):
    """Loads the data that a model was trained on, if anything asked for needs it."""
    from vae_utils import datasets
    from vae_utils.runs.pictures import needs_data

    if not any(needs_data(aspect, request) for aspect in aspects):
        return None
    if options.sample:
        return datasets.load(found.data, sample=True)
    data_dir = options.data_dir or remembered_folder(folder)
    return load_again(found.settings, options, data_dir)


def remembered_folder(folder):
    """Returns the folder that a run's data came from, if it is still there."""
    if not folder.config.exists():
        return None
    remembered = folder.read_config().get("data_dir")
    return remembered if remembered and Path(remembered).is_dir() else None


def _default_target(folder, found):
    return folder.figures if folder.config.exists() else f"figures/{found.name}"
