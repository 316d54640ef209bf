"""Drawings of a model, on test images and from codes."""

from typing import NamedTuple

import numpy as np

from vae_utils import latent, plots, training

COLUMNS = 10  # images in a row
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


def draw_generated(model, data, request: Request):
    """Draws new images from codes of the prior, or around class means.

    Args:
        model: what `loading.load` returns, or `loading.load_decoding_parts` for the
            prior.
        data: `datasets.Dataset`; None will do for the prior.
        request: what to draw.

    Returns:
        The Axes.
    """
    labels = _choose_labels(model, data, request)
    draw = _draw_around_means if request.around == "class-means" else _draw_from_prior
    z, source = draw(model, data, request, labels)
    images = latent.decode(
        model,
        z,
        labels if model.conditional else None,
        batch_size=request.batch_size,
    )
    title = f"new images (mean), z from {source}, seed {request.seed}"
    return plots.plot_images(images, min(COLUMNS, len(images)), title=title)


def _draw_from_prior(model, data, request, labels):
    """Returns codes, and where they are from."""
    z = _vary(model, latent.draw_codes(model, request.count, request.seed), request)
    if request.spread is None:
        return z, "the prior"
    return request.spread * z, f"{request.spread:g} times the prior"


def _draw_around_means(model, data, request, labels):
    """Returns codes, and where they are from; a model without a prior has them too."""
    means = class_means(model, data, batch_size=request.batch_size)
    source = "each class's mean code"
    if not request.spread:
        return means[labels], source
    noise = latent.sample_prior(request.count, means.shape[1], request.seed)
    z = means[labels] + request.spread * _vary(model, noise, request)
    return z, f"{source} ± {request.spread:g}"


def _vary(model, z, request):
    """Returns codes as they are, or one for each row of all classes."""
    if model.conditional and request.label is None:
        return z[np.arange(request.count) // COLUMNS]
    return z


def _choose_labels(model, data, request):
    """Returns the class of each new image: the one asked for, or all in turn."""
    if request.label is not None:
        return np.full(request.count, request.label)
    classes = model.classes or (data.classes if data else 1)
    return np.arange(request.count) % COLUMNS % classes


def class_means(model, data, *, batch_size: int = 1000) -> np.ndarray:
    """Computes the mean code of each class, over the training images.

    Args:
        model: `models.VAE`, or another model that encodes.
        data: `datasets.Dataset`.
        batch_size: images encoded at a time.

    Returns:
        Codes, shape (classes, latent_dim).
    """
    labels = data.y_train if model.conditional else None
    z = latent.encode_mean(model, data.x_train, labels, batch_size=batch_size)
    every_class = range(data.classes)
    return np.stack([z[data.y_train == label].mean(axis=0) for label in every_class])
