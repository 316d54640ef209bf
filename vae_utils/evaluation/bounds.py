"""Bounds on log p(x): the ELBO in its two parts, and importance sampling.

Noise comes from NumPy: the same seed gives the same draws on every backend.
"""

import math
import warnings

import numpy as np
from keras import ops

from vae_utils.checks import check_finite, check_labels, check_positive_integer
from vae_utils.likelihoods import Bernoulli
from vae_utils.networks import call_in_batches, input_shape, join
from vae_utils.objectives import gaussian_kl, gaussian_log_density
from vae_utils.pixels import is_binary, to_unit_interval

BLOCK = 20_000  # samples decoded at once: 63 MB of logits at 784 pixels
ENCODED = 1000  # images encoded at once
EVALUATION = 3  # a stream of random numbers of its own, whatever else has the seed


def elbo_split(
    model, images, labels=None, *, samples: int = 1, seed: int = 0, proposals=None
) -> dict[str, float]:
    """Estimates the ELBO and its two parts, in nats per image.

    Grey images are scored as well, since that is what many programs print; under a
    Bernoulli likelihood the number then bounds no probability.

    Args:
        model: `models.VAE`.
        images: the images to explain, shape (n, 28, 28, 1); binarised ones
            (`pixels.binarise`) where the likelihood is Bernoulli.
        labels: ints, shape (n,), of a conditional model, whose log p(x|y) is bounded.
        samples: draws of z per image; more make the estimate steadier, not tighter.
        seed: int, of the draws.
        proposals: z_mean and z_log_var of another q(z|x) for each image than the
            encoder's, such as `fit_proposals` finds, each of shape (n, latent_dim).

    Returns:
        The means over images of `nll` and `kl`, and `elbo` = −(nll + kl).

    Raises:
        ValueError: if `samples` is not a positive integer, `images` are not images, or
            `proposals` do not fit them.
    """
    nll, kl = np.zeros(len(images)), np.zeros(len(images))
    for rows, block in _score(model, images, labels, samples, seed, proposals):
        nll[rows] += block["nll"].sum(axis=1) / samples
        kl[rows] = block["kl"]
    split = {"nll": float(nll.mean()), "kl": float(kl.mean())}
    return split | {"elbo": -(split["nll"] + split["kl"])}


def importance_sampled_nll(
    model, images, labels=None, *, samples: int = 500, seed: int = 0, proposals=None
) -> np.ndarray:
    """Estimates −log p(x) of each image, in nats, with codes drawn from q(z|x).

    The estimate is a bound: on average it lies above −log p(x), and approaches it as
    `samples` grows. Report the number of samples with it. It warns where a Bernoulli
    likelihood is given grey images: the number then is no probability's logarithm.

    Args:
        model: `models.VAE`.
        images: binarised images (`pixels.binarise`), shape (n, 28, 28, 1).
        labels: ints, shape (n,), of a conditional model, whose −log p(x|y) this is.
        samples: draws of z per image, K.
        seed: int, of the draws.
        proposals: as for `elbo_split`.

    Returns:
        Estimates, shape (n,), in nats. Their mean is the figure papers report.

    Raises:
        ValueError: if `samples` is not a positive integer or `images` are not images.

    Source:
        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519,
        equation 8.
    """
    warn_if_grey(model, images)
    log_sum = np.full(len(images), -np.inf)
    for rows, block in _score(model, images, labels, samples, seed, proposals):
        block_sum = np.logaddexp.reduce(block["log_weight"].astype(float), axis=1)
        log_sum[rows] = np.logaddexp(log_sum[rows], block_sum)
    return math.log(samples) - log_sum


def log_weights(
    model, images, labels=None, *, samples: int = 500, seed: int = 0, proposals=None
) -> np.ndarray:
    """Computes the importance weight of each code drawn for each image.

    The mean of the weights estimates p(x), the mean of their logarithms is the ELBO;
    from many weights one can see how an estimate with fewer would have come out.

    Args:
        model: `models.VAE`.
        images: as for `importance_sampled_nll`.
        labels: ints, shape (n,), of a conditional model.
        samples: draws of z per image.
        seed: int, of the draws.
        proposals: as for `elbo_split`.

    Returns:
        log p(z) + log p(x|z) − log q(z|x), shape (n, samples), in nats, float32.

    Raises:
        ValueError: if `samples` is not a positive integer, `images` are not images, or
            `proposals` do not fit them.
    """
    warn_if_grey(model, images)
    parts: dict[int, list] = {}
    for rows, block in _score(model, images, labels, samples, seed, proposals):
        parts.setdefault(rows.start, []).append(block["log_weight"])
    return np.concatenate([np.concatenate(blocks, axis=1) for blocks in parts.values()])


