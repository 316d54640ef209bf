"""The network of `02_fc_vae` with other numbers of latent dimensions."""

import dataclasses

from studies.fc_vae_seeds import CHAPTER
from studies.recording import load, record_several

SIZES, SEEDS = (2, 5, 10, 20, 128), (11, 12, 13)


def record():
    """Trains with each number of latent dimensions; of the curves it keeps one."""
    sizes = [dataclasses.replace(CHAPTER, latent_dim=size) for size in SIZES]
    return record_several(sizes, load("mnist"), SEEDS, curves=["val_loss"])


STUDIES = {"fc_vae_sizes": record}
