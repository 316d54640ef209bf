"""Importance sampling: −log p(x) from weighted codes, and how good the weights are."""

import math
import warnings

import numpy as np

from vae_utils.evaluation.scoring import score
from vae_utils.models.abilities import need
from vae_utils.pixels import is_binary


def importance_sampled_nll(
    model, images, labels=None, *, samples: int = 500, seed: int = 0, proposals=None
) -> np.ndarray:
    """Estimates −log p(x) of each image, in nats, with codes drawn from q(z|x).

    The estimate is a bound: on average it lies above −log p(x), and approaches it as
    `samples` grows. Report the number of samples with it. It warns where a Bernoulli
    likelihood is given grey images: the number is then an upper bound on the mean of
    −log p over their dynamic binarisations (`warn_if_grey` has the proof).

    Args:
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: binarised images (`pixels.binarise`), shape (n, height, width,
            channels).
        labels: ints, shape (n,), of a conditional model, whose −log p(x|y) this is.
        samples: draws of z per image, K.
        seed: int, of the draws.
        proposals: as for `elbo_split`.

    Returns:
        Estimates, shape (n,), in nats. Their mean is the figure papers report.

    Raises:
        ValueError: as for `elbo_split`.

    Source:
        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519,
        equation 8.
    """
    need(model, "encode", "log_weights")
    warn_if_grey(model, images)
    log_sum = np.full(len(images), -np.inf)
    for index, block in score(model, images, labels, samples, seed, proposals):
        block_sum = np.logaddexp.reduce(block["log_weights"].astype(float), axis=1)
        np.logaddexp.at(log_sum, index, block_sum)
    return math.log(samples) - log_sum


def log_weights(
    model, images, labels=None, *, samples: int = 500, seed: int = 0, proposals=None
) -> np.ndarray:
    """Computes the importance weight of each code drawn for each image.

    The mean of the weights estimates p(x), the mean of their logarithms is the ELBO;
    from many weights one can see how an estimate with fewer would have come out.

    Args:
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: as for `importance_sampled_nll`.
        labels: ints, shape (n,), of a conditional model.
        samples: draws of z per image.
        seed: int, of the draws.
        proposals: as for `elbo_split`.

    Returns:
        log p(z) + log p(x|z) − log q(z|x), shape (n, samples), in nats, float32.

    Raises:
        ValueError: as for `elbo_split`.
    """
    need(model, "encode", "log_weights")
    warn_if_grey(model, images)
    blocks = score(model, images, labels, samples, seed, proposals)
    rows = [block["log_weights"] for _, block in blocks]
    return np.concatenate(rows).reshape(-1, samples)


def effective_sample_size(log_weights) -> np.ndarray:
    """Computes how many equally weighted draws the weights of each image are worth.

    Args:
        log_weights: shape (n, samples), in nats, as `log_weights` returns them.

    Returns:
        (Σ w)² / Σ w² of each image, shape (n,), from 1 to `samples`.

    Raises:
        ValueError: if the shape is another.

    Source:
        Kong (1992); Owen (2013), "Monte Carlo theory, methods and examples", 9.3.
    """
    log_weights = np.asarray(log_weights, dtype=float)
    if log_weights.ndim != 2 or 0 in log_weights.shape:
        raise ValueError(
            "log_weights must have shape (n, samples). "
            f"Received: log_weights.shape={log_weights.shape}"
        )
    total = np.logaddexp.reduce(log_weights, axis=1)
    return np.exp(2 * total - np.logaddexp.reduce(2 * log_weights, axis=1))


def warn_if_grey(model, images):
    """Warns where a Bernoulli likelihood is to score grey images.

    What is computed then still bounds the likelihood of binary images. Let c(x, z) be
    the cross-entropy of an image x and a decoder's output, and L(x) = log ∫ p(z)
    exp(−c(x, z)) dz. For a binary image b, L(b) = log p(b). Let b be a dynamic
    binarisation of a grey image x, with probability w(b).

    1. c is linear in its x, and the mean of b is x: c(x, z) = Σ w(b) c(b, z).
    2. So p(z) exp(−c(x, z)) is the product of (p(z) exp(−c(b, z)))^w(b) over all b.
    3. Hölder's inequality, with Σ w(b) = 1: its integral over z is at most the product
       of the integrals to these powers. That is, L(x) ≤ Σ w(b) L(b) = E[log p(b)].
    4. For any q(z), by Jensen's inequality, E_q[−c(x, z)] − KL(q‖p) ≤ L(x).
    5. So the −ELBO of a grey image, its −L(x), and on average what importance sampling
       estimates in between, are upper bounds on E[−log p(b)].

    None of them is below the entropy of b given x, which by Gibbs' inequality is the
    least that E[−log p(b)] can be, whatever the model is.
    """
    likelihood = model.likelihood
    binary = likelihood.is_probability and getattr(likelihood, "levels", 2) == 2
    if binary and not is_binary(images):
        warnings.warn(
            "The images are grey: under a Bernoulli likelihood this number is an upper "
            "bound on −log p averaged over their dynamic binarisations; for −log p of "
            "binary images, binarise them first (pixels.binarise).",
            stacklevel=3,
        )
