"""The ELBO in its two parts, from codes drawn for each image.

It works for every model that encodes images to a posterior it can draw from, and that
has importance weights (`log_weights`): any prior and posterior, with labels or without.
Noise comes from NumPy: the same seed gives the same draws on every backend.
"""

import numpy as np
from keras import ops

from vae_utils import latent
from vae_utils.checks import check_finite, check_positive_integer
from vae_utils.distributions import (
    DiagonalGaussian,
    has_closed_form,
    kl_divergence,
)
from vae_utils.models.abilities import need
from vae_utils.pixels import to_unit_interval

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
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: the images to explain, shape (n, height, width, channels); binarised
            ones (`pixels.binarise`) where the likelihood is Bernoulli.
        labels: ints, shape (n,), of a conditional model, whose log p(x|y) is bounded.
        samples: draws of z per image; more make the estimate steadier, not tighter.
        seed: int, of the draws.
        proposals: z_mean and z_log_var of another q(z|x) for each image than the
            encoder's, such as `fit_proposals` finds, each of shape (n, latent_dim).

    Returns:
        The means over images of `nll` and `kl`, and `elbo` = −(nll + kl).

    Raises:
        ValueError: if `samples` is not a positive integer, `images` are not images,
            `proposals` do not fit them, or the model lacks an ability.
    """
    nll, kl = np.zeros(len(images)), np.zeros(len(images))
    for rows, block in score(model, images, labels, samples, seed, proposals):
        nll[rows] += block["nll"].sum(axis=1) / samples
        if block["kl"].ndim == 1:  # exact
            kl[rows] = block["kl"]
        else:
            kl[rows] += block["kl"].sum(axis=1) / samples
    split = {"nll": float(nll.mean()), "kl": float(kl.mean())}
    return split | {"elbo": -(split["nll"] + split["kl"])}


def score(model, images, labels, samples, seed, proposals):
    """Yields (rows, scores) of blocks that cover every image with all its samples.

    Arguments are those of `elbo_split`; scores are as `_score_block` returns them.
    """
    need(model, "encode", "log_weights")
    check_positive_integer(samples, "samples", "the draws of z per image")
    x = to_unit_interval(images, model.image_shape)
    labels = latent.check_model_labels(model, labels, len(x))
    if proposals is None:
        q = latent.encode(model, x, labels, batch_size=ENCODED)
    else:
        q = check_proposals(proposals, (len(x), *model.latent_shape))
    rng = np.random.default_rng([seed, EVALUATION])
    batch = max(1, BLOCK // samples)
    for start in range(0, len(x), batch):
        rows = slice(start, min(start + batch, len(x)))
        y = None if labels is None else labels[rows]
        for first in range(0, samples, BLOCK):
            z = q.rows(rows).draw(min(BLOCK, samples - first), rng)
            yield rows, _score_block(model, x[rows], z, q.rows(rows), y)


def check_proposals(proposals, shape, name="proposals") -> DiagonalGaussian:
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
    return DiagonalGaussian(*both)


def _score_block(model, x, z, q, y):
    """Scores several codes z, (batch, samples, latent_dim), of each image.

    Returns:
        NumPy arrays in nats: `nll` and `log_weights`, (batch, samples); `kl`, (batch,)
        where it is known in closed form, else an estimate from each code, (batch,
        samples).
    """
    scores = model.log_weights(x, z, q, y)
    if has_closed_form(q, model.prior):
        kl = kl_divergence(q, model.prior, None)
    else:
        kl = -scores["nll"] - scores["log_weights"]
    return {
        name: ops.convert_to_numpy(value)
        for name, value in {**scores, "kl": kl}.items()
    }
