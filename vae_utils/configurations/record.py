"""The records: a network, and how it is trained."""

import dataclasses
import math

from vae_utils.architectures import (
    ACTIVATIONS,
    ARCHITECTURES,
    IMAGE_SHAPE,
    check_architecture,
    check_labelled,
)
from vae_utils.checks import check_positive_integer, check_widths, is_finite_number
from vae_utils.pixels import check_binarisation

LIKELIHOODS = ("bernoulli", "continuous-bernoulli", "gaussian", "learned-gaussian")
POOLINGS = int(math.log2(IMAGE_SHAPE[0]))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Schedule:
    """How a network is trained: with Adam, on what batches, for how long.

    Args:
        batch_size: images in a batch.
        learning_rate: of Adam.
        decay: True lets the learning rate fall to zero along a cosine.
        clip_norm: largest norm of the whole gradient, which is scaled down to it; None
            for any.
        epochs: number of epochs.
        updates_per_epoch: batches in an epoch; None for one pass over the images.
            With a number, a pass goes on from one epoch to the next.
        binarisation: of training images, as for `pixels.binarise`.

    Raises:
        ValueError: if an argument is none of the above; the message names it.
    """

    batch_size: int = 200
    learning_rate: float = 2e-3
    decay: bool = False
    clip_norm: float | None = None
    epochs: int = 30
    updates_per_epoch: int | None = None
    binarisation: str = "dynamic"

    def __post_init__(self):
        check_positive_integer(self.batch_size, "batch_size", "the images in a batch")
        check_positive_integer(self.epochs, "epochs", "the length of the training")
        check_binarisation(self.binarisation)
        if self.updates_per_epoch is not None:
            check_positive_integer(
                self.updates_per_epoch, "updates_per_epoch", "the batches of an epoch"
            )
        _check_flag(self.decay, "decay")
        _check_positive(self.learning_rate, "learning_rate")
        if self.clip_norm is not None:
            _check_positive(self.clip_norm, "clip_norm")
        for field in dataclasses.fields(self):  # JSON has lists
            if isinstance(getattr(self, field.name), list):
                object.__setattr__(self, field.name, tuple(getattr(self, field.name)))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration(Schedule):
    """A VAE, and how it is trained.

    Args:
        encoder: architecture of the encoder, a key of `networks.ARCHITECTURES`.
        decoder: architecture of the decoder.
        latent_dim: number of latent dimensions.
        hidden: widths of the encoder's dense layers, from the image inwards; the
            default suits `"fc"`.
        decoder_hidden: widths of the encoder whose mirror image the decoder is; None
            for those of `hidden`.
        activation: of the encoder's layers, one of `architectures.ACTIVATIONS`.
        decoder_activation: of the decoder's; None for the same.
        labelled: which networks are told the label, one of `networks.LABELLED`; all
            but `"none"` make a conditional VAE.
        variational: False makes a plain autoencoder: one code per image, no prior.
        likelihood: of a pixel given z, one of `LIKELIHOODS`.
        sigma: standard deviation of a Gaussian pixel, in grey levels of [0, 1]; None
            for √½, with which the reconstruction term is a sum of squared errors.
        beta: weight of the KL term; 1 is the ELBO.
        **schedule: as for `Schedule`.

    Raises:
        ValueError: if an argument is none of the above; the message names it.
    """

    encoder: str = "fc"
    decoder: str = "fc"
    latent_dim: int = 2
    hidden: tuple[int, ...] = (256, 256)
    decoder_hidden: tuple[int, ...] | None = None
    activation: str = "relu"
    decoder_activation: str | None = None
    labelled: str = "none"
    variational: bool = True
    likelihood: str = "bernoulli"
    sigma: float | None = None
    beta: float = 1.0

    def __post_init__(self):
        self._check_networks()
        self._check_objective()
        super().__post_init__()

    def _check_networks(self):
        check_positive_integer(
            self.latent_dim, "latent_dim", "the number of latent dimensions"
        )
        for name in ("encoder", "decoder"):
            check_architecture(getattr(self, name), name)
        check_widths(self.hidden)
        if self.decoder_hidden is not None:
            check_widths(self.decoder_hidden, "decoder_hidden")
        _check_choice(self.activation, "activation", ACTIVATIONS)
        if self.decoder_activation is not None:
            _check_choice(self.decoder_activation, "decoder_activation", ACTIVATIONS)
        check_labelled(self.labelled)

    def _check_objective(self):
        _check_flag(self.variational, "variational")
        if self.labelled != "none" and not self.variational:
            raise ValueError(
                "A plain autoencoder is told no labels. "
                f"Received: labelled={self.labelled!r}, variational=False"
            )
        _check_choice(self.likelihood, "likelihood", LIKELIHOODS)
        if self.sigma is not None:
            _check_positive(self.sigma, "sigma")
            if self.likelihood != "gaussian":
                raise ValueError(
                    "sigma belongs to the Gaussian likelihood. Received: "
                    f"sigma={self.sigma!r}, likelihood={self.likelihood!r}"
                )
        if not (is_finite_number(self.beta) and self.beta >= 0):
            raise ValueError(
                "beta must be zero or a positive number, the weight of the KL term. "
                f"Received: beta={self.beta!r}"
            )

    @property
    def model(self) -> str:
        """The kind of model, `vae`, `cvae` or `ae`."""
        if not self.variational:
            return "ae"
        return "vae" if self.labelled == "none" else "cvae"

    @property
    def encoder_layers(self) -> str:
        """The layers of the encoder, such as `784-500-500-2` or `conv-20`."""
        first = self.encoder
        if not ARCHITECTURES[first].convolutions:
            told = self.labelled in ("both", "encoder")
            first = f"{math.prod(IMAGE_SHAPE)}{'+10' if told else ''}"
        return "-".join(map(str, (first, *self.hidden, self.latent_dim)))


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClassifierConfiguration(Schedule):
    """A classifier of digits, and how it is trained: by default that of the book.

    Args:
        filters: channels of its convolutions, from the image inwards.
        kernel: side of their square kernels, in pixels.
        dropout: share of values that each dropout layer sets to zero.
        **schedule: as for `Schedule`.

    Raises:
        ValueError: if an argument is none of the above; the message names it.
    """

    filters: tuple[int, ...] = (8, 16, 32, 64)
    kernel: int = 4
    dropout: float = 0.1
    batch_size: int = 128
    decay: bool = True
    epochs: int = 12
    binarisation: str = "none"

    def __post_init__(self):
        check_widths(self.filters, "filters")
        if len(self.filters) > POOLINGS:
            raise ValueError(
                f"filters must be at most {POOLINGS}, as each halves an image of 28 "
                f"pixels. Received: filters={self.filters!r}"
            )
        check_positive_integer(self.kernel, "kernel", "the side of the kernels")
        if not (is_finite_number(self.dropout) and 0 <= self.dropout < 1):
            raise ValueError(
                "dropout must be a number from 0 to below 1, a share of values. "
                f"Received: dropout={self.dropout!r}"
            )
        super().__post_init__()

    @property
    def model(self) -> str:
        """The kind of model, `classifier`."""
        return "classifier"


def configuration_of(model: str, fields: dict) -> Schedule:
    """Makes the record of a model from its fields, as JSON has them.

    Args:
        model: `"vae"`, `"cvae"`, `"ae"` or `"classifier"`.
        fields: name → value.

    Returns:
        A `ClassifierConfiguration`, or a `Configuration`.

    Raises:
        ValueError: if a value, or the name of a field, is none of the record's.
    """
    kind = ClassifierConfiguration if model == "classifier" else Configuration
    try:
        return kind(**fields)
    except TypeError as error:
        known = {field.name for field in dataclasses.fields(kind)}
        raise ValueError(
            f"The fields of a {model} are {', '.join(sorted(known))}. "
            f"Received: {', '.join(sorted(set(fields) - known))}"
        ) from error


def _check_choice(value, name, choices):
    if not isinstance(value, str) or value not in choices:
        raise ValueError(
            f"{name} must be one of {', '.join(choices)}. Received: {name}={value!r}"
        )


def _check_flag(value, name):
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False. Received: {name}={value!r}")


def _check_positive(value, name):
    if not (is_finite_number(value) and value > 0):
        raise ValueError(
            f"{name} must be a positive number. Received: {name}={value!r}"
        )
