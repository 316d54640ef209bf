"""What is trained, as records: networks and schedules; those of the five projects.

A chapter that compares networks changes a record, never the code that trains; that is
`training.train`. Nothing here needs Keras.
"""

from vae_utils.configurations.comparison import check_same, describe
from vae_utils.configurations.projects import CLASSIFIERS, PROJECTS
from vae_utils.configurations.record import (
    LIKELIHOODS,
    ClassifierConfiguration,
    Configuration,
    Schedule,
    configuration_of,
)

__all__ = [
    "CLASSIFIERS",
    "LIKELIHOODS",
    "PROJECTS",
    "ClassifierConfiguration",
    "Configuration",
    "Schedule",
    "check_same",
    "configuration_of",
    "describe",
]
