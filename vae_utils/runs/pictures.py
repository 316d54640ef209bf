"""Pictures of a trained network, on test images and from codes."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from vae_utils import files, latent, plots, training
from vae_utils.networks import input_shape
from vae_utils.runs import loading
from vae_utils.training import snapshots
from vae_utils.training.snapshots import DIGIT, POINTS

PICTURES = ("history", "reconstruct", "generate", "latent")
ASPECTS = (*PICTURES, "metrics")
COLUMNS = 10  # images in a row, one per class where labels are told
EMBEDDED = 2000  # codes arranged by t-SNE
CANVAS_SIDE = 20
ROWS = 8  # epochs whose reconstructions are drawn


class Request(NamedTuple):
    """What to draw, and how much.

    Args:
        count: images, or pairs of images.
        seed: int, of drawn codes.
        around: `"prior"`, or `"average"` for each class's mean code.
        spread: standard deviation of codes around that; None for 1 around the prior's
            mean, and 0 around averages.
        digit: class to draw; None for all in turn.
        batch_size: images handled at a time.
    """

    count: int = 100
    seed: int = 0
    around: str = "prior"
    spread: float | None = None
    digit: int | None = None
    batch_size: int = 1000


def draw_reconstructions(model, data, request: Request):
    """Draws pairs of test image and reconstruction; returns Axes."""
    images = data.x_test[: request.count]
    labels = data.y_test[: request.count] if latent.takes_labels(model) else None
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
    for index in training.spaced(len(arrays["epochs"]), ROWS):
        epoch = arrays["epochs"][index]
        rows[f"mean, epoch {epoch}"] = arrays["reconstructions"][index]
    return plots.plot_rows(rows)[0]


def draw_generated(model, data, request: Request):
    """Draws new images from codes around the prior's mean, or around averages.

    Args:
        model: what `loading.load` returns, or `loading.load_decoder` for the prior.
        data: `datasets.Dataset`; None will do for the prior.
        request: what to draw.

    Returns:
        The Axes.
    """
    rows = -(-request.count // COLUMNS)
    digits = np.tile(np.arange(COLUMNS), rows)[: request.count]
    if request.digit is not None:
        digits = np.full(request.count, request.digit)
    (latent_dim,) = input_shape(model.decoder, "z")
    told = latent.takes_labels(model)
    z, source = latent.sample_prior(request.count, latent_dim, request.seed), "N(0, I)"
    if told and request.digit is None:  # one style a row, in ten digits
        z = z[np.arange(request.count) // COLUMNS]
    spread = request.spread
    if request.around == "average":
        spread = 0.0 if spread is None else spread
        averages = average_codes(model, data, batch_size=request.batch_size)
        z, source = averages[digits] + spread * z, "each digit's average code"
        source += f" ± {spread:g}" if spread else ""
    elif spread is not None:
        z, source = spread * z, f"N(0, {spread:g}² I)"
    means = latent.decode(
        model, z, digits if told else None, batch_size=request.batch_size
    )
    title = f"new images (mean), z from {source}, seed {request.seed}"
    return plots.plot_images(means, min(COLUMNS, len(means)), title=title)


def average_codes(model, data, *, batch_size: int = 1000) -> np.ndarray:
    """Computes each class's mean code, over the training images.

    Args:
        model: `models.VAE`, or another model with an `encoder`.
        data: `datasets.Dataset`.
        batch_size: images encoded at a time.

    Returns:
        Codes, shape (10, latent_dim).
    """
    labels = data.y_train if latent.takes_labels(model) else None
    z = latent.encode_mean(model, data.x_train, labels, batch_size=batch_size)
    return np.stack([z[data.y_train == digit].mean(axis=0) for digit in range(COLUMNS)])


def draw_latent(model, data, request: Request):
    """Draws the codes of test images, coloured by class; returns Axes."""
    told = latent.takes_labels(model)
    (latent_dim,) = input_shape(model.decoder, "z")
    count = POINTS if latent_dim == 2 else EMBEDDED
    labels = data.y_test[:count]
    z = latent.encode_mean(
        model,
        data.x_test[:count],
        labels if told else None,
        batch_size=request.batch_size,
    )
    title = f"mean codes of {len(z):,} test images"
    if latent_dim == 1:
        z = np.stack([z[:, 0], np.zeros(len(z))], axis=1)
    elif latent_dim > 2:
        z = latent.embed_tsne(z, seed=request.seed)
        title += f", {latent_dim} dimensions in two by t-SNE, whose distances mislead"
    ax = plots.plot_latent_scatter(z, labels, data.class_names, title=title)
    if latent_dim != 2:
        ax.set(xlabel="", ylabel="")
    return ax


def draw_canvas(model, request: Request):
    """Draws what a two-dimensional latent space decodes to; returns Axes."""
    grid = latent.prior_quantile_grid(CANVAS_SIDE)
    digit = DIGIT if request.digit is None else request.digit
    told = latent.takes_labels(model)
    labels = np.full(len(grid), digit) if told else None
    images = latent.decode(model, grid, labels, batch_size=request.batch_size)
    title = "decoded (mean) at the prior's quantiles"
    return plots.plot_latent_grid(
        images,
        CANVAS_SIDE,
        ticks=grid[:CANVAS_SIDE, 0],
        title=f"{title}, digit {digit}" if told else title,
    )


def has(source, aspect: str, request: Request) -> bool:
    """Tells whether a model has something to show for one of `ASPECTS`."""
    model = source.settings["model"]
    if model == "classifier":
        return aspect in ("history", "metrics")
    return model != "ae" or aspect != "generate" or request.around == "average"


def needs_data(aspect: str, request: Request) -> bool:
    """Tells whether an aspect needs images; what the prior generates needs none."""
    from_prior = aspect == "generate" and request.around == "prior"
    return aspect != "history" and not from_prior


def draw(source, data, aspects, request: Request, target):
    """Draws pictures of a trained network.

    Args:
        source: as `loading.find` returns it.
        data: `datasets.Dataset`; None where no picture needs it.
        aspects: which of `PICTURES`.
        request: what to draw, and how much.
        target: folder for the PNG files.

    Yields:
        The path of each file written.
    """
    target.mkdir(parents=True, exist_ok=True)
    with plt.rc_context():
        plots.use_book_style()
        for name, ax in _make_axes(source, data, aspects, request):
            path = target / f"{name}.png"
            try:
                with files.written_whole(path) as stream:
                    ax.figure.savefig(stream, format="png")
            finally:
                plt.close(ax.figure)
            yield path


def _make_axes(source, data, aspects, request):
    """Yields the name and the Axes of each picture."""
    if "history" in aspects:
        yield "history", plots.plot_history(source.history)[0]
    drawn = [a for a in aspects if a in PICTURES and a != "history"]
    if not drawn:
        return
    alone = not any(needs_data(aspect, request) for aspect in drawn)
    model = loading.load_decoder(source) if alone else loading.load(source)
    if "reconstruct" in drawn:
        yield "reconstruct", draw_reconstructions(model, data, request)
        kept = snapshots.read(source.folder) if source.folder else {}
        if kept:
            yield "epochs", draw_epochs(kept)
    if "generate" in drawn:
        yield "generate", draw_generated(model, data, request)
    if "latent" in drawn:
        yield "latent", draw_latent(model, data, request)
        if source.configuration.latent_dim == 2:
            yield "canvas", draw_canvas(model, request)
