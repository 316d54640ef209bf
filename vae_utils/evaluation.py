"""Numbers of a trained model: ELBO split, importance-sampled NLL, RMSE, active units.

Noise comes from NumPy: the same seed gives the same draws on every backend.
"""

import math
import warnings

import keras
import numpy as np
from keras import ops

from vae_utils.checks import check_finite, check_labels, check_positive_integer
from vae_utils.likelihoods import Bernoulli
from vae_utils.networks import FEATURES, call_in_batches, input_shape, join
from vae_utils.objectives import gaussian_kl, gaussian_log_density
from vae_utils.pixels import is_binary, to_unit_interval

BLOCK = 20_000  # samples decoded at once: 63 MB of logits at 784 pixels
ACTIVE_VARIANCE = 0.01  # the field's usual threshold
EVALUATION = 3  # a stream of random numbers of its own, whatever else has the seed


def elbo_split(
    model, images, labels=None, *, samples: int = 1, seed: int = 0
) -> dict[str, float]:
    """Estimates the ELBO and its two parts, in nats per image.

    Args:
        model: `models.VAE`.
        images: the images to explain, shape (n, 28, 28, 1); binarised ones
            (`pixels.binarise`) where the likelihood is Bernoulli.
        labels: ints, shape (n,), of a conditional model, whose log p(x|y) is bounded.
        samples: draws of z per image; more make the estimate steadier, not tighter.
        seed: int, of the draws.

    Returns:
        The means over images of `nll` and `kl`, and `elbo` = −(nll + kl).

    Raises:
        ValueError: if `samples` is not a positive integer or `images` are not images.
    """
    nll, kl = np.zeros(len(images)), np.zeros(len(images))
    for rows, block in _score(model, images, labels, samples, seed):
        nll[rows] += block["nll"].sum(axis=1) / samples
        kl[rows] = block["kl"]
    split = {"nll": float(nll.mean()), "kl": float(kl.mean())}
    return split | {"elbo": -(split["nll"] + split["kl"])}


def importance_sampled_nll(
    model, images, labels=None, *, samples: int = 500, seed: int = 0
) -> np.ndarray:
    """Estimates −log p(x) of each image, in nats, with q(z|x) as the proposal.

    The estimate is a bound: on average it lies above −log p(x), and approaches it as
    `samples` grows. Report the number of samples with it. It warns where a Bernoulli
    likelihood is given grey images: the number then is no probability's logarithm.

    Args:
        model: `models.VAE`.
        images: binarised images (`pixels.binarise`), shape (n, 28, 28, 1).
        labels: ints, shape (n,), of a conditional model, whose −log p(x|y) this is.
        samples: draws of z per image, K.
        seed: int, of the draws.

    Returns:
        Estimates, shape (n,), in nats. Their mean is the figure papers report.

    Raises:
        ValueError: if `samples` is not a positive integer or `images` are not images.

    Source:
        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519,
        equation 8.
    """
    if isinstance(model.likelihood, Bernoulli) and not is_binary(images):
        warnings.warn(
            "The images are grey: under a Bernoulli likelihood this number is a bound "
            "on no probability; binarise them first (pixels.binarise).",
            stacklevel=2,
        )
    log_sum = np.full(len(images), -np.inf)
    for rows, block in _score(model, images, labels, samples, seed):
        block_sum = np.logaddexp.reduce(block["log_weight"].astype(float), axis=1)
        log_sum[rows] = np.logaddexp(log_sum[rows], block_sum)
    return math.log(samples) - log_sum


def rmse(images, reconstructions) -> float:
    """Computes the root-mean-square error of each image and averages over images.

    Args:
        images: grey images, uint8 or float in [0, 1], shape (n, 28, 28) or
            (n, 28, 28, 1).
        reconstructions: mean images, float, of the same shape.

    Returns:
        The mean over images of √(mean over pixels of the squared error), in grey
        levels of [0, 1].

    Raises:
        ValueError: if the shapes differ.
    """
    x, mean = to_unit_interval(images), to_unit_interval(reconstructions)
    if x.shape != mean.shape:
        raise ValueError(
            "Images and reconstructions must have the same shape. "
            f"Received: {x.shape} and {mean.shape}"
        )
    per_image = np.sqrt(np.square(x - mean).mean(axis=(1, 2, 3)))
    return float(per_image.mean())


