"""A model with three weights, for tests of what surrounds training."""

import keras
import numpy as np
from keras import layers, ops

from vae_utils import pipeline
from vae_utils.models.base import Trainable
from vae_utils.training import Checkpoints, Prepared, checkpoint_file

BATCH = 4  # images


class Tiny(Trainable):
    """An autoencoder of 2 × 2 grey images, with noise in its code; not compiled."""

    reports = ("nll",)

    def __init__(self, width=1, seed=0):
        super().__init__()
        keras.utils.set_random_seed(seed)
        self.encoder = layers.Dense(width)
        self.decoder = layers.Dense(4, use_bias=False)
        self.encoder.build((None, 4))
        self.decoder.build((None, width))
        self.noise = keras.random.SeedGenerator(seed)

    @property
    def parts(self):
        return {"encoder": self.encoder, "decoder": self.decoder}

    def forward(self, x, y=None, training=None):
        z = self.encoder(ops.reshape(x, (-1, 4)))
        return self.decoder(z + keras.random.normal(ops.shape(z), seed=self.noise))

    def score(self, outputs, x, y=None):
        return {"nll": ops.sum(ops.square(ops.reshape(x, (-1, 4)) - outputs), axis=1)}

    def objective(self, terms):
        return terms["nll"]


def make_tiny(width=1, seed=0):
    """Makes a tiny model that is compiled with Adam, whose variables exist."""
    model = Tiny(width, seed)
    eager = keras.backend.backend() == "tensorflow"  # which starts sooner there
    model.compile(optimizer=keras.optimizers.Adam(0.01), run_eagerly=eager)
    model.optimizer.build(model.trainable_variables)
    return model


def prepare_tiny(images, epochs=3, seed=0):
    """Makes a tiny model and its batches, as `training.prepare` does.

    Args:
        images: shape (n, 2, 2); the last four are for validation.
        epochs: number of epochs.
        seed: of weights, noise and order.
    """
    train, validation = images[:-BATCH], images[-BATCH:]

    def batches(first_epoch):
        return pipeline.training_batches(
            train, batch_size=BATCH, epochs=epochs, seed=seed, first_epoch=first_epoch
        )[0]

    return Prepared(
        make_tiny(seed=seed),
        batches=batches,
        steps=len(train) // BATCH,
        epochs=epochs,
        validation=pipeline.evaluation_batches(validation),
    )


def copy_state(model):
    """Copies all that training changes, as name → array."""
    return {name: np.array(v) for name, v in checkpoint_file.state_of(model)}


def change_state(model, step):
    """Changes all that training changes, differently at every step."""
    for index, (_, variable) in enumerate(checkpoint_file.state_of(model)):
        value = np.full(variable.shape, 100 * step + index)
        variable.assign(value.astype(variable.dtype))


def assert_same(first, second):
    """Compares arrays by name, bit for bit."""
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], name)


def run_epochs(callback, model, losses, first=0):
    """Calls what `fit` calls, and yields after every epoch."""
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses, first):
        callback.on_epoch_begin(epoch)
        change_state(model, epoch + 1)
        callback.on_epoch_end(epoch, {"loss": loss + 1, "val_loss": loss})
        yield epoch
    callback.on_train_end()


def keep_epochs(folder, losses=(3.0, 2.0, 1.0), settings=None, **options):
    """Keeps some epochs in a folder; returns the callback and the last state."""
    model, saver = make_tiny(), Checkpoints(folder, settings, **options)
    for _ in run_epochs(saver, model, losses):
        pass
    return saver, copy_state(model)
