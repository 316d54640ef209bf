"""`evaluate`: pictures and numbers of a trained network."""

from pathlib import Path

from vae_utils.cli.errors import UsageError
from vae_utils.cli.output import tell
from vae_utils.runs.folder import RunFolder


def run(options):
    """Draws and measures what the options ask for, or all that the model has."""
    from vae_utils.cli import engine

    engine.start(options.device or "auto", debug=options.debug)
    from vae_utils.runs import loading, pictures, report

    source = loading.find(options.run, options.epoch)
    request = pictures.Request(
        count=options.num_gen,
        seed=options.seed,
        around=options.around or "prior",
        spread=options.spread,
        digit=options.digit,
        batch_size=options.batch_size,
    )
    aspects = _choose_aspects(options, source, request)
    data = _load_data(options, source, aspects, request)
    folder = RunFolder(options.run)
    target = Path(options.output_dir or _default_target(folder, source)).expanduser()
    for path in pictures.draw(source, data, aspects, request, target):
        tell(path)
    if "metrics" in aspects:
        if options.output_dir or not folder.config.exists():
            folder = RunFolder(target)
            folder.path.mkdir(parents=True, exist_ok=True)
        tell_metrics(report.summarise(source, data, options.is_samples), folder)


def _choose_aspects(options, source, request):
    """Returns what to draw and measure, once it is known that the model has it."""
    from vae_utils.runs.pictures import ASPECTS, has

    asked = [aspect for aspect in ASPECTS if getattr(options, aspect)]
    for aspect in asked:
        if not has(source, aspect, request):
            raise UsageError(f"{_why_not(source)}. Received: --{aspect}")
    aspects = asked or [a for a in ASPECTS if has(source, a, request)]
    for name, needed in (
        ("is_samples", "metrics"),
        ("around", "generate"),
        ("spread", "generate"),
    ):
        if getattr(options, name) is not None and needed not in aspects:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} needs --{needed}. Received: --{option} alone")
    c = source.configuration
    bernoulli = c.model in ("vae", "cvae") and c.likelihood == "bernoulli"
    if options.is_samples and not bernoulli:
        is_vae = c.model in ("vae", "cvae")
        kind = f"{c.model} with likelihood {c.likelihood}" if is_vae else c.model
        raise UsageError(
            "−log p(x) is estimated for VAEs with Bernoulli pixels. "
            f"Received: --is-samples for a {kind}"
        )
    if request.digit is not None and c.model != "cvae" and request.around == "prior":
        raise UsageError(
            "A model that was told no labels has no codes of one digit; --around "
            f"average has. Received: --digit {request.digit}"
        )
    return aspects


def _why_not(source):
    if source.settings["model"] == "classifier":
        return "A classifier draws nothing"
    return (
        "A plain autoencoder has no prior to draw codes from; --around average decodes "
        "each class's mean code"
    )


def _load_data(options, source, aspects, request):
    """Loads the data a network was trained on, if anything asked for needs it."""
    from vae_utils import datasets
    from vae_utils.runs.pictures import needs_data

    if not any(needs_data(aspect, request) for aspect in aspects):
        return None
    return datasets.load(
        source.settings["data"],
        data_dir=options.data_dir,
        sample=None if source.settings["complete"] else True,
        download=not options.no_download,
    )


def tell_metrics(metrics, folder: RunFolder):
    """Writes the numbers to `metrics.json`, and prints them as a table."""
    from tabulate import tabulate

    folder.write_metrics(metrics)
    rows = [
        [name, f"{value:.4g}", metrics["measured"].get(name, "")]
        for name, value in metrics["metrics"].items()
    ]
    tell(metrics["data"])
    tell(tabulate(rows, [f"epoch {metrics['epoch']}", "value", "measured on"]))
    tell(folder.metrics)


def _default_target(folder, source):
    return folder.figures if folder.config.exists() else f"figures/{source.name}"
