"""Configurations of the models with an encoder and a decoder."""

from typing import ClassVar

from vae_utils.configurations.architectures import ACTIVATIONS, ARCHITECTURES
from vae_utils.configurations.fields import (
    choice,
    configuration,
    integer,
    number,
    widths,
)
from vae_utils.configurations.registry import DENSITIES, LIKELIHOODS, PRIORS, SCALES
from vae_utils.configurations.schedule import Schedule

#: Which of encoder and decoder can be conditioned on the label.
CONDITIONED = ("both", "encoder", "decoder")


@configuration
class PixelConfiguration(Schedule):
    """A model with a likelihood of pixels, and how it is trained.

    Further arguments: those of `Schedule`.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    likelihood: str = choice(
        "bernoulli", LIKELIHOODS, "likelihood of a pixel given the code"
    )
    sigma: float | None = number(
        None,
        "standard deviation of a Gaussian pixel, in grey levels of [0, 1]",
        unset="√½, with which the reconstruction term is a sum of squared errors",
    )
    clip_lambda: float | None = number(
        None,
        "distance from 0 and 1 that λ of a continuous Bernoulli pixel keeps; 1e-4 in "
        "its authors' code",
        below=0.5,
        unset="none, so that the density of exact black and white has no limit",
    )
    scale_per: str | None = choice(
        None,
        SCALES,
        "what has a scale of its own under the discretised logistic likelihood",
        unset="each channel",
    )

    def __post_init__(self):
        super().__post_init__()
        self._check_owner("sigma", "gaussian", "Gaussian")
        self._check_owner("clip_lambda", "continuous-bernoulli", "continuous Bernoulli")
        self._check_owner("scale_per", "discretised-logistic", "discretised logistic")
        if self.dequantisation != "none" and self.likelihood not in DENSITIES:
            raise ValueError(
                "Only a density needs dequantised images. Received: dequantisation="
                f"{self.dequantisation!r}, likelihood={self.likelihood!r}"
            )

    def _check_owner(self, name, likelihood, words):
        """Raises ValueError if a field of one likelihood is set for another."""
        value = getattr(self, name)
        if value is not None and self.likelihood != likelihood:
            raise ValueError(
                f"{name} belongs to the {words} likelihood. Received: "
                f"{name}={value!r}, likelihood={self.likelihood!r}"
            )


@configuration
class AutoencoderConfiguration(PixelConfiguration):
    """A plain autoencoder, and how it is trained: one code per image, no prior.

    Further arguments: those of `PixelConfiguration` and `Schedule`.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "ae"

    encoder: str = choice("fc", ARCHITECTURES, "architecture of the encoder")
    decoder: str = choice("fc", ARCHITECTURES, "architecture of the decoder")
    latent_dim: int = integer(2, "number of latent dimensions")
    hidden: tuple[int, ...] = widths(
        (256, 256), "widths of the encoder's dense layers, from the image inwards"
    )
    decoder_hidden: tuple[int, ...] | None = widths(
        None,
        "widths of the decoder's dense layers, also from the image inwards",
        unset="those of the encoder",
    )
    activation: str = choice("relu", ACTIVATIONS, "activation of the encoder's layers")
    decoder_activation: str | None = choice(
        None,
        ACTIVATIONS,
        "activation of the decoder's layers",
        unset="that of the encoder",
    )


@configuration
class VAEConfiguration(AutoencoderConfiguration):
    """A variational autoencoder, and how it is trained: by default the book's.

    Further arguments: those of `AutoencoderConfiguration` and `Schedule`.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "vae"

    beta: float = number(
        1.0, "weight of the KL term; 1 is the ELBO", includes_lowest=True
    )
    prior: str = choice("standard-normal", PRIORS, "prior of the codes")
    prior_size: int | None = integer(
        None,
        "size of a prior that has one, such as the components of a mixture",
        unset="the prior's own",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.prior_size is not None and not PRIORS[self.prior].has_size:
            raise ValueError(
                f"The prior {self.prior} has no size. "
                f"Received: prior_size={self.prior_size!r}"
            )


@configuration
class ConditionalVAEConfiguration(VAEConfiguration):
    """A variational autoencoder conditioned on labels, and how it is trained.

    Further arguments: those of `VAEConfiguration`, `AutoencoderConfiguration` and
    `Schedule`.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "cvae"

    conditioned: str = choice(
        "both", CONDITIONED, "networks that are conditioned on the label"
    )
