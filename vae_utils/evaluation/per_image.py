"""Scores: one number for each image, larger where the model finds the image stranger.

Images are scored in blocks, so that any number of them fits into memory. Noise depends
on the seed and on the place of an image among the others.
"""

import dataclasses
import math
from collections.abc import Callable

import numpy as np

from vae_utils import latent
from vae_utils.checks import check_finite, check_positive_integer
from vae_utils.dequantisation import LEVELS
from vae_utils.evaluation.bits import bits_per_dimension
from vae_utils.evaluation.bounds import elbo_terms
from vae_utils.evaluation.importance import importance_sampled_nll
from vae_utils.models.abilities import need
from vae_utils.pixels import binarise, to_unit_interval

VALUES = 20_000_000  # values of images in a block: 80 MB as float32


@dataclasses.dataclass(frozen=True)
class Score:
    """A score of single images.

    Args:
        column: name of the number, in tables.
        help: what it is, with its unit.
        needs: abilities that the model must have, keys of `models.abilities.ABILITIES`.
        compute: function of model, images, labels, samples and seed that returns one
            number for each image.
        samples: codes drawn for each image, where nobody says how many; 0 for none.
    """

    column: str
    help: str
    needs: tuple[str, ...]
    compute: Callable
    samples: int = 0


def squared_error(model, images, labels=None, samples=0, seed=0) -> np.ndarray:
    """Computes the mean squared error of each image's reconstruction.

    Args:
        model: `models.VAE`, or another model that encodes and decodes.
        images: uint8 or float in [0, 1], shape (n, height, width, channels); not
            binarised, whatever the likelihood is.
        labels: ints, shape (n,), of a conditional model.
        samples: not used: reconstructions are decoded from the mean of q(z|x).
        seed: not used.

    Returns:
        Means over the values of an image, shape (n,), in squared grey levels of [0, 1].
    """
    x = to_unit_interval(images, model.image_shape)
    return np.square(x - latent.reconstruct(model, x, labels)).mean(axis=(1, 2, 3))


def negative_elbo(model, images, labels=None, samples=10, seed=0) -> np.ndarray:
    """Estimates −ELBO of each image, in nats.

    Args:
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: as for `squared_error`; binarised first, once, if the likelihood is
            that of binary pixels.
        labels: ints, shape (n,), of a conditional model.
        samples: codes drawn for each image.
        seed: int, of codes and binarisation.

    Returns:
        nll + kl of each image, shape (n,), with β = 1.
    """
    x = _prepare(model, images, seed)
    terms = elbo_terms(model, x, labels, samples=samples, seed=seed)
    return terms["nll"] + terms["kl"]


def sampled_nll(model, images, labels=None, samples=100, seed=0) -> np.ndarray:
    """Estimates −log p(x) of each image by importance sampling, in nats.

    Takes what `negative_elbo` takes, which is never smaller on average.

    Returns:
        Estimates, shape (n,).
    """
    x = _prepare(model, images, seed)
    return importance_sampled_nll(model, x, labels, samples=samples, seed=seed)


# Name → score.
SCORES = {
    "mse": Score(
        "mse",
        "mean squared error of the reconstruction from the mean code",
        ("encode", "decode"),
        squared_error,
    ),
    "elbo": Score(
        "neg_elbo", "−ELBO, nats", ("encode", "log_weights"), negative_elbo, samples=10
    ),
    "is": Score(
        "is_nll",
        "−log p(x) by importance sampling, nats",
        ("encode", "log_weights"),
        sampled_nll,
        samples=100,
    ),
}


def score_images(
    model, images, labels=None, *, by: str, samples: int | None = None, seed: int = 0
) -> np.ndarray:
    """Scores each image, block by block.

    Args:
        model: `models.VAE` or another model.
        images: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            channels).
        labels: ints, shape (n,), of a conditional model.
        by: one of `SCORES`.
        samples: codes drawn for each image; None for the score's own number.
        seed: int, of everything that is drawn.

    Returns:
        float64, shape (n,); larger for stranger images.

    Raises:
        ValueError: if there is no such score, the model cannot give it, images or
            labels are invalid, or a number is NaN or infinite.
    """
    if by not in SCORES:
        raise ValueError(f"by must be one of {', '.join(SCORES)}. Received: by={by!r}")
    score = SCORES[by]
    need(model, *score.needs)
    samples = score.samples if samples is None else samples
    if score.samples:
        check_positive_integer(samples, "samples", "the draws of z per image")
    rows = max(1, VALUES // math.prod(model.image_shape))
    found = []
    for first in range(0, max(1, len(images)), rows):
        block = slice(first, first + rows)
        own = None if labels is None else labels[block]
        drawn = seed if first == 0 else _derive(seed, first)
        found.append(score.compute(model, images[block], own, samples, drawn))
    scores = np.concatenate(found).astype(float)
    check_finite(scores, score.column)
    return scores


def bits_of(model, nats):
    """Converts nats of images to bits per dimension where they are of a probability.

    Args:
        model: the model that scored.
        nats: a number or an array, of the scores `elbo` or `is`.

    Returns:
        Bits per dimension; None of a density, whose nats depend on the unit of a pixel.
    """
    if not model.likelihood.is_probability:
        return None
    return bits_per_dimension(nats, model.image_shape)


def describe_images(model) -> str:
    """Says what scores in nats are of, under a model's likelihood."""
    if not model.likelihood.is_probability:
        return "a density of grey levels"
    if getattr(model.likelihood, "levels", 2) == LEVELS:
        return f"the probability of an image of {LEVELS} levels"
    return "the probability of an image that was binarised at random, once"


def _prepare(model, images, seed):
    """Returns images as the likelihood models them."""
    x = to_unit_interval(images, model.image_shape)
    likelihood = model.likelihood
    binary = likelihood.is_probability and getattr(likelihood, "levels", 2) == 2
    return binarise(x, "dynamic", seed) if binary else x


def _derive(seed, first):
    """Returns the seed of the block that begins with an image."""
    return int(np.random.SeedSequence([seed, first]).generate_state(1)[0])
