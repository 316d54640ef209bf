"""What a study says about one of its models: time, epochs, commands, size."""

import functools
import random

from vae_utils import models, networks
from vae_utils.runs.studies import Study
from vae_utils.scoreboard.measured import Measured, measured

SCORES = {"rmse_mean", "is_nll"}  # every model has one of them, and no classifier


def list_models(study: Study) -> list[Study]:
    """Lists the autoencoders of a study, in the order in which they were trained."""
    return [m for m in study.models() if SCORES & m.results[0].metrics.keys()]


def minutes_of(study: Study, model: Study) -> tuple[Measured, str]:
    """Reads the minutes of one training run, and by which clock.

    Where a study recorded only the minutes of all its runs, this is the average of
    them, whatever the model.

    Args:
        study: the whole study.
        model: the study of the model alone.

    Returns:
        Minutes, and `processor` (of all threads together) or `wall`.
    """
    if seconds := measured(model, "seconds"):
        return Measured(tuple(value / 60 for value in seconds.values)), "processor"
    if minutes := measured(model, "minutes"):
        return minutes, "wall"
    return Measured((study.minutes / len(study),)), "wall"


def epochs_of(model: Study) -> Measured:
    """Reads the epochs of a model's training runs: once, if all had the same."""
    epochs = [float(result.epochs) for result in model.results]
    return Measured(tuple(epochs if len(set(epochs)) > 1 else epochs[:1]))


def commands_of(model: Study) -> tuple[str, ...]:
    """Lists the commands that repeat a model's training runs and measure them.

    A study that no such commands repeat has the one that records it.
    """
    commands = [command for result in model.results for command in result.commands]
    return tuple(commands or [f"python -m studies.record_runs {model.name}"])


@functools.cache
def count_parameters(configuration, image_shape: tuple, classes: int) -> int:
    """Counts the weights of encoder and decoder, by building both.

    Keras draws initial weights from seeds of Python's generator, which is put back.

    Args:
        configuration: of a model with encoder and decoder.
        image_shape: (height, width, channels) of the data.
        classes: number of classes of the data.
    """
    state, sizes = random.getstate(), (image_shape, classes)
    is_ae = configuration.model == "ae"
    head = networks.code_head if is_ae else networks.gaussian_head
    encoder = models.build_encoder(configuration, *sizes, head=head)
    decoder = models.build_decoder(configuration, *sizes)
    random.setstate(state)
    return encoder.count_params() + decoder.count_params()
