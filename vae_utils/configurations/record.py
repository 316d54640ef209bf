"""The record: a network, and how it is trained."""

import dataclasses
import math

import keras

from vae_utils import networks
from vae_utils.checks import check_positive_integer, check_widths, is_finite_number
from vae_utils.pixels import check_binarisation


def _check_activation(activation, name):
    try:
        keras.activations.get(activation)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{name} must be the name of one of Keras's activations. "
            f"Received: {name}={activation!r}"
        ) from error


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """A network, and how it is trained with Adam under a Bernoulli likelihood.

    Args:
        encoder: architecture of the encoder, a key of `networks.ARCHITECTURES`.
        decoder: architecture of the decoder.
        latent_dim: number of latent dimensions.
        hidden: widths of the encoder's dense layers, from the image inwards; the
            default suits `"fc"`.
        decoder_hidden: widths of the encoder whose mirror image the decoder is; None
            for those of `hidden`.
        activation: of the encoder's layers.
        decoder_activation: of the decoder's; None for the same.
        labelled: which networks are told the label, one of `networks.LABELLED`; all
            but `"none"` make a conditional VAE.
        batch_size: images in a batch.
        learning_rate: of Adam.
        decay: True lets the learning rate fall to zero along a cosine.
        epochs: number of epochs.
        updates_per_epoch: batches in an epoch; None for one pass over the images.
            With a number, a pass goes on from one epoch to the next.
        binarisation: of training images, as for `pixels.binarise`.

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
    batch_size: int = 200
    learning_rate: float = 2e-3
    decay: bool = False
    epochs: int = 30
    updates_per_epoch: int | None = None
    binarisation: str = "dynamic"

    def __post_init__(self):
        self._check_networks()
        self._check_training()
        for name in ("hidden", "decoder_hidden"):  # JSON has lists
            if getattr(self, name) is not None:
                object.__setattr__(self, name, tuple(getattr(self, name)))

    def _check_networks(self):
        check_positive_integer(
            self.latent_dim, "latent_dim", "the number of latent dimensions"
        )
        for name in ("encoder", "decoder"):
            networks.check_architecture(getattr(self, name), name)
        check_widths(self.hidden)
        if self.decoder_hidden is not None:
            check_widths(self.decoder_hidden, "decoder_hidden")
        for name in ("activation", "decoder_activation"):
            _check_activation(getattr(self, name), name)
        networks.check_labelled(self.labelled)

    def _check_training(self):
        check_positive_integer(self.batch_size, "batch_size", "the images in a batch")
        check_positive_integer(self.epochs, "epochs", "the length of the training")
        check_binarisation(self.binarisation)
        if self.updates_per_epoch is not None:
            check_positive_integer(
                self.updates_per_epoch, "updates_per_epoch", "the batches of an epoch"
            )
        if not isinstance(self.decay, bool):
            raise ValueError(
                f"decay must be True or False. Received: decay={self.decay!r}"
            )
        if not (is_finite_number(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(
                "learning_rate must be a positive number. "
                f"Received: learning_rate={self.learning_rate!r}"
            )

    @property
    def encoder_layers(self) -> str:
        """The layers of the encoder, such as `784-500-500-2` or `conv-20`."""
        first = self.encoder
        if first == "fc":
            told = self.labelled in ("both", "encoder")
            first = f"{math.prod(networks.IMAGE_SHAPE)}{'+10' if told else ''}"
        return "-".join(map(str, (first, *self.hidden, self.latent_dim)))
