"""Renders data sets: cats and sprites, complete on every machine, without the web."""

import numpy as np

from vae_utils.datasets.dataset import Dataset
from vae_utils.datasets.factors import draw_distinct
from vae_utils.datasets.variants import Variant

#: Split → number of images, of which the sample has the first.
COUNTS = {"train": 20_000, "val": 2_000, "test": 2_000}
SAMPLE_COUNTS = {"train": 2_000, "val": 200, "test": 200}
SEED = 2016  # of the combinations, which do not depend on size and labels


def choose_combinations(variant: Variant, *, sample: bool = False) -> dict:
    """Chooses the combinations of each split, none of which look the same.

    Args:
        variant: which data set.
        sample: whether only those of the sample.

    Returns:
        Split → combinations, uint8, shape (n, factors).
    """
    total = sum(COUNTS.values())
    rows = draw_distinct(variant.factors, total, SEED, variant.visible)
    parts = np.split(rows, np.cumsum(list(COUNTS.values()))[:-1])
    counts = SAMPLE_COUNTS if sample else COUNTS
    return {
        split: part[: counts[split]] for split, part in zip(COUNTS, parts, strict=True)
    }


def load_rendered(variant: Variant, *, sample: bool = False) -> Dataset:
    """Renders the images of a data set.

    Args:
        variant: which data set.
        sample: whether only a tenth of them.

    Returns:
        The data; its arrays are read-only.
    """
    chosen = choose_combinations(variant, sample=sample)
    arrays = {}
    for split, rows in chosen.items():
        arrays[f"x_{split}"] = variant.render(rows, variant.size)
        arrays[f"y_{split}"] = rows[:, variant.label_column].copy()
    factors = {
        split: {
            factor.name: column.copy()
            for factor, column in zip(variant.factors, rows.T, strict=True)
        }
        for split, rows in chosen.items()
    }
    columns = [column for split in factors.values() for column in split.values()]
    for array in (*arrays.values(), *columns):
        array.setflags(write=False)
    return Dataset(
        name=variant.name,
        **arrays,
        class_names=variant.class_names,
        complete=not sample,
        provenance=_describe(variant, chosen, sample),
        factors=factors,
    )


def _describe(variant, chosen, sample):
    train, val, test = (f"{len(rows):,}" for rows in chosen.values())
    return (
        f"{variant.title}, {'sample' if sample else 'complete'}: {train} train + {val} "
        f"validation + {test} test images of {variant.size} × {variant.size} pixels, "
        f"labelled by {variant.labels} ({variant.credit})."
    )
