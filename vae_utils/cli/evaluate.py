"""`evaluate`: pictures and numbers of a trained network."""

from pathlib import Path

from vae_utils.cli.main import UsageError, tell
from vae_utils.runs.folder import RunFolder

PICTURES = ("history", "reconstruct", "generate", "latent")
ASPECTS = (*PICTURES, "metrics")


def run(options):
    """Draws and measures what the options ask for, or all that the model has."""
    from vae_utils.cli import engine

    engine.start(options.device, debug=options.debug)
    from vae_utils import datasets
    from vae_utils.runs import loading, report

    source = loading.find(options.run, options.epoch)
    request = report.Request(
        count=options.num_gen,
        seed=options.seed,
        around=options.around,
        spread=options.spread,
        digit=options.digit,
        batch_size=options.batch_size,
    )
    asked = [aspect for aspect in ASPECTS if getattr(options, aspect)]
    if asked and options.is_samples and "metrics" not in asked:
        raise UsageError("--is-samples goes with --metrics. Received: no --metrics")
    for aspect in asked:
        _check_has(source, aspect, request)
    _check_digit(source, request)
    asked = asked or [a for a in ASPECTS if has(source, a, request)]
    data = None
    if any(_needs_data(aspect, request) for aspect in asked):
        data = datasets.load(
            source.settings["data"],
            data_dir=options.data_dir,
            sample=None if source.settings["complete"] else True,
            download=not options.no_download,
        )
    folder = RunFolder(options.run)
    target = Path(options.output_dir or _default_target(folder, source)).expanduser()
    for path in draw(source, data, asked, request, target):
        tell(path)
    if "metrics" in asked:
        metrics = measure(source, data, options.is_samples)
        if options.output_dir or not folder.config.exists():
            folder = RunFolder(target)
            folder.path.mkdir(parents=True, exist_ok=True)
        tell_metrics(metrics, folder)


def draw(source, data, aspects, request, target):
    """Draws pictures of a trained network.

    Args:
        source: as `runs.loading.find` returns it.
        data: `datasets.Dataset`; None where no picture needs it.
        aspects: which of `PICTURES`.
        request: `runs.report.Request`.
        target: folder for the PNG files.

    Yields:
        The path of each file written.
    """
    import matplotlib.pyplot as plt

    from vae_utils import plots

    with plt.rc_context():
        plots.use_book_style()
        for name, ax in _make_pictures(source, data, aspects, request):
            yield _save(ax, target / f"{name}.png")


def _make_pictures(source, data, aspects, request):
    """Yields the name and the Axes of each picture."""
    from vae_utils import plots
    from vae_utils.runs import loading, report

    if "history" in aspects:
        yield "history", plots.plot_history(source.history)[0]
    alone = not any(_needs_data(a, request) for a in aspects if a != "history")
    if not {"reconstruct", "generate", "latent"} & set(aspects):
        return
    model = loading.load_decoder(source) if alone else loading.load(source)
    if "reconstruct" in aspects:
        yield "reconstruct", report.draw_reconstructions(model, data, request)
        if source.snapshots:
            yield "epochs", report.draw_epochs(source)
    if "generate" in aspects:
        yield "generate", report.draw_generated(model, data, request)
    if "latent" in aspects:
        yield "latent", report.draw_latent(model, data, request)
        if source.configuration.latent_dim == 2:
            yield "canvas", report.draw_canvas(model, request)


def _save(ax, path):
    import matplotlib.pyplot as plt

    from vae_utils import files

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with files.written_whole(path) as stream:
            ax.figure.savefig(stream, format="png")
    finally:
        plt.close(ax.figure)
    return path


def measure(source, data, is_samples=None) -> dict:
    """Measures a trained network on test images.

    Args:
        source: as `runs.loading.find` returns it.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        What `metrics.json` holds: the numbers under `metrics`, what each is under
        `measured`.
    """
    from vae_utils import pretrained
    from vae_utils.runs import loading, report

    metrics, measured = report.measure(
        loading.load(source), source.configuration, data, is_samples=is_samples
    )
    return {
        "epoch": source.epoch,
        "minutes": source.minutes,
        "data": data.provenance,
        "versions": pretrained.versions(),
        "hardware": pretrained.hardware(),
        "metrics": metrics,
        "measured": measured,
    }


def tell_metrics(metrics, folder: RunFolder):
    """Writes the numbers to `metrics.json`, and prints them as a table."""
    from tabulate import tabulate

    rows = [
        [name, f"{value:.4g}", metrics["measured"].get(name, "")]
        for name, value in metrics["metrics"].items()
    ]
    folder.write_metrics(metrics)
    tell(metrics["data"])
    tell(tabulate(rows, [f"epoch {metrics['epoch']}", "value", "measured on"]))
    tell(folder.metrics)


def has(source, aspect, request):
    """Tells whether a model has something to show for an aspect."""
    model = source.settings["model"]
    if model == "classifier":
        return aspect in ("history", "metrics")
    return model != "ae" or aspect != "generate" or request.around == "average"


def _check_has(source, aspect, request):
    if not has(source, aspect, request):
        why = (
            "A classifier draws nothing"
            if source.settings["model"] == "classifier"
            else "A plain autoencoder has no prior to draw codes from; "
            "--around average decodes each class's mean code"
        )
        raise UsageError(f"{why}. Received: --{aspect}")


def _check_digit(source, request):
    told = source.settings["model"] == "cvae" or request.around == "average"
    if request.digit is not None and not told:
        raise UsageError(
            "A model that was told no labels has no codes of one digit; --around "
            f"average has. Received: --digit {request.digit}"
        )


def _needs_data(aspect, request):
    from_prior = aspect == "generate" and request.around == "prior"
    return aspect != "history" and not from_prior


def _default_target(folder, source):
    return folder.figures if folder.config.exists() else f"figures/{source.name}"
