"""`score`: how strange a trained model finds images."""

import argparse
from pathlib import Path

from vae_utils.cli.errors import UsageError
from vae_utils.cli.evaluate import remembered_folder
from vae_utils.cli.loading_data import load_again
from vae_utils.cli.options import add_command, add_data_folder, add_environment
from vae_utils.cli.output import log, print_result
from vae_utils.cli.values import (
    absolute_path,
    epoch,
    location,
    positive,
    seed,
    share,
)

SCORES = ("mse", "elbo", "is")
SOURCES = ("validation", "files")
ON_ERROR = ("refuse", "skip")


def add_parser(commands):
    """Adds the parser of `score`."""
    parser = add_command(
        commands, "score", "Score images: how unusual each is to a trained model."
    )
    parser.add_argument(
        "run",
        type=location,
        help="a run's folder, or the name of a recorded run that has weights",
    )
    parser.add_argument(
        "files",
        nargs="+",
        type=location,
        metavar="FILES",
        help="pictures, folders of pictures, .npz or .npy files, or the word test for "
        "the run's own test images",
    )
    _add_scores(parser.add_argument_group("what"))
    _add_handling(parser.add_argument_group("how"))
    data = parser.add_argument_group("data")
    data.add_argument(
        "--data",
        type=absolute_path,
        metavar="PATH",
        help="where the run's own data are now, if they were moved",
    )
    add_data_folder(data)
    add_environment(parser.add_argument_group("environment"))


def _add_scores(group):
    group.add_argument(
        "--by",
        nargs="+",
        choices=SCORES,
        metavar="NAME",
        help="mse, the squared error of the reconstruction; elbo, −ELBO; is, −log p(x) "
        "by importance sampling; default mse and elbo, if the model has both",
    )
    group.add_argument(
        "--threshold-from",
        choices=SOURCES,
        default="validation",
        help="images that the threshold is taken from: the run's validation images, or "
        "the files themselves; default validation",
    )
    group.add_argument(
        "--quantile",
        type=share,
        default=0.95,
        metavar="Q",
        help="share of these images that is not flagged; default 0.95",
    )
    group.add_argument(
        "--labels",
        type=location,
        metavar="CSV",
        help="columns file and anomaly, 1 or 0: adds AUROC, and FPR and TPR at the "
        "threshold",
    )


def _add_handling(group):
    group.add_argument(
        "--samples",
        type=positive,
        metavar="K",
        help="codes drawn for each image; default 10 for elbo, 100 for is",
    )
    group.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="seed of draws; default 0"
    )
    group.add_argument(
        "--on-error",
        choices=ON_ERROR,
        default="refuse",
        help="what happens to files that cannot be read; default refuse",
    )
    group.add_argument(
        "--epoch",
        default="last",
        type=epoch,
        metavar="last|best|N",
        help="which checkpoint; default last",
    )
    group.add_argument(
        "--output-dir",
        "--output",
        type=location,
        metavar="DIR",
        help="where scores.csv and pictures go; default scores, in the run's folder",
    )


def run(options):
    """Scores images, and prints thresholds and what is above them."""
    from vae_utils.cli import engine

    engine.start(options.device or "auto", debug=options.debug)
    from vae_utils.runs import RunFolder, SettingsError, loading, scoring
    from vae_utils.runs.scored_input import InputError

    found = loading.find(options.run, options.epoch)
    folder = RunFolder(options.run)
    try:
        request = scoring.Request(
            scoring.choose_scores(found, options.by or ()),
            options.quantile,
            options.samples,
            options.seed,
        )
        _score(options, found, folder, request)
    except (InputError, SettingsError) as error:
        raise UsageError(str(error)) from error


def _score(options, found, folder, request):
    """Reads, scores and writes; nothing is written before all is known."""
    from vae_utils.runs import loading, scoring

    target = Path(options.output_dir or _default_target(folder, found)).expanduser()
    _check_outside(target, options.files)
    data = _load_data(options, found, folder)
    given, anomalies = _read_files(options, found, data)
    model = loading.load(found)
    labels, ordinary = _prepare(options, model, given, data)
    scored = scoring.score(model, request, given.images, labels, ordinary)
    if anomalies is not None:
        scored = scoring.detect(scored, anomalies, request.seed)
    _write(target, model, scored, given, labels, anomalies)


def _check_outside(target, files):
    """Refuses to write pictures where the pictures that are scored come from."""
    for name in files:
        folder = Path(name).resolve()
        if folder.is_dir() and target.resolve().is_relative_to(folder):
            raise UsageError(
                "Nothing is written into a folder that is scored: choose another place "
                f"with --output-dir. Received: {target}, in {name}"
            )


def _read_files(options, found, data):
    """Returns the images, and which are anomalies, if anybody said so."""
    from vae_utils.runs.anomaly_labels import read_anomalies
    from vae_utils.runs.scored_images import gather
    from vae_utils.runs.scored_input import check_usable

    skip = options.on_error == "skip"
    shape = found.shape["image_shape"]
    try:
        given = gather(options.files, found.settings, shape, data)
    except ValueError as error:
        raise UsageError(str(error)) from error
    check_usable(given, skip=skip)
    for name, reason in given.unusable:
        log(f"warning: {name} is left out: {reason}")
    if not options.labels:
        return given, None
    return given, read_anomalies(options.labels, given, skip=skip)


def _load_data(options, found, folder):
    """Loads the run's data, if thresholds, test images or names of classes need it."""
    from vae_utils.configurations import model_class
    from vae_utils.runs.scored_images import TEST

    conditional = model_class(found.configuration.model).conditional
    needed = options.threshold_from == "validation" or TEST in options.files
    if not (needed or conditional):
        return None
    own = argparse.Namespace(**vars(options) | {"labels": None})  # not of anomalies
    data_dir = options.data_dir or remembered_folder(folder)
    data = load_again(found.settings, own, data_dir)
    log(data.provenance)
    return data


def _prepare(options, model, given, data):
    """Returns labels of the images, and images and labels to take thresholds from."""
    from vae_utils.runs.scored_input import find_labels

    conditional = model.conditional
    labels = find_labels(given, data.class_names) if conditional else None
    if options.threshold_from == "files":
        return labels, None
    return labels, (data.x_val, data.y_val if conditional else None)


def _write(target, model, scored, given, labels, anomalies):
    """Writes the table and pictures, and prints the summary."""
    from tabulate import tabulate

    from vae_utils import evaluation, files
    from vae_utils.cli.reporting import print_paths
    from vae_utils.runs import scoring, worst

    target.mkdir(parents=True, exist_ok=True)
    path = target / "scores.csv"
    files.write(path, scoring.write_table(scored, given.names, anomalies))
    print_result(tabulate(scoring.summarise(scored), "keys", disable_numparse=True))
    if any(each.name != "mse" for each in scored):
        print_result(f"nats: of {evaluation.describe_images(model)}")
    print_result(path)
    arrays = (given.images, labels, given.names)
    print_paths(worst.draw_pictures(model, scored, *arrays, target), required=False)


def _default_target(folder, found):
    return folder.scores if folder.config.exists() else f"scores/{found.name}"