def active_units(z_mean, threshold: float = ACTIVE_VARIANCE) -> int:
    """Counts the latent dimensions that tell images apart.

    Args:
        z_mean: posterior means of many images, shape (n, latent_dim).
        threshold: a dimension is active if its mean varies by more than this.

    Returns:
        The number of active dimensions.

    Raises:
        ValueError: if `z_mean` has another shape, fewer than two images, or values
            that are not finite.

    Source:
        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519,
        section 5.2.
    """
    z_mean = np.asarray(z_mean)
    if z_mean.ndim != 2 or len(z_mean) < 2 or z_mean.shape[1] == 0:
        raise ValueError(
            "z_mean must have shape (n, latent_dim), n > 1. "
            f"Received: z_mean.shape={z_mean.shape}"
        )
    check_finite(z_mean, "z_mean")
    return int((z_mean.var(axis=0) > threshold).sum())


def classify(
    classifier, images, *, batch_size: int = 1000
) -> tuple[np.ndarray, np.ndarray]:
    """Classifies images, and returns what the classifier saw in them.

    Args:
        classifier: as built by `networks.build_classifier`.
        images: grey images, uint8 or float in [0, 1], shape (n, 28, 28) or
            (n, 28, 28, 1); of generated ones, decoder means.
        batch_size: images classified at a time.

    Returns:
        The classes found, ints, shape (n,), and the features that the last layer
        reads, shape (n, d), d = 64 by default, as `frechet_digit_distance` takes them.

    Raises:
        ValueError: if `images` is not a batch of images of the classifier's shape.
    """
    x = to_unit_interval(images, input_shape(classifier, "x"))
    features = classifier.get_layer(FEATURES).output
    both = keras.Model(classifier.inputs[0], [classifier.outputs[0], features])
    logits, seen = call_in_batches(both, x, batch_size)
    return logits.argmax(axis=1), seen


def frechet_digit_distance(features, others) -> float:
    """Computes the Fréchet distance between two sets of a digit classifier's features.

    The formula is FID's; the features are not Inception's, and the numbers compare
    with nothing outside this book. Fewer examples give larger distances: compare only
    distances of equal sizes.

    Args:
        features: of one set of images, shape (n, d).
        others: of the other set, shape (m, d).

    Returns:
        ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½), in squared units of the features.

    Raises:
        ValueError: if the shapes do not fit, or a set has fewer than two examples.

    Source:
        Heusel et al. (2017), https://arxiv.org/abs/1706.08500, equation 6.
    """
    sets = [np.asarray(values, dtype=np.float64) for values in (features, others)]
    if (
        any(v.ndim != 2 or len(v) < 2 for v in sets)
        or len({v.shape[1] for v in sets}) > 1
    ):
        raise ValueError(
            "Both sets must have shape (n, d), n > 1, of the same d. Received: "
            f"{sets[0].shape} and {sets[1].shape}"
        )
    means = [values.mean(axis=0) for values in sets]
    first, second = (
        np.cov(values, rowvar=False).reshape(2 * values.shape[1:]) for values in sets
    )
    # The eigenvalues of Σ₁ Σ₂ are those of Σ₁^½ Σ₂ Σ₁^½, which is symmetric.
    values, vectors = np.linalg.eigh(first)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    distance = np.square(means[0] - means[1]).sum()
    return float(distance + np.trace(first) + np.trace(second) - 2 * shared)


def _score_block(model, x, labels, eps):
    """Scores several z of each image.

    Args:
        model: `models.VAE`.
        x: images, (batch, height, width, channels).
        labels: ints, (batch,), or None.
        eps: standard normal noise, (batch, samples, latent_dim).

    Returns:
        NumPy arrays: nll and log_weight, (batch, samples); kl, (batch,); in nats.
    """
    samples, latent_dim = eps.shape[1:]
    z_mean, z_log_var = model.encoder(join("x", x, labels, model.encoder))
    mean, log_var = z_mean[:, None], z_log_var[:, None]
    z = mean + ops.exp(0.5 * log_var) * eps
    labels = None if labels is None else np.repeat(labels, samples)
    codes = ops.reshape(z, (-1, latent_dim))
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


def _score(model, images, labels, samples, seed):
    """Yields (rows, scores) of blocks that cover every image with all its samples."""
    check_positive_integer(samples, "samples", "the draws of z per image")
    x = to_unit_interval(images, input_shape(model.encoder, "x"))
    if labels is not None:
        labels = check_labels(labels, len(x))
    rng = np.random.default_rng([seed, EVALUATION])
    (latent_dim,) = input_shape(model.decoder, "z")
    batch = max(1, BLOCK // samples)
    for start in range(0, len(x), batch):
        rows = slice(start, min(start + batch, len(x)))
        for first in range(0, samples, BLOCK):
            size = rows.stop - rows.start, min(BLOCK, samples - first), latent_dim
            eps = rng.standard_normal(size, dtype=np.float32)
            y = None if labels is None else labels[rows]
            yield rows, _score_block(model, x[rows], y, eps)
