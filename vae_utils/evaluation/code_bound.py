"""Discrete codes in nats: what an image costs given its codes, and what these cost."""

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
        kl: −log p(k), shape (n,): the KL divergence of a q(k|x) that is certain.
    """

    nll: np.ndarray
    kl: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """The bound, the sum of both parts."""
        return self.nll + self.kl


def bound_by_codes(model, images, *, batch_size: int = 500) -> CodeBound:
    """Bounds −log p(x) of each image by the one grid of codes that it is encoded to.

    p(x) is the sum of p(k) p(x|k) over all grids k. One term of it is a lower bound:
    −log p(x) ≤ −log p(x|k) − log p(k), for the k that the encoder finds. It is the
    −ELBO of a q(k|x) that is certain of its k, whose entropy is zero. It warns where a
    Bernoulli likelihood is given grey images, as `importance_sampled_nll` does.

    Args:
        model: `models.VQVAE`, of whose uniform prior each place costs the logarithm of
            the codebook's size; `models.CodePrior`, whose prior is learned; or another
            model with `find_codes`.
        images: binarised images (`pixels.binarise`) where the likelihood is Bernoulli,
            shape (n, height, width, channels).
        batch_size: images handled at a time.

    Returns:
        Both parts of the bound.

    Raises:
        ValueError: if the model has no codebook.

    Source:
        van den Oord, Vinyals and Kavukcuoglu (2017), https://arxiv.org/abs/1711.00937,
        section 3.
    """
    need(model, "find_codes")
    warn_if_grey(model, images)
    x = to_unit_interval(images, model.image_shape)
    codes = latent.find_codes(model, x, batch_size=batch_size)
    return CodeBound(*_score(model, x, codes, batch_size))


def _score(model, x, codes, batch_size):
    """Computes −log p(x|k) and −log p(k)."""

    def score(batch):
        logits = model.logits(model.take_codes(batch["k"]))
        return model.likelihood.negative_log_likelihood(batch["x"], logits)

    yield call_in_batches(score, {"x": x, "k": codes}, batch_size)
    yield call_in_batches(model.prior.nats, codes, batch_size)
