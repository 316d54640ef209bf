"""Training what a configuration says."""

import math
from collections.abc import Callable, Sequence
from os import PathLike
from typing import NamedTuple

import keras

from vae_utils import pipeline
from vae_utils.configurations import describe, model_class
from vae_utils.datasets import Dataset
from vae_utils.models import build
from vae_utils.precision import pinned
from vae_utils.training.checkpoints import Checkpoints
from vae_utils.training.divergence import StopIfDiverged
from vae_utils.training.interruptions import StopIfInterrupted
from vae_utils.training.stopping import MONITOR, StopWithoutProgress, has_stopped

VALIDATION_SEED = 0  # of the one binarisation, or dequantisation, of validation images


class Prepared(NamedTuple):
    """A compiled model, and what `fit` trains it on.

    Args:
        model: compiled, its weights freshly drawn.
        batches: function of the first epoch, from 0, that returns all batches from
            then on.
        steps: batches of an epoch.
        epochs: number of epochs.
        validation: batches to score after every epoch.
        patience: epochs without a smaller validation loss that end training; None for
            no such end.
    """

    model: keras.Model
    batches: Callable[[int], object]
    steps: int
    epochs: int
    validation: object
    patience: int | None = None


def prepare(configuration, data: Dataset, *, seed: int) -> Prepared:
    """Builds and compiles the model of a configuration, and makes its batches.

    Args:
        configuration: what to build, and how to train it.
        data: what to train on; its validation images are scored, binarised as the
            training images are, but once, whatever `seed` is.
        seed: int, of weights, noise, order and binarisation.

    Returns:
        All that `fit` needs.

    Raises:
        ValueError: if there are fewer images than `batch_size`, or no labels for a
            model that needs them.
    """
    c = configuration
    pipeline.check_batch_size(c.batch_size, len(data.x_train))
    _check_classes(c, data)
    shape = {"image_shape": data.image_shape, "classes": data.classes}
    model = build(c, **shape, seed=seed)
    y_train, y_val = (data.y_train, data.y_val) if model.conditional else (None, None)
    batches, steps = _count_from_any_epoch(c, data, y_train, seed)
    validation = pipeline.evaluation_batches(
        data.x_val,
        y_val,
        seed=VALIDATION_SEED,
        binarisation=c.binarisation,
        dequantisation=c.dequantisation,
        classes=data.classes,
    )
    return Prepared(
        _compile(model, c, steps),
        batches=batches,
        steps=steps,
        epochs=c.epochs,
        validation=validation,
        patience=c.patience,
    )


def _check_classes(configuration, data):
    """Raises ValueError if a model needs labels, and all images are of one class."""
    model = configuration.model
    if model_class(model).conditional and data.classes < 2:
        raise ValueError(
            "This model needs labels of two classes at least: choose another, such as "
            "vae, or give each class a folder of its own. "
            f"Received: model={model!r}, class_names={data.class_names!r}"
        )


def fit(
    prepared: Prepared,
    *,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    checkpoints: Checkpoints | None = None,
) -> dict:
    """Trains what was prepared, from the epoch that its checkpoints have restored.

    Args:
        prepared: as `prepare` returns it.
        callbacks: for Keras's `fit`.
        checkpoints: keeps every epoch.

    Returns:
        The history, name → one number per epoch, those of earlier sessions included.

    Raises:
        Diverged: if a loss became NaN or infinite; the last checkpoint is kept.
    """
    first, before = 0, {}
    if checkpoints:
        first, before = checkpoints.epoch, checkpoints.history
    losses = before.get(MONITOR, [])
    if first >= prepared.epochs or has_stopped(losses, prepared.patience):
        return before  # there is nothing left to do
    kept = [checkpoints] if checkpoints else []
    try:
        history = prepared.model.fit(
            prepared.batches(first),
            initial_epoch=first,
            epochs=prepared.epochs,
            steps_per_epoch=prepared.steps,
            validation_data=prepared.validation,
            shuffle=False,  # the pipeline shuffles
            verbose=0,
            callbacks=[*_list_stops(prepared, losses), *callbacks, *kept],
        )
    finally:
        if checkpoints:
            checkpoints.flush()
    return checkpoints.history if checkpoints else history.history


def _list_stops(prepared, losses):
    """Yields the callbacks that end training early."""
    yield StopIfInterrupted()
    yield StopIfDiverged()
    if prepared.patience is not None:
        yield StopWithoutProgress(prepared.patience, losses)


def train(
    configuration,
    data: Dataset,
    *,
    seed: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    checkpoints: str | PathLike | None = None,
) -> tuple[keras.Model, dict]:
    """Builds and trains the model of a configuration.

    Args:
        configuration: what to build, and how to train it.
        data: what to train on; after every epoch its validation images are scored,
            binarised as the training images are, but once, whatever `seed` is.
        seed: int, of weights, noise, order and binarisation.
        callbacks: for `fit`.
        checkpoints: folder that keeps every epoch; a run that was interrupted is
            resumed from there, exactly. None keeps nothing.

    Returns:
        The trained model, and the history, name → one number per epoch.

    Raises:
        ValueError: if there are fewer images than `batch_size`, or the folder has the
            checkpoints of another run.
    """
    prepared = prepare(configuration, data, seed=seed)
    if checkpoints is not None:
        settings = describe(configuration, data, seed)
        checkpoints = Checkpoints(checkpoints, settings)
        checkpoints.restore(prepared.model)
    history = fit(prepared, callbacks=callbacks, checkpoints=checkpoints)
    return prepared.model, history


def _count_from_any_epoch(configuration, data, labels, seed):
    """Makes the function from first epoch to batches, and counts those of an epoch."""
    c = configuration
    per_pass = max(1, len(data.x_train) // c.batch_size)
    steps = c.updates_per_epoch or per_pass

    def batches(first_epoch):
        passed, within = divmod(first_epoch * steps, per_pass)
        all_batches, _ = pipeline.training_batches(
            data.x_train,
            labels,
            classes=data.classes,
            batch_size=c.batch_size,
            epochs=math.ceil(c.epochs * steps / per_pass),
            seed=seed,
            binarisation=c.binarisation,
            dequantisation=c.dequantisation,
            augmentation=c.augmentation,
            first_epoch=passed,
        )
        return all_batches.skip(within) if within else all_batches

    return batches, steps


def _compile(model, configuration, steps):
    """Gives a model its optimiser."""
    c = configuration
    rate = c.learning_rate
    if c.decay:
        rate = keras.optimizers.schedules.CosineDecay(rate, c.epochs * steps)
    with pinned():
        optimizer = keras.optimizers.Adam(rate, global_clipnorm=c.clip_norm)
    model.compile(optimizer)
    return model
