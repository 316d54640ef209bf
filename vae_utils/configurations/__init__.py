"""How a VAE is built and trained, as one record; the records of the five projects.

A chapter that compares networks changes a record, never the code that trains.
"""

from vae_utils.configurations.fitting import VALIDATION_SEED, build, train
from vae_utils.configurations.projects import PROJECTS
from vae_utils.configurations.record import Configuration

__all__ = ["PROJECTS", "VALIDATION_SEED", "Configuration", "build", "train"]
