"""`evaluate`: pictures and numbers of a trained model."""

from pathlib import Path

from vae_utils.cli.errors import UsageError
from vae_utils.cli.options import (
    add_command,
    add_data_folder,
    add_environment,
    add_figures_folder,
)
from vae_utils.cli.output import print_result
from vae_utils.cli.values import epoch, integer, location, positive, seed, spread

ASPECTS = {
    "reconstruct": "test images and their reconstructions",
    "generate": "new images; from the prior, the encoder is not needed",
    "latent": "codes of test images; of two dimensions also what they decode to",
    "history": "curves of training",
    "metrics": "numbers, as a table and in metrics.json",
}


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
    add_data_folder(data)
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
        "--seed", type=seed, default=0, metavar="N", help="of drawn codes; default 0"
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
    """Draws and measures what the options ask for, or all that the model can do."""
    from vae_utils.cli import engine

    engine.start(options.device or "auto", debug=options.debug)
    from vae_utils.runs import RunFolder, loading, pictures, reports

    found = loading.find(options.run, options.epoch)
    request = pictures.Request(
        count=options.num_gen,
        seed=options.seed,
        around=options.around or "prior",
        spread=options.spread,
        label=options.label,
        batch_size=options.batch_size,
    )
    aspects = _choose_aspects(options, found, request)
    data = _load_data(options, found, aspects, request)
    folder = RunFolder(options.run)
    target = Path(options.output_dir or _default_target(folder, found)).expanduser()
    for path in pictures.draw(found, data, aspects, request, target):
        print_result(path)
    if "metrics" in aspects:
        if options.output_dir or not folder.config.exists():
            folder = RunFolder(target)
            folder.path.mkdir(parents=True, exist_ok=True)
        print_metrics(reports.summarise(found, data, options.is_samples), folder)


def _choose_aspects(options, found, request):
    """Returns what to draw and measure, once it is known that the model can."""
    from vae_utils.runs.pictures import ASPECTS, lacks

    asked = [aspect for aspect in ASPECTS if getattr(options, aspect)]
    for aspect in asked:
        if lacking := lacks(found, aspect, request):
            raise UsageError(f"{_explain(found, lacking)} Received: --{aspect}")
    aspects = asked or [a for a in ASPECTS if not lacks(found, a, request)]
    for name, needed in (
        ("is_samples", "metrics"),
        ("around", "generate"),
        ("spread", "generate"),
    ):
        if getattr(options, name) is not None and needed not in aspects:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} needs --{needed}. Received: --{option} alone")
    if options.is_samples:
        _check_importance_sampling(found)
    if request.label is not None:
        _check_label(found, request)
    return aspects


def _explain(found, lacking):
    """Says in a sentence what a model lacks."""
    from vae_utils.configurations import MODELS
    from vae_utils.models.abilities import ABILITIES

    description = MODELS[found.configuration.model].description
    reason = ABILITIES[lacking[-1]]
    if lacking == ["sample"]:
        reason += "; --around class-means decodes each class's mean code"
    return f"A {description} {reason}."


def _check_importance_sampling(found):
    from vae_utils.configurations import MODELS, model_class
    from vae_utils.models import build_likelihood
    from vae_utils.models.abilities import missing

    c = found.configuration
    kind = MODELS[c.model].description
    if not missing(model_class(c.model), ("log_weights",)):
        if build_likelihood(c).is_probability:
            return
        kind += f" with likelihood {c.likelihood}"
    raise UsageError(
        "−log p(x) is estimated for VAEs with Bernoulli pixels. "
        f"Received: --is-samples for a {kind}"
    )


def _check_label(found, request):
    from vae_utils.configurations import model_class
    from vae_utils.models.abilities import missing

    model = model_class(found.configuration.model)
    from_prior = model.conditional and not missing(model, ("sample", "decode"))
    if not from_prior and request.around == "prior":
        raise UsageError(
            "Only a conditional VAE draws images of one class from the prior; --around "
            f"class-means works for others. Received: --label {request.label}"
        )
    classes = found.shape["classes"]
    if not 0 <= request.label < classes:
        raise UsageError(
            f"--label must be 0 … {classes - 1}. Received: --label {request.label}"
        )


def _load_data(options, found, aspects, request):
    """Loads the data that a model was trained on, if anything asked for needs it."""
    from vae_utils import datasets
    from vae_utils.runs.pictures import needs_data

    if not any(needs_data(aspect, request) for aspect in aspects):
        return None
    return datasets.load(
        found.data,
        data_dir=options.data_dir,
        sample=None if found.settings["complete"] else True,
        download=not options.no_download,
    )


def print_metrics(metrics, folder):
    """Writes the numbers to `metrics.json` of a folder, and prints them as a table."""
    from tabulate import tabulate

    folder.write_metrics(metrics)
    rows = [
        [name, f"{value:.4g}", metrics["measured"].get(name, "")]
        for name, value in metrics["metrics"].items()
    ]
    print_result(metrics["data"])
    print_result(tabulate(rows, [f"epoch {metrics['epoch']}", "value", "measured on"]))
    print_result(folder.metrics)


def _default_target(folder, found):
    return folder.figures if folder.config.exists() else f"figures/{found.name}"
