"""Configuration of a VAE with discrete codes."""

from typing import ClassVar

from vae_utils.configurations.code_prior import CodePriorConfiguration
from vae_utils.configurations.fields import configuration, number


@configuration
class DiscreteVAEConfiguration(CodePriorConfiguration):
    """A VQ-VAE and its prior that are trained on together, as a VAE.

    Further arguments: those of `CodePriorConfiguration`, which say what is continued;
    those of `Schedule` are of this training.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "discrete-vae"

    learning_rate: float = number(0.0005, "learning rate of Adam")
    temperature: float = number(
        0.5, "divides the noisy logits of codes where gradients pass through them"
    )
