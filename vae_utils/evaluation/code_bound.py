"""Discrete codes in nats: what an image costs given its codes, and what these cost."""

import math
from typing import NamedTuple

import numpy as np

from vae_utils import latent
from vae_utils.evaluation.importance import warn_if_grey
from vae_utils.lazy_images import to_unit_interval
from vae_utils.models.abilities import need
from vae_utils.networks import call_in_batches


class CodeBound(NamedTuple):
    """An upper bound on −log p(x) of each image, and its two parts, in nats.

    Args:
        nll: −log p(x|k), shape (n,).
        code: −log p(k), shape (n,).
    """

    nll: np.ndarray
    code: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """The bound: the sum of both parts."""
        return self.nll + self.code


def bound_by_codes(model, images, prior=None, *, batch_size: int = 500) -> CodeBound:
    """Bounds −log p(x) of each image by the one grid of codes that it is encoded to.

    p(x) is the sum of p(k) p(x|k) over all grids k. One term of it is a lower bound:
    −log p(x) ≤ −log p(x|k) − log p(k), for the k that the encoder finds. It is the
    −ELBO of a q(k|x) that is certain of its k, whose entropy is zero. It warns where a
    Bernoulli likelihood is given grey images, as `importance_sampled_nll` does.

    Args:
        model: `models.VQVAE`, or another model with `find_codes` and `logits`.
        images: binarised images (`pixels.binarise`) where the likelihood is Bernoulli,
            shape (n, height, width, channels).
        prior: `models.CodePrior` of grids of that size; None for the uniform one, of
            which each place costs the logarithm of the codebook's size.
        batch_size: images handled at a time.

    Returns:
        Both parts of the bound.

    Raises:
        ValueError: if the model has no codebook, or the prior is of other grids or of
            another number of codes.

    Source:
        van den Oord, Vinyals and Kavukcuoglu (2017), https://arxiv.org/abs/1711.00937,
        section 3.
    """
    need(model, "find_codes")
    if prior is not None:
        _check_prior(model, prior)
    warn_if_grey(model, images)
    x = to_unit_interval(images, model.image_shape)
    codes = latent.find_codes(model, x, batch_size=batch_size)

    def score(batch):
        logits = model.logits(model.take_codes(batch["k"]))
        return model.likelihood.negative_log_likelihood(batch["x"], logits)

    nll = call_in_batches(score, {"x": x, "k": codes}, batch_size)
    if prior is None:
        each = math.prod(model.grid) * math.log(model.codebook.size)
        return CodeBound(nll, np.full(len(x), each))
    grids = codes[..., np.newaxis].astype(np.uint8)
    code = call_in_batches(lambda k: prior.terms(k)["nll"], grids, batch_size)
    return CodeBound(nll, code)


def _check_prior(model, prior):
    """Raises ValueError unless a prior is one of a model's grids."""
    own = (*model.grid, model.codebook.size)
    other = (*prior.grid, prior.codes)
    if own != other:
        raise ValueError(
            "The prior must be one of the model's grids: height, width and number of "
            f"codes. Received: {own} of the model, {other} of the prior"
        )
