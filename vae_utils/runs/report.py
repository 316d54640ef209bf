"""Numbers and pictures of a trained network, on test images."""

from typing import NamedTuple

import numpy as np

from vae_utils import (
    evaluation,
    latent,
    networks,
    plots,
    pretrained,
    protocol,
    training,
)
from vae_utils.configurations import Configuration
from vae_utils.likelihoods import Bernoulli
from vae_utils.models import VAE
from vae_utils.networks import input_shape
from vae_utils.pixels import binarise

COLUMNS = 10  # images in a row, one per class where labels are told
POINTS, EMBEDDED = 5000, 2000  # codes drawn as they are, and by t-SNE
CANVAS_SIDE = 20
ROWS = 8  # epochs whose reconstructions are drawn
DIGIT = 3  # that a conditional VAE draws on its canvas
JUDGE = "classifier"  # recorded run that scores generated digits
GREY = "all grey test images"


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


def draw_epochs(source):
    """Draws test images above their reconstructions after some epochs; returns Axes.

    Args:
        source: `loading.Source` of a run with snapshots.
    """
    with np.load(source.snapshots, allow_pickle=False) as saved:
        rows = {"input": saved["input"]}
        shown = training.spaced(len(saved["epochs"]), ROWS)
        for epoch, means in zip(
            saved["epochs"][shown], saved["reconstructions"][shown], strict=True
        ):
            rows[f"mean, epoch {epoch}"] = means
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
    told = len(model.decoder.inputs) > 1
    z, source = latent.sample_prior(request.count, latent_dim, request.seed), "N(0, I)"
    if told and request.digit is None:  # one style a row, in ten digits
        z = z[np.arange(request.count) // COLUMNS]
    spread = request.spread
    if request.around == "average":
        spread = 0.0 if spread is None else spread
        averages = _average_codes(model, data, request.batch_size)
        z, source = averages[digits] + spread * z, "each digit's average code"
        source += f" ± {spread:g}" if spread else ""
    elif spread is not None:
        z, source = spread * z, f"N(0, {spread:g}² I)"
    means = latent.decode(
        model, z, digits if told else None, batch_size=request.batch_size
    )
    title = f"new images (mean), z from {source}, seed {request.seed}"
    return plots.plot_images(means, min(COLUMNS, len(means)), title=title)


def _average_codes(model, data, batch_size):
    """Computes each class's mean code, over the training images, (10, latent_dim)."""
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


def measure(model, configuration, data, *, is_samples: int | None = None):
    """Measures a trained network on test images.

    Args:
        model: as `loading.load` returns it.
        configuration: its record.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        Name → number, and name → how it was measured.
    """
    if not isinstance(configuration, Configuration):
        return _measure_classifier(model, data)
    if not isinstance(model, VAE):
        return _measure_autoencoder(model, configuration, data)
    if not isinstance(model.likelihood, Bernoulli):
        return _measure_density(model, data)
    conditional = configuration.labelled != "none"
    measured = protocol.measure(model, data, is_samples=is_samples)
    described = protocol.describe(is_samples, conditional=conditional)
    if data.name == "mnist" and data.complete:  # what the judge was trained on
        classifier = networks.build_classifier()
        pretrained.load_weights({"classifier": classifier}, JUDGE)
        measured |= protocol.measure_generated(model, classifier, data)
        described |= protocol.describe_generated()
        if not conditional:
            del described["conditional_accuracy"]
    return measured, described


def _measure_classifier(model, data):
    measured = {}
    for split in ("val", "test"):
        images, labels = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        found, _ = evaluation.classify(model, images)
        measured[f"{split}_accuracy"] = float(np.mean(found == labels))
    described = dict.fromkeys(measured, "share of images classified as labelled")
    return measured, described


def _measure_autoencoder(model, configuration, data):
    binarisation = configuration.binarisation
    x = binarise(data.x_test, binarisation, protocol.BINARISATION_SEED)
    logits = networks.call_in_batches(
        model.decoder, latent.encode(model, x), batch_size=1000
    )
    nll = np.array(model.likelihood.negative_log_likelihood(x, logits))
    measured = {
        "nll": float(nll.mean()),
        "rmse_mean": evaluation.rmse(
            data.x_test, latent.reconstruct(model, data.x_test)
        ),
    }
    described = {
        "nll": f"all test images, binarisation {binarisation}; nats; no bound on log p",
        "rmse_mean": f"{GREY}; from their codes; mean over images",
    }
    return measured, described


def _measure_density(model, data):
    labels = data.y_test if latent.takes_labels(model) else None
    split = evaluation.elbo_split(model, data.x_test, labels)
    z_mean, _ = latent.encode(model, data.x_test, labels)
    means = latent.decode(model, z_mean, labels)
    measured = split | {
        "rmse_mean": evaluation.rmse(data.x_test, means),
        "active_units": evaluation.active_units(z_mean),
    }
    described = protocol.describe()
    density = f"{GREY}; one sample of z each; nats of a density, comparable with no "
    described = {name: described[name] for name in measured} | {
        "elbo": f"{density}probability and no other sigma"
    }
    return measured, described
