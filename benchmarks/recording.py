"""What every recorded run needs: training by command, protocol, arrays."""

import dataclasses
import sys
from pathlib import Path
from typing import NamedTuple

from vae_utils import cli, configurations, datasets, pretrained, protocol, training
from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.options import PROGRAM, make_parser
from vae_utils.cli.values import ALL
from vae_utils.runs import loading, report

IS_SAMPLES = 500
SEED = 1  # of single runs, as in the chapters
SEEDS = (SEED, 2, 3)  # where one is too few
BAND_SEEDS = tuple(range(11, 21))  # none of them a chapter's own
FOLDER = Path("_build") / "recorded"  # of the runs that recorded ones are made from


class Trained(NamedTuple):
    """A training that went through the command line.

    Args:
        model: the network after its last epoch.
        settings: all that the training depended on.
        history: name → one number per epoch.
        minutes: of training.
        commands: that repeat it, and measure what came out.
        snapshots: name → array, as `training.Snapshots` keeps them.
        figures: folder of what it has drawn and filmed.
        rounded: whether the weights have been rounded to float16.
    """

    model: object
    settings: dict
    history: dict
    minutes: float
    commands: list
    snapshots: dict
    figures: Path
    rounded: bool

    @property
    def about(self):
        """What a protocol says about how it was trained."""
        about = {"settings": self.settings, "commands": self.commands}
        if self.rounded:
            about["weights"] = "kept as float16; numbers were measured after rounding"
        return about


def train(configuration, data, seed, *, preset=None, rounded=False):
    """Trains by `python -m vae_utils train`, or goes on where it was interrupted.

    Args:
        configuration: what to train.
        data: what on, a complete data set.
        seed: of weights, noise, order and binarisation.
        preset: project whose options the command starts from.
        rounded: whether to round the weights, as runs that keep them do.

    Returns:
        What came out.
    """
    options = write_options(configuration, preset)
    options += ["--data", data.name, "--seed", str(seed)]
    folder = FOLDER / "_".join(option.strip("-") for option in options)
    where = ["--output-dir", str(folder)]
    resume = ["--resume"] if (folder / "config.json").exists() else []
    code = cli.main(["train", *options, *where, *resume])
    if code:
        sys.exit(code)
    source = loading.find(str(folder))
    if source.configuration != configuration:
        sys.exit(f"{folder} has another configuration: remove it")
    model = loading.load(source)
    if rounded:
        pretrained.round_weights(*training.parts_of(model).values())
    commands = [
        f"{PROGRAM} train {' '.join(options)} --output-dir runs/this",
        f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
    ]
    return Trained(
        model,
        source.settings,
        source.history,
        source.minutes,
        commands,
        training.read_snapshots(folder),
        folder / "figures",
        rounded,
    )


def write_options(configuration, preset=None) -> list[str]:
    """Writes the options of `train` that ask for a configuration."""
    start = ["train", *(["--preset", preset] if preset else [])]
    if not preset and configuration.model != "vae":
        start += ["--model", configuration.model]
    base = choose_configuration(make_parser().parse_args(start))
    options = start[1:]
    for field in dataclasses.fields(configuration):
        value = getattr(configuration, field.name)
        if value != getattr(base, field.name):
            options += _write_option(field.name.replace("_", "-"), value)
    asked = choose_configuration(make_parser().parse_args(["train", *options]))
    assert asked == configuration, (asked, configuration)
    return options


def _write_option(name, value):
    if isinstance(value, bool):
        return [f"--{'' if value else 'no-'}{name}"]
    if value is None and name == "updates-per-epoch":
        return [f"--{name}", ALL]
    values = value if isinstance(value, tuple) else (value,)
    return [f"--{name}", *map(str, values)]


def measure(trained, data, is_samples=IS_SAMPLES):
    """Measures what came out of a training, as the command `evaluate` does."""
    record = configurations.configuration_of(
        trained.settings["model"], trained.settings["configuration"]
    )
    return report.measure(trained.model, record, data, is_samples=is_samples)[0]


def describe(configuration, data, seeds, is_samples=IS_SAMPLES, generated=True, **more):
    """States how the numbers of a run were made."""
    grey = configuration.binarisation == "none"
    measured = protocol.describe(
        is_samples, conditional=configuration.labelled != "none"
    )
    if generated and data.name == "mnist":
        measured |= protocol.describe_generated()
        measured["classifier"] = pretrained.load_run("classifier").files
    if is_samples is not None and configuration.variational:
        images = len(data.x_test[:: protocol.EVERY])
        more["importance_sampling"] = {"samples": is_samples, "images": images}
    return {
        "data": data.provenance,
        "split": count_images(data),
        "configuration": dataclasses.asdict(configuration),
        "network": configuration.encoder_layers,
        "likelihood": "Bernoulli",
        "optimiser": "Adam",
        "epochs": configuration.epochs,
        "seeds": list(seeds),
        "validation": "grey"
        if grey
        else f"binarised once, seed {training.VALIDATION_SEED}",
        "minutes": "of training, with the validation, the checkpoint and the snapshot "
        "of every epoch",
        "measured": measured,
        **more,
    }


def count_images(data):
    """Counts the images of each split."""
    splits = {"train": data.x_train, "validation": data.x_val, "test": data.x_test}
    return {name: len(images) for name, images in splits.items()}


def append_metrics(metrics, measured):
    """Adds one seed's numbers to lists of them."""
    for name, value in measured.items():
        metrics.setdefault(name, []).append(value)


def count_parameters(model):
    """Counts the weights of encoder and decoder."""
    return model.encoder.count_params() + model.decoder.count_params()


def load(name):
    """Loads a complete data set, or stops."""
    data = datasets.load(name)
    if not data.complete:
        sys.exit(f"Recorded runs need the complete data. Received: {data.provenance}")
    return data


def as_run(about, minutes, history, metrics, arrays=None, parts=None, films=None):
    """Names the arguments of `pretrained.save_run`."""
    return {
        "protocol": about,
        "minutes": minutes,
        "history": history,
        "metrics": metrics,
        "arrays": arrays,
        "parts": parts,
        "films": films,
    }


def as_single_run(
    configuration, data, trained, arrays=None, films=None, *, is_samples=IS_SAMPLES
):
    """Measures one training, and names the arguments of `pretrained.save_run`.

    Rounded weights are kept.
    """
    metrics = measure(trained, data, is_samples)
    metrics["parameters"] = count_parameters(trained.model)
    parts = training.parts_of(trained.model) if trained.rounded else None
    about = describe(configuration, data, [SEED], is_samples, **trained.about)
    return as_run(
        about, trained.minutes, trained.history, metrics, arrays, parts, films
    )
