"""How a fully connected VAE is built and trained, as one record; the five projects'.

A chapter that compares networks changes a record, never the code that trains.
"""

import dataclasses
import math
from collections.abc import Sequence

import keras

from vae_utils import likelihoods, models, networks, pipeline, training
from vae_utils.checks import check_positive_integer, check_widths, is_finite_number
from vae_utils.pixels import check_binarisation


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """A network, and how it is trained with Adam under a Bernoulli likelihood.

    Args:
        latent_dim: number of latent dimensions.
        hidden: widths of the encoder's hidden layers, from the image inwards; the
            decoder mirrors them.
        activation: of the encoder's hidden layers.
        decoder_activation: of the decoder's; None for the same.
        batch_size: images in a batch.
        learning_rate: of Adam.
        epochs: number of epochs.
        updates_per_epoch: batches in an epoch; None for one pass over the images.
        binarisation: of training images, as for `pixels.binarise`.

    Raises:
        ValueError: if a number is not positive; the message names it.
    """

    latent_dim: int = 2
    hidden: tuple[int, ...] = (256, 256)
    activation: str = "relu"
    decoder_activation: str | None = None
    batch_size: int = 200
    learning_rate: float = 2e-3
    epochs: int = 30
    updates_per_epoch: int | None = None
    binarisation: str = "dynamic"

    def __post_init__(self):
        check_positive_integer(self.latent_dim, "latent_dim", "the size of z")
        check_widths(self.hidden)
        object.__setattr__(self, "hidden", tuple(self.hidden))  # JSON has lists
        check_positive_integer(self.batch_size, "batch_size", "the images in a batch")
        check_positive_integer(self.epochs, "epochs", "the length of the training")
        check_binarisation(self.binarisation)
        if self.updates_per_epoch is not None:
            check_positive_integer(
                self.updates_per_epoch, "updates_per_epoch", "the batches of an epoch"
            )
        if not (is_finite_number(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(
                "learning_rate must be a positive number. "
                f"Received: learning_rate={self.learning_rate!r}"
            )

    @property
    def network(self) -> str:
        """The encoder's widths, such as `784-500-500-2`."""
        widths = (math.prod(networks.IMAGE_SHAPE), *self.hidden, self.latent_dim)
        return "-".join(map(str, widths))


# What each project's code does by default, read there; they train on grey images.
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


def build(configuration: Configuration, *, seed: int) -> models.VAE:
    """Builds the VAE of a configuration, with freshly drawn weights.

    Args:
        configuration: what to build.
        seed: int, of the weights and of the noise in z.

    Returns:
        The model, not yet compiled.
    """
    c = configuration
    keras.utils.set_random_seed(seed)
    return models.VAE(
        networks.build_fc_encoder(c.latent_dim, c.hidden, c.activation),
        networks.build_fc_decoder(
            c.latent_dim, c.hidden[::-1], c.decoder_activation or c.activation
        ),
        likelihoods.Bernoulli(),
        seed=seed,
    )


def train(
    configuration: Configuration,
    data,
    *,
    seed: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> tuple[models.VAE, dict]:
    """Builds and trains the VAE of a configuration.

    Args:
        configuration: what to build, and how to train it.
        data: `datasets.Dataset`; after every epoch its validation images are scored,
            binarised with one draw where the training images are binarised.
        seed: int, of weights, noise, order and binarisation.
        callbacks: for `fit`.

    Returns:
        The trained model, and the history of `fit`: name → one number per epoch.

    Raises:
        ValueError: if there are fewer images than `batch_size`.
    """
    c = configuration
    vae = build(c, seed=seed)
    options = {"batch_size": c.batch_size, "seed": seed, "binarisation": c.binarisation}
    steps = c.updates_per_epoch or len(data.x_train) // c.batch_size
    passes = math.ceil(c.epochs * steps / max(1, len(data.x_train) // c.batch_size))
    batches, _ = pipeline.training_batches(data.x_train, epochs=passes, **options)
    vae.compile(
        keras.optimizers.Adam(c.learning_rate),
        steps_per_execution=training.choose_steps_per_execution(steps),
    )
    history = vae.fit(
        batches,
        epochs=c.epochs,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(
            data.x_val, binarisation=c.binarisation
        ),
        shuffle=False,
        verbose=0,
        callbacks=list(callbacks),
    )
    return vae, history.history
