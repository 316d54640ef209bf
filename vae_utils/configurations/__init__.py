"""What is built, and how it is trained: frozen dataclasses, and those of the projects.

A chapter that compares models changes a configuration, never the code that trains; that
is `training.train`. Nothing here needs Keras.
"""

from vae_utils.configurations.architectures import (
    ACTIVATIONS,
    ARCHITECTURES,
    CONVOLUTIONS,
    Architecture,
    Convolution,
    name_layers,
)
from vae_utils.configurations.autoencoders import (
    CONDITIONED,
    AutoencoderConfiguration,
    ConditionalVAEConfiguration,
    PixelConfiguration,
    VAEConfiguration,
)
from vae_utils.configurations.classifier import ClassifierConfiguration
from vae_utils.configurations.code_prior import CodePriorConfiguration
from vae_utils.configurations.comparison import check_same, describe
from vae_utils.configurations.discrete_vae import DiscreteVAEConfiguration
from vae_utils.configurations.pictures import PICTURES
from vae_utils.configurations.projects import CLASSIFIERS, PROJECTS
from vae_utils.configurations.registry import (
    DENSITIES,
    LIKELIHOODS,
    MODELS,
    PRIORS,
    SCALES,
    configuration_class,
    model_class,
    read,
)
from vae_utils.configurations.schedule import AUGMENTATIONS, PRECISIONS, Schedule
from vae_utils.configurations.second_stage import continue_from, list_inherited
from vae_utils.configurations.vq_vae import VQVAEConfiguration

__all__ = [
    "ACTIVATIONS",
    "ARCHITECTURES",
    "AUGMENTATIONS",
    "CLASSIFIERS",
    "CONDITIONED",
    "CONVOLUTIONS",
    "DENSITIES",
    "LIKELIHOODS",
    "MODELS",
    "PICTURES",
    "PRECISIONS",
    "PRIORS",
    "PROJECTS",
    "SCALES",
    "Architecture",
    "AutoencoderConfiguration",
    "ClassifierConfiguration",
    "CodePriorConfiguration",
    "ConditionalVAEConfiguration",
    "DiscreteVAEConfiguration",
    "Convolution",
    "PixelConfiguration",
    "Schedule",
    "VAEConfiguration",
    "VQVAEConfiguration",
    "check_same",
    "configuration_class",
    "continue_from",
    "describe",
    "list_inherited",
    "model_class",
    "name_layers",
    "read",
]
