"""Functions that measure: each takes a `Measurement` and returns name → number."""

import numpy as np
from keras import ops

from vae_utils import latent, lazy_images
from vae_utils.dequantisation import LEVELS
from vae_utils.evaluation import code_bound, codes, images
from vae_utils.evaluation.bits import bits_of_density, bits_per_dimension
from vae_utils.evaluation.bounds import elbo_split
from vae_utils.evaluation.codebook_usage import codebook_usage
from vae_utils.evaluation.importance import importance_sampled_nll
from vae_utils.evaluation.measurement import (
    BLOCK,
    DEQUANTISATION_SEED,
    POSTERIOR_SEED,
    PRIOR_SEED,
    SAME_IMAGES_SAMPLES,
)


def bound(m):
    """Estimates the ELBO and its parts on binarised test images."""
    return elbo_split(m.model, m.x_binarised, m.labels)


def grey_bound(m):
    """Estimates the parts of the ELBO on grey test images."""
    split = elbo_split(m.model, m.data.x_test, m.labels)
    return {"grey_nll": split["nll"], "grey_kl": split["kl"]}


def density_bound(m):
    """Estimates the ELBO of a density, on test images as it was trained on."""
    return elbo_split(m.model, m.x_dequantised, m.labels)


def byte_bound(m):
    """Estimates the ELBO of a probability of bytes, and its bits per dimension."""
    split = elbo_split(m.model, m.data.x_test, m.labels)
    bits = bits_per_dimension(-split["elbo"], m.model.image_shape)
    return split | {"bits_per_dim": bits}


def dequantised_bound(m):
    """Bounds the bits per dimension of the bytes that a density is a model of."""
    x = lazy_images.dequantise(m.data.x_test, "uniform", DEQUANTISATION_SEED)
    elbo = elbo_split(m.model, x, m.labels)["elbo"]
    bits = bits_of_density(-elbo, m.model.image_shape)
    return {"bits_per_dim_dequantised": bits}


def bound_by_codes(m):
    """Computes the bound of a model whose codes are discrete, and its parts."""
    x = m.x_binarised if m.levels == 2 else m.data.x_test
    parts = code_bound.bound_by_codes(m.model, x, seed=POSTERIOR_SEED)
    nll, kl = float(parts.nll.mean()), float(parts.kl.mean())
    return {"elbo": -(nll + kl), "nll": nll, "kl": kl}


def codebook(m):
    """Counts how much of the codebook the test images use."""
    codes = latent.find_codes(m.model, m.x_as_trained)
    usage = codebook_usage(codes, m.model.codebook.size)
    return {"codes_used": usage.used, "perplexity": usage.perplexity}


def reconstruction(m):
    """Computes the reconstruction term of an autoencoder."""
    x = m.x_as_trained
    z = latent.encode_mean(m.model, x, m.labels)
    nll = []
    for rows, labels in _list_blocks(m):
        logits = latent.decode_logits(m.model, z[rows], labels)
        terms = m.model.likelihood.negative_log_likelihood(x[rows], logits)
        nll.append(np.array(terms))
    return {"nll": float(np.concatenate(nll).mean())}


def rmse_mean(m):
    """Computes the RMSE of reconstructions from posterior means."""
    return {"rmse_mean": _compute_rmse(m, m.posterior.mean)}


def rmse_sampled(m):
    """Computes the RMSE of reconstructions from sampled codes."""
    z = latent.draw_posterior(m.posterior, seed=POSTERIOR_SEED)
    return {"rmse_sampled": _compute_rmse(m, z)}


def _compute_rmse(m, z):
    """Computes the RMSE of reconstructions, of some images at a time."""
    errors = []
    for rows, labels in _list_blocks(m):
        means = latent.decode(m.model, z[rows], labels)
        errors.append(images.rmse_each(m.data.x_test[rows], means))
    return float(np.concatenate(errors).mean())


def _list_blocks(m):
    """Yields the rows of some test images at a time, and their labels."""
    for start in range(0, len(m.data.x_test), BLOCK):
        rows = slice(start, start + BLOCK)
        yield rows, None if m.labels is None else m.labels[rows]


def active_units(m):
    """Counts the active latent dimensions."""
    return {"active_units": codes.active_units(m.posterior.mean)}


def sampled_nll(m):
    """Estimates −log p(x) by importance sampling, and the ELBO of the same images."""
    x, labels = m.strided
    same = elbo_split(m.model, x, labels, samples=SAME_IMAGES_SAMPLES)
    nll = importance_sampled_nll(m.model, x, labels, samples=m.is_samples)
    numbers = {"elbo_same_images": same["elbo"], "is_nll": float(nll.mean())}
    if m.levels == LEVELS:
        bits = bits_per_dimension(numbers["is_nll"], m.model.image_shape)
        numbers["is_bits_per_dim"] = bits
    return numbers


def sigma(m):
    """Reads the learned standard deviation of a pixel."""
    return {"sigma": m.model.likelihood.sigma}


def logistic_scale(m):
    """Reads the learned scales of a discretised logistic likelihood."""
    log_scale = ops.convert_to_numpy(m.model.likelihood.log_scale)
    return {"logistic_scale": float(np.exp(log_scale).mean())}


def generated(m):
    """Scores generated images with the classifier."""
    z = latent.draw_codes(m.model, len(m.data.x_test), seed=PRIOR_SEED)
    generated = latent.decode(m.model, z, m.labels)
    predictions, features = images.classify(m.classifier, generated)
    _, real = images.classify(m.classifier, m.data.x_test)
    numbers = {"fdd": images.frechet_digit_distance(features, real)}
    if m.labels is not None:
        accuracy = float(np.mean(predictions == m.labels))
        numbers["conditional_accuracy"] = accuracy
    return numbers


def accuracy(m):
    """Computes a classifier's accuracy on validation and test images."""
    numbers = {}
    for split in ("val", "test"):
        x, labels = getattr(m.data, f"x_{split}"), getattr(m.data, f"y_{split}")
        predictions, _ = images.classify(m.model.network, x)
        numbers[f"{split}_accuracy"] = float(np.mean(predictions == labels))
    return numbers
