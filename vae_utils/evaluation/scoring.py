"""Codes drawn for each image and scored, block by block, whatever their number is.

Noise comes from NumPy: the same seed gives the same draws on every backend, in blocks
of any size.
"""

import math

import keras
import numpy as np
from keras import ops, tree

from vae_utils import latent
from vae_utils.checks import check_finite, check_positive_integer
from vae_utils.distributions import DefensiveGaussian, DiagonalGaussian
from vae_utils.evaluation.compiled import compile_scores, may_compile, score_codes
from vae_utils.lazy_images import to_unit_interval
from vae_utils.models.abilities import need

BLOCK = 20_000  # codes decoded at once
LOGITS = 16_000_000  # the same for larger images: 64 MB of logits
SHARE = 2  # compiled blocks are this much smaller: more of one stays in the cache
PART = 100  # codes of one image that are scored together, at most
#: Logits whose scores, uncompiled, take as long as compiling does. JAX compiles each
#: operation on its own otherwise, and computes several times more slowly.
PAYS = 100_000_000 if keras.backend.backend() == "tensorflow" else 5_000_000
ENCODED = 1000  # images encoded at once
EVALUATION = 3  # a stream of random numbers of its own, whatever else has the seed


def score(model, images, labels, samples, seed, proposals):
    """Yields (index, scores) of blocks that cover every image with all its samples.

    Arguments are those of `bounds.elbo_split`. A block has rows: each is an image with
    some of its codes. An image's rows follow each other.

    Yields:
        index: of the image of each row, shape (rows,).
        scores: as `score_codes` returns them, NumPy arrays with those rows.
    """
    need(model, "encode", "log_weights")
    check_positive_integer(samples, "samples", "the draws of z per image")
    x = to_unit_interval(images, model.image_shape)
    labels = latent.check_model_labels(model, labels, len(x))
    q = find_proposals(model, x, labels, proposals)
    rng = np.random.default_rng([seed, EVALUATION])
    rows, part, function = _plan(model, len(x), samples)
    total = len(x) * samples // part
    for first in range(0, total, rows):
        # A compiled function takes whole blocks: the last image fills up the last one.
        last = first + rows if function else min(first + rows, total)
        index = np.minimum(np.arange(first, last), total - 1) * part // samples
        batch = {"x": x[index], "z": q.rows(index).draw(part, rng), "q": q.rows(index)}
        if labels is not None:
            batch["y"] = labels[index]
        scores = function(batch) if function else _score_now(model, batch)
        wanted = slice(total - first)
        yield index[wanted], {name: v[wanted] for name, v in scores.items()}


def find_proposals(model, x, labels, proposals):
    """Returns what codes of each image are drawn from: q(z|x), or another proposal."""
    if proposals is None:
        return latent.encode(model, x, labels, batch_size=ENCODED)
    shape = len(x), *model.latent_shape
    if isinstance(proposals, DefensiveGaussian):
        pair, share = check_proposals(proposals[:2], shape), proposals.share
        return DefensiveGaussian(*pair, check_share(share, len(x)))
    return check_proposals(proposals, shape)


def check_share(share, count) -> np.ndarray:
    """Checks the share of N(0, I) in defensive proposals; returns it for each image."""
    share = np.asarray(share, dtype=np.float32)
    if share.ndim > 1 or not ((share > 0) & (share < 1)).all():
        raise ValueError(
            "share must be above 0 and below 1, one number or one for each image. "
            f"Received: share={share}"
        )
    return np.broadcast_to(share, (count,))


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


def _plan(model, count, samples):
    """Chooses the size of blocks, and whether to compile.

    Returns:
        Rows of a block; codes in each, which divide `samples`, so that there are few
        shapes however many samples are asked for; the compiled function, or None.
    """
    pixels = math.prod(model.image_shape)
    codes = min(BLOCK, max(1, LOGITS // pixels))
    compiled = count * samples * pixels >= PAYS and may_compile(model)
    if compiled:
        codes = max(1, codes // SHARE)
    most = min(PART, codes, samples)
    part = next(size for size in range(most, 0, -1) if samples % size == 0)
    return codes // part, part, compile_scores(model, part) if compiled else None


def _score_now(model, batch):
    tensors = tree.map_structure(ops.convert_to_tensor, batch)
    return tree.map_structure(ops.convert_to_numpy, score_codes(model, tensors))
