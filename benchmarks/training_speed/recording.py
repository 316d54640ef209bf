"""The record of a comparison: where, when and with what it was made."""

import datetime
import os

from benchmarks.training_speed.driving import BATCH
from benchmarks.training_speed.variants import CEILING
from vae_utils import provenance

# Variables by which libraries choose their number of threads.
THREADS = (
    "NPROC",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "XLA_FLAGS",
)


def make_record(comparisons, *, data, images, rounds) -> dict:
    """Adds to comparisons what their numbers depend on.

    Args:
        comparisons: list of what `driving.compare` returns.
        data: the data set.
        images: number of its training images that were used.
        rounds: number of epochs measured.
    """
    packages = {}
    for comparison in comparisons:
        for variant in comparison["variants"]:
            packages |= variant["versions"]
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data": data.provenance,
        "images": images,
        "batch_size": BATCH,
        "rounds": rounds,
        "ceiling": CEILING,
        "hardware": provenance.hardware(),
        "threads": {name: os.environ[name] for name in THREADS if name in os.environ},
        "versions": provenance.versions() | packages,
        "comparisons": comparisons,
    }
