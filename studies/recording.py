"""What every study needs: training by command, results, protocol."""

import functools
import sys
from pathlib import Path
from typing import NamedTuple

from studies.commands import PROGRAM, write_options
from studies.protocol import CLASSIFIER, IS_SAMPLES, describe
from vae_utils import cli, datasets, evaluation, models, runs, training
from vae_utils.runs import loading

SEED = 1  # of single runs, as in the chapters
SEEDS = (SEED, 2, 3)  # where one is too few
FOLDER = Path("_build") / "recorded"  # of the runs that studies are made from


class Trained(NamedTuple):
    """What a training run on the command line left.

    Args:
        model: the network after its last epoch.
        source: the run, as `runs.loading.find` returns it.
        seed: of the run.
        images: number of training images.
        commands: that repeat the run, and measure what came out.
        folder: of the run.
        rounded: whether the weights have been rounded to float16.
    """

    model: object
    source: object
    seed: int
    images: int
    commands: tuple
    folder: Path
    rounded: bool

    @property
    def snapshots(self) -> dict:
        """Name → array, as `training.Snapshots` keeps them."""
        return training.read_snapshots(self.folder)

    def make_result(self, metrics, *, curves=None, alone=False) -> runs.Result:
        """Makes the result of the run.

        Args:
            metrics: name → number.
            curves: names of the curves to keep; None for all.
            alone: whether it is the study's only result: then its settings are kept,
                with which its weights can be loaded.
        """
        history = self.source.history
        return runs.Result(
            configuration=self.source.configuration,
            seed=self.seed,
            images=self.images,
            minutes=self.source.minutes,
            commands=self.commands,
            settings=self.source.settings if alone else None,
            metrics=metrics,
            history={name: history[name] for name in curves or history},
        )


def train(
    configuration, data, seed, *, preset=None, rounded=False, codes_of=None
) -> Trained:
    """Trains by `python -m vae_utils train`, or resumes where it was interrupted.

    Args:
        configuration: what to train.
        data: what to train on, a complete data set.
        seed: of weights, noise, order and binarisation.
        preset: project whose options the command starts from.
        rounded: whether to round the weights, as studies that keep them do.
        codes_of: run of the first stage: its folder, or the name of a recorded run.
    """
    options = write_options(configuration, preset, codes_of)
    options += ["--data", data.name, "--seed", str(seed)]
    named = (Path(option).name if option == codes_of else option for option in options)
    folder = FOLDER / "_".join(option.strip("-") for option in named)
    resume = ["--resume"] if (folder / "config.json").exists() else []
    code = cli.main(["train", *options, "--output-dir", str(folder), *resume])
    if code:
        sys.exit(code)
    source = loading.find(str(folder))
    if source.configuration != configuration:
        sys.exit(f"{folder} has another configuration: remove it")
    model = loading.load(source)
    if rounded:
        runs.round_weights(*model.parts.values())
    commands = (
        f"{PROGRAM} train {' '.join(options)} --output-dir runs/this",
        f"{PROGRAM} evaluate runs/this --metrics --is-samples {IS_SAMPLES}",
    )
    images = len(data.x_train)
    return Trained(model, source, seed, images, commands, folder, rounded)


def measure(model, configuration, data, is_samples=IS_SAMPLES) -> tuple[dict, dict]:
    """Measures a model as the command `evaluate` does.

    Returns:
        Name → number, and name → how it was measured.
    """
    return evaluation.measure(
        model,
        data,
        is_samples=is_samples,
        binarisation=configuration.binarisation,
        dequantisation=configuration.dequantisation,
        classifier=load_classifier() if data.name == "mnist" else None,
    )


@functools.cache
def load_classifier(name=CLASSIFIER):
    """Loads the classifier that scores generated images, from the study `name`."""
    result = runs.load_study(name).one
    sizes = {name: result.settings[name] for name in ("image_shape", "classes")}
    model = models.build(result.configuration, seed=SEED, **sizes)
    runs.load_weights(model.parts, name)
    return model.parts["classifier"]


def load(name):
    """Loads a complete data set, or stops."""
    data = datasets.load(name)
    if not data.complete:
        sys.exit(f"Studies need the complete data. Received: {data.provenance}")
    return data


def sum_minutes(results) -> float:
    """Adds up the minutes of all training runs."""
    return sum(result.minutes for result in results)


def record_one(trained, data, arrays=None, animations=None, is_samples=IS_SAMPLES):
    """Measures one training run, and names the arguments of `runs.save_study`.

    Rounded weights are kept.
    """
    c = trained.source.configuration
    metrics, measured = measure(trained.model, c, data, is_samples)
    metrics["parameters"] = models.count_parameters(trained.model)
    more = {"binarisation": c.binarisation}
    if trained.rounded:
        more["weights"] = "kept as float16; numbers were measured after rounding"
    return {
        "protocol": describe(data, measured, **more),
        "minutes": trained.source.minutes,
        "results": [trained.make_result(metrics, alone=True)],
        "arrays": arrays,
        "parts": trained.model.parts if trained.rounded else None,
        "animations": animations,
    }


def record_several(configurations, data, seeds, curves=None):
    """Trains each configuration with each seed, and names the arguments as above."""
    results, measured = [], {}
    for configuration in configurations:
        for seed in seeds:
            trained = train(configuration, data, seed)
            metrics, how = measure(trained.model, configuration, data)
            measured |= how
            results.append(trained.make_result(metrics, curves=curves))
    binarisation = configurations[0].binarisation
    return {
        "protocol": describe(data, measured, binarisation=binarisation),
        "minutes": sum_minutes(results),
        "results": results,
    }
