"""Rounds the weights of a dense layer so that its outputs change little.

Weights are rounded one input after another, and what rounding changes in the outputs is
made up for by the weights that are not rounded yet. Inputs of a layer depend on each
other, neighbouring pixels for example, so most of the change can be made up for.
"""

from typing import NamedTuple

import numpy as np

from vae_utils.explorer.packing import FARTHEST

DAMPING = 1e-3  # share of an input's mean square that keeps its inverse finite
RAREST = 1 / 32  # of the typical input's size; rarer inputs count as if they had it


class Rounded(NamedTuple):
    """A rounded layer, whose kernel is `integers * steps * 2.0**-powers[:, None]`.

    Args:
        integers: shape (inputs, units).
        powers: ints, shape (inputs,); large where an input is large.
        steps: float16, shape (units,).
        bias: float16, shape (units,).
    """

    integers: np.ndarray
    powers: np.ndarray
    steps: np.ndarray
    bias: np.ndarray


def round_layer(kernel, bias, inputs, steps) -> Rounded:
    """Rounds a dense layer.

    Args:
        kernel: shape (inputs, units).
        bias: shape (units,).
        inputs: examples of what the layer gets, shape (examples, inputs).
        steps: of each unit's weights, shape (units,), for inputs of typical size.

    Source:
        Frantar et al. (2022), https://arxiv.org/abs/2210.17323.
    """
    size = np.sqrt((inputs**2).mean(axis=0))
    relative = size / np.sqrt((size**2).mean())
    powers = np.round(np.log2(np.maximum(relative, RAREST))).astype(int)
    scaled = kernel * 2.0 ** powers[:, None]
    steps = np.maximum(steps, np.abs(scaled).max(axis=0) / (FARTHEST / 2))
    steps = np.maximum(steps, np.finfo(np.float16).tiny).astype(np.float16)
    known = np.hstack([inputs * 2.0**-powers, np.ones((len(inputs), 1))])
    integers, bias = _round_in_turn(
        np.vstack([scaled, bias]), steps.astype(float), _find_remedies(known)
    )
    return Rounded(integers, powers, steps, bias.astype(np.float16))


def _find_remedies(inputs):
    """Returns, row by row, how much the error of a weight is to change later ones."""
    products = inputs.T @ inputs / len(inputs)
    diagonal = np.diag_indices(len(products))
    products[diagonal] += DAMPING * products[diagonal].mean()
    upper = np.linalg.cholesky(np.linalg.inv(products)).T
    return upper / np.diag(upper)[:, None]


def _round_in_turn(weights, steps, remedies):
    """Rounds all rows but the last, the bias, which makes up for what is left."""
    integers = np.zeros((len(weights) - 1, weights.shape[1]), int)
    for i, row in enumerate(integers):
        row[:] = np.round(weights[i] / steps)
        error = weights[i] - row * steps
        weights[i + 1 :] -= np.outer(remedies[i, i + 1 :], error)
    return integers, weights[-1]
