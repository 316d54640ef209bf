"""Configuration of a prior over the codes of a VQ-VAE."""

from typing import ClassVar

from vae_utils.configurations.fields import configuration, flag, integer, number
from vae_utils.configurations.vq_vae import VQVAEConfiguration


@configuration
class CodePriorConfiguration(VQVAEConfiguration):
    """A prior over the codes of a VQ-VAE, and how it is trained.

    Further arguments: those of `VQVAEConfiguration`, which say what VQ-VAE it is;
    those of `Schedule` are of training the prior.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "code-prior"

    prior_width: int = integer(64, "numbers at each place inside the transformer")
    prior_heads: int = integer(4, "heads of its attention, which divide its width")
    prior_depth: int = integer(3, "number of its blocks")
    prior_dropout: float = number(
        0.0,
        "share of values that its dropout sets to zero",
        below=1.0,
        includes_lowest=True,
    )
    decay: bool = flag(True, "whether the learning rate falls to zero along a cosine")
