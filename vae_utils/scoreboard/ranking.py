"""Which rows may be ranked: those that differ by more than seeds explain."""

import math

from vae_utils import evaluation
from vae_utils.scoreboard.rows import Row

FEW_DIMENSIONS = 2  # seeds of such networks differ more than those of others


def smallest_difference(first: Row, second: Row, rows: list[Row]) -> float:
    """Computes how far the NLL of two rows must differ to be more than seeds explain.

    Many rows have one seed. So the spread between seeds is pooled over all rows with
    several, separately for networks of up to two latent dimensions and for others.

    Args:
        first: a row with `is_nll`.
        second: another one.
        rows: those that the spread is read from.

    Returns:
        The 95 % threshold from Student's t, in nats; the larger of two if the rows are
        of different kinds. Infinite if no row of their kind has several seeds.
    """
    counts = {
        "first": len(first.is_nll.values),
        "second": len(second.is_nll.values),
    }
    thresholds = []
    for row in (first, second):
        groups = [
            other.is_nll.values
            for other in rows
            if _is_small(other) == _is_small(row) and len(other.is_nll.values) > 1
        ]
        thresholds.append(
            evaluation.smallest_difference(groups, **counts) if groups else math.inf
        )
    return max(thresholds)


def find_places(rows: list[Row]) -> list[int]:
    """Finds the place of each row: one more than the rows that are ranked above it.

    A row is ranked above another if its NLL is lower by more than
    `smallest_difference`. Rows that the rule cannot separate may share a place.

    Args:
        rows: with `is_nll`, of the same images, K and quantity.

    Returns:
        A place for each row, from 1.
    """
    return [
        1
        + sum(
            row.is_nll.mean - other.is_nll.mean > smallest_difference(row, other, rows)
            for other in rows
            if other.is_nll.mean < row.is_nll.mean
        )
        for row in rows
    ]


def _is_small(row):
    return row.latent_dim <= FEW_DIMENSIONS