def warn_if_grey(model, images):
    """Warns where a Bernoulli likelihood is to score grey images."""
    if isinstance(model.likelihood, Bernoulli) and not is_binary(images):
        warnings.warn(
            "The images are grey: under a Bernoulli likelihood this number is a bound "
            "on no probability; binarise them first (pixels.binarise).",
            stacklevel=3,
        )


def _score(model, images, labels, samples, seed, proposals):
    """Yields (rows, scores) of blocks that cover every image with all its samples."""
    check_positive_integer(samples, "samples", "the draws of z per image")
    x = to_unit_interval(images, input_shape(model.encoder, "x"))
    if labels is not None:
        labels = check_labels(labels, len(x))
    (latent_dim,) = input_shape(model.decoder, "z")
    if proposals is None:
        x_and_y = join("x", x, labels, model.encoder)
        proposals = call_in_batches(model.encoder, x_and_y, ENCODED)
    z_mean, z_log_var = check_proposals(proposals, (len(x), latent_dim))
    rng = np.random.default_rng([seed, EVALUATION])
    batch = max(1, BLOCK // samples)
    for start in range(0, len(x), batch):
        rows = slice(start, min(start + batch, len(x)))
        for first in range(0, samples, BLOCK):
            size = rows.stop - rows.start, min(BLOCK, samples - first), latent_dim
            eps = rng.standard_normal(size, dtype=np.float32)
            y = None if labels is None else labels[rows]
            yield (
                rows,
                _score_block(model, x[rows], y, z_mean[rows], z_log_var[rows], eps),
            )


def check_proposals(proposals, shape, name="proposals"):
    """Checks a pair of z_mean and z_log_var, and returns both as float32.

    Args:
        proposals: the pair.
        shape: that each of the two must have, (n, latent_dim).
        name: of the argument, for the error.

    Raises:
        ValueError: if a shape is another, or a value is not finite.
    """
    both = [np.asarray(values, dtype=np.float32) for values in proposals]
    if [values.shape for values in both] != [shape, shape]:
        raise ValueError(
            f"{name} must be z_mean and z_log_var, each of shape {shape}. "
            f"Received: {', '.join(str(values.shape) for values in both)}"
        )
    for part, values in zip(("z_mean", "z_log_var"), both, strict=True):
        check_finite(values, part)
    return both


def _score_block(model, x, labels, z_mean, z_log_var, eps):
    """Scores several z of each image.

    Args:
        model: `models.VAE`.
        x: images, (batch, height, width, channels).
        labels: ints, (batch,), or None.
        z_mean: means of q(z|x), (batch, latent_dim).
        z_log_var: their log-variances, (batch, latent_dim).
        eps: standard normal noise, (batch, samples, latent_dim).

    Returns:
        NumPy arrays: nll and log_weight, (batch, samples); kl, (batch,); in nats.
    """
    samples, latent_dim = eps.shape[1:]
    mean, log_var = z_mean[:, None], z_log_var[:, None]
    z = mean + np.exp(0.5 * log_var) * eps
    labels = None if labels is None else np.repeat(labels, samples)
    codes = z.reshape(-1, latent_dim)
    logits = model.decoder(join("z", codes, labels, model.decoder))
    repeated = ops.repeat(x, samples, axis=0)
    nll = model.likelihood.negative_log_likelihood(repeated, logits)
    nll = ops.reshape(nll, (-1, samples))
    log_prior = gaussian_log_density(z, 0.0, ops.zeros_like(log_var))
    log_posterior = gaussian_log_density(z, mean, log_var)
    scores = {
        "nll": nll,
        "kl": gaussian_kl(z_mean, z_log_var),
        "log_weight": log_prior - nll - log_posterior,
    }
    return {name: ops.convert_to_numpy(value) for name, value in scores.items()}
