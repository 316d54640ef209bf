"""Building and training what a record says."""

import math
from collections.abc import Sequence

import keras

from vae_utils import likelihoods, models, networks, pipeline, training
from vae_utils.configurations.record import Configuration
from vae_utils.datasets import Dataset

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
