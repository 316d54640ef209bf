"""The network of `02_fc_vae` with ten seeds: the bands that the chapter checks.

The chapter trains for `SHORT` epochs. The longer runs are what other chapters and the
scoreboard refer to.
"""

import dataclasses

from studies.recording import load, record_several
from vae_utils.configurations import VAEConfiguration

CHAPTER = VAEConfiguration()
SEEDS = tuple(range(11, 21))  # none of them a chapter's own
SHORT = 10  # epochs


def record():
    """Trains for 30 epochs, with ten seeds."""
    return record_several([CHAPTER], load("mnist"), SEEDS)


def record_short():
    """Trains as long as the chapter does, with ten seeds."""
    short = dataclasses.replace(CHAPTER, epochs=SHORT)
    return record_several([short], load("mnist"), SEEDS)


STUDIES = {"fc_vae_seeds": record, "fc_vae_short": record_short}
