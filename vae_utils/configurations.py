"""How a VAE is built and trained, as one record; the records of the five projects.

A chapter that compares networks changes a record, never the code that trains.
"""

import dataclasses
import math
from collections.abc import Sequence

import keras

from vae_utils import likelihoods, models, networks, pipeline, training
from vae_utils.checks import check_positive_integer, check_widths, is_finite_number
from vae_utils.datasets import Dataset
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


# Sizes, activations, rates and lengths that the projects' code has by default, and
# grey images, as they train on. Objective, initial weights and split are the book's; so
# are the decoders of the convolutional ones, mirror images of the encoders.
PROJECTS = {
    "yulinliutw": Configuration(
        latent_dim=128,
        hidden=(512, 256),
        batch_size=100,
        learning_rate=2e-3,
        epochs=100,
        binarisation="none",
    ),
    "nocty-chan": Configuration(
        latent_dim=10,
        hidden=(500,),
        activation="tanh",
        batch_size=100,
        learning_rate=1e-3,
        epochs=50,
        binarisation="none",
    ),
    "cryer": Configuration(
        latent_dim=20,
        hidden=(400,),
        activation="leaky_relu",  # slope 0.2, Keras's default and theirs
        decoder_activation="relu",
        batch_size=100,
        learning_rate=1e-3,
        epochs=50,
        binarisation="none",
    ),
    "asahi417-vae": Configuration(
        latent_dim=20,
        hidden=(500, 500),
        activation="softplus",
        batch_size=100,
        learning_rate=5e-3,
        epochs=150,
        binarisation="none",
    ),
    **{
        f"asahi417-cvae-{name}": Configuration(
            encoder=name,
            decoder=name,
            latent_dim=20,
            hidden=hidden,
            activation="softplus",
            labelled="both",
            batch_size=100,
            learning_rate=5e-3,
            epochs=150,
            binarisation="none",
        )
        for name, hidden in {"2cnn": (), "3cnn": (), "fc": (500, 500)}.items()
    },
    "conormdurkan": Configuration(
        latent_dim=2,
        hidden=(500, 500, 200),
        batch_size=128,
        learning_rate=2e-4,
        epochs=100,
        updates_per_epoch=100,
        binarisation="none",
    ),
}


VALIDATION_SEED = 0  # of the one binarisation of validation images


def build(configuration: Configuration, *, seed: int) -> models.VAE:
    """Builds the VAE of a configuration, with freshly drawn weights.

    It sets the seeds of Python, NumPy and Keras.

    Args:
        configuration: what to build.
        seed: int, of the weights and of the noise in z.

    Returns:
        The model, a `models.ConditionalVAE` if labels are told, not yet compiled.
    """
    c = configuration
    keras.utils.set_random_seed(seed)
    encoder = networks.build_encoder(
        c.encoder, c.latent_dim, c.hidden, c.activation, labelled=c.labelled
    )
    decoder = networks.build_decoder(
        c.decoder,
        c.latent_dim,
        c.hidden if c.decoder_hidden is None else c.decoder_hidden,
        c.decoder_activation or c.activation,
        labelled=c.labelled,
    )
    model = models.VAE if c.labelled == "none" else models.ConditionalVAE
    return model(encoder, decoder, likelihoods.Bernoulli(), seed=seed)


def train(
    configuration: Configuration,
    data: Dataset,
    *,
    seed: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> tuple[models.VAE, dict]:
    """Builds and trains the VAE of a configuration.

    Args:
        configuration: what to build, and how to train it.
        data: what to train on; after every epoch its validation images are scored,
            binarised as the training images are, but once, whatever `seed` is.
        seed: int, of weights, noise, order and binarisation.
        callbacks: for `fit`.

    Returns:
        The trained model, and the history of `fit`: name → one number per epoch.

    Raises:
        ValueError: if there are fewer images than `batch_size`.
    """
    c = configuration
    labels = (None, None) if c.labelled == "none" else (data.y_train, data.y_val)
    batches, steps = _training_batches(c, data.x_train, labels[0], seed)
    rate = c.learning_rate
    if c.decay:
        rate = keras.optimizers.schedules.CosineDecay(rate, c.epochs * steps)
    vae = build(c, seed=seed)
    vae.compile(
        keras.optimizers.Adam(rate),
        steps_per_execution=training.choose_steps_per_execution(steps),
    )
    history = vae.fit(
        batches,
        epochs=c.epochs,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(
            data.x_val, labels[1], seed=VALIDATION_SEED, binarisation=c.binarisation
        ),
        shuffle=False,
        verbose=0,
        callbacks=list(callbacks),
    )
    return vae, history.history


def _training_batches(configuration, images, labels, seed):
    """Makes batches of as many passes as the epochs take; counts those of an epoch."""
    c = configuration
    per_pass = max(1, len(images) // c.batch_size)
    steps = c.updates_per_epoch or per_pass
    batches, _ = pipeline.training_batches(
        images,
        labels,
        batch_size=c.batch_size,
        epochs=math.ceil(c.epochs * steps / per_pass),
        seed=seed,
        binarisation=c.binarisation,
    )
    return batches, steps
