"""The networks of `04_cvae`: one, both or none gets the label."""

import dataclasses
import functools

from studies.recording import load, record_several
from vae_utils.configurations import ConditionalVAEConfiguration, VAEConfiguration

OPTIONS = {
    "encoder": "conv",
    "decoder": "conv",
    "latent_dim": 20,
    "hidden": (),
    "batch_size": 100,
    "decay": True,
    "epochs": 10,
}
BOTH = ConditionalVAEConfiguration(**OPTIONS)
ALL = (
    VAEConfiguration(**OPTIONS),
    BOTH,
    dataclasses.replace(BOTH, conditioned="encoder"),
    dataclasses.replace(BOTH, conditioned="decoder"),
)
SEEDS = (11, 12, 13, 14)
MORE_SEEDS = (15, 16, 17, 18, 19, 20)  # for the band of `04_cvae`


def record(configurations, seeds):
    """Trains each configuration with each seed."""
    return record_several(configurations, load("mnist"), seeds)


STUDIES = {
    "labelled": functools.partial(record, ALL, SEEDS),
    "labelled_more": functools.partial(record, (BOTH,), MORE_SEEDS),
}
