"""Configuration of a VQ-VAE."""

from typing import ClassVar

from vae_utils.configurations.architectures import ACTIVATIONS
from vae_utils.configurations.autoencoders import PixelConfiguration
from vae_utils.configurations.fields import choice, configuration, integer, number


@configuration
class VQVAEConfiguration(PixelConfiguration):
    """A VQ-VAE, whose code is a grid of indices, and how it is trained.

    Further arguments: those of `PixelConfiguration` and `Schedule`.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "vq-vae"

    codes: int = integer(128, "number of vectors in the codebook")
    code_dim: int = integer(16, "numbers in each vector of the codebook")
    halvings: int = integer(
        2, "number of times the image is halved on the way to the grid of codes"
    )
    width: int = integer(32, "channels of the convolutions")
    blocks: int = integer(1, "residual blocks at the grid, in each network")
    activation: str = choice("relu", ACTIVATIONS, "activation of the convolutions")
    commitment: float = number(
        0.25,
        "weight of the squared distance between features and their vectors",
        includes_lowest=True,
    )
    smoothing: float = number(
        0.99,
        "share of the codebook's moving averages that a batch leaves as it is",
        below=1.0,
        includes_lowest=True,
    )
    restart_after: int = integer(
        100, "batches without use after which a vector of the codebook restarts"
    )
