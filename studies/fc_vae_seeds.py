"""The network of `02_fc_vae` with ten seeds: the bands that the chapter checks."""

from studies.recording import load, record_several
from vae_utils.configurations import VAEConfiguration

CHAPTER = VAEConfiguration()
SEEDS = tuple(range(11, 21))  # none of them a chapter's own


def record():
    """Trains as the chapter does, with ten seeds."""
    return record_several([CHAPTER], load("mnist"), SEEDS)


STUDIES = {"fc_vae_seeds": record}
