"""Drawings of a model, on test images and from codes."""

from typing import NamedTuple

import numpy as np

from vae_utils import latent, plots, training

COLUMNS = 10  # images in a row
MOST_COLUMNS = 20  # if there is one for each class
EPOCHS_SHOWN = 8  # whose reconstructions are drawn


class Request(NamedTuple):
    """What to draw, and how much.

    Args:
        count: images, or pairs of images.
        seed: int, of drawn codes.
        around: `"prior"`, or `"class-means"` for each class's mean code.
        spread: standard deviation of codes around that; None for the prior's own, and
            0 around class means.
        label: class to draw; None for all in turn.
        batch_size: images handled at a time.
    """

    count: int = 100
    seed: int = 0
    around: str = "prior"
    spread: float | None = None
    label: int | None = None
    batch_size: int = 1000


def draw_reconstructions(model, data, request: Request):
    """Draws pairs of test image and reconstruction; returns Axes."""
    images = data.x_test[: request.count]
    labels = data.y_test[: request.count] if model.conditional else None
    means = latent.reconstruct(model, images, labels, batch_size=request.batch_size)
    pairs = plots.join_pairs(images, means)
    title = f"input | reconstruction (mean), {len(images)} test images"
    return plots.plot_images(pairs, min(COLUMNS, len(pairs)), title=title)


def draw_epochs(arrays: dict):
    """Draws test images above their reconstructions after some epochs; returns Axes.

    Args:
        arrays: name → array, as `training.Snapshots` keeps them.
    """
    rows = {"input": arrays["input"]}
    for index in training.spaced(len(arrays["epochs"]), EPOCHS_SHOWN):
        epoch = arrays["epochs"][index]
        rows[f"mean, epoch {epoch}"] = arrays["reconstructions"][index]
    return plots.plot_rows(rows)[0]


class Turns(NamedTuple):
    """Which class each new image is of, and which code it is decoded from.

    Args:
        labels: ints, shape (count,).
        codes: index of a code, ints, shape (count,); all classes have one in common.
        columns: images in a row.
    """

    labels: np.ndarray
    codes: np.ndarray
    columns: int


def draw_generated(model, data, request: Request):
    """Draws new images from codes of the prior, or around class means.

    Args:
        model: what `loading.load` returns, or `loading.load_decoding_parts` for the
            prior.
        data: `datasets.Dataset`; None will do for the prior.
        request: what to draw, and how much.

    Returns:
        The Axes.
    """
    turns = _take_turns(model, data, request)
    draw = _draw_around_means if request.around == "class-means" else _draw_from_prior
    z, source = draw(model, data, request, turns)
    images = latent.decode(
        model,
        z,
        turns.labels if model.conditional else None,
        batch_size=request.batch_size,
    )
    title = f"new images (mean), z from {source}, seed {request.seed}"
    return plots.plot_images(images, min(turns.columns, len(images)), title=title)


def _draw_from_prior(model, data, request, turns):
    """Returns codes, and where they are from."""
    z = latent.draw_codes(model, request.count, request.seed)[turns.codes]
    if request.spread is None:
        return z, "the prior"
    return request.spread * z, f"{request.spread:g} times the prior"


def _draw_around_means(model, data, request, turns):
    """Returns codes, and where they are from; a model without a prior has them too."""
    if request.label is not None and request.label not in data.y_train:
        raise ValueError(
            "This class has no training images, and so no mean code. "
            f"Received: label={request.label}"
        )
    means = class_means(model, data, batch_size=request.batch_size)
    source = "each class's mean code"
    if not request.spread:
        return means[turns.labels], source
    noise = latent.sample_prior(request.count, means.shape[1], request.seed)
    z = means[turns.labels] + request.spread * noise[turns.codes]
    return z, f"{source} ±\N{NO-BREAK SPACE}{request.spread:g}"


def _take_turns(model, data, request) -> Turns:
    """Lets all classes take turns, or draws the one asked for.

    A row has about ten images, or one of each class if these fit a row; of more than 20
    classes, each pass over all of them begins where the one before ends.
    """
    numbers = np.arange(request.count)
    if request.label is not None:
        return Turns(np.full(request.count, request.label), numbers, COLUMNS)
    present = _list_classes(model, data, request)
    count = len(present)
    columns = count * max(1, COLUMNS // count) if count <= MOST_COLUMNS else COLUMNS
    codes = numbers // count if model.conditional else numbers
    return Turns(present[numbers % count], codes, columns)


def _list_classes(model, data, request):
    """Lists the classes to draw: all, or those that have a mean code."""
    if request.around == "class-means":
        return np.unique(data.y_train)
    return np.arange(model.classes or (data.classes if data else 1))


def class_means(model, data, *, batch_size: int = 1000) -> np.ndarray:
    """Computes the mean code of each class, over the training images.

    Args:
        model: `models.VAE`, or another model that encodes.
        data: `datasets.Dataset`.
        batch_size: images encoded at a time.

    Returns:
        Codes, shape (classes, latent_dim); NaN for a class without training images.
    """
    labels = data.y_train if model.conditional else None
    z = latent.encode_mean(model, data.x_train, labels, batch_size=batch_size)
    means = np.full((data.classes, z.shape[1]), np.nan, z.dtype)
    for label in np.unique(data.y_train):
        means[label] = z[data.y_train == label].mean(axis=0)
    return means
