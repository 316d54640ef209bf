"""How much of a codebook is used."""

from typing import NamedTuple

import numpy as np

from vae_utils.checks import check_positive_integer


class Usage(NamedTuple):
    """How often each vector of a codebook is used.

    Args:
        shares: share of all places that have each vector, shape (size,).
    """

    shares: np.ndarray

    @property
    def used(self) -> int:
        """The number of vectors that are used at all."""
        return int((self.shares > 0).sum())

    @property
    def perplexity(self) -> float:
        """The number of vectors that would have this entropy, if used equally."""
        present = self.shares[self.shares > 0]
        return float(np.exp(-(present * np.log(present)).sum()))


def codebook_usage(codes, size: int) -> Usage:
    """Counts how often each vector of a codebook is used.

    Count over all images, not over a batch: a batch that has fewer places than the
    codebook has vectors cannot use all of them.

    Args:
        codes: indices, ints of any shape, such as `latent.find_codes` returns them.
        size: number of vectors in the codebook.

    Raises:
        ValueError: if there are no codes, or one is no index.
    """
    check_positive_integer(size, "size", "the number of vectors in the codebook")
    codes = np.asarray(codes)
    is_index = codes.dtype.kind in "iu" and codes.size > 0
    if not is_index or codes.min() < 0 or codes.max() >= size:
        raise ValueError(
            f"codes must be indices from 0 to {size - 1}. "
            f"Received: {codes.dtype} of shape {codes.shape}"
        )
    counts = np.bincount(codes.ravel(), minlength=size)
    return Usage(counts / codes.size)
