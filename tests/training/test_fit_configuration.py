"""What `training.train` does with a configuration."""

import dataclasses

import keras
import numpy as np
import pytest

from vae_utils import likelihoods, models, networks, pipeline, training
from vae_utils.configurations import VAEConfiguration

pytestmark = pytest.mark.core

SMALL = VAEConfiguration(hidden=(16, 8), batch_size=16, epochs=2)


def test_history_has_one_number_per_epoch(data):
    epochs = []
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: epochs.append(epoch)
    )
    vae, history = training.train(SMALL, data, seed=0, callbacks=[callback])
    assert epochs == [0, 1]
    assert {"loss", "nll", "kl", "val_loss", "val_nll", "val_kl"} == set(history)
    assert all(len(values) == 2 for values in history.values())
    assert int(vae.optimizer.iterations) == 2 * (48 // 16)
    assert float(vae.optimizer.learning_rate) == pytest.approx(SMALL.learning_rate)


def test_an_epoch_can_have_any_number_of_updates(data):
    configuration = dataclasses.replace(SMALL, epochs=3, updates_per_epoch=7)
    vae, history = training.train(configuration, data, seed=0)
    assert len(history["loss"]) == 3
    assert int(vae.optimizer.iterations) == 3 * 7


def test_trains_as_written_by_hand(data):
    """As in chapter 2, whose numbers are compared with recorded ones."""
    vae, history = training.train(SMALL, data, seed=3)

    keras.utils.set_random_seed(3)
    encoder = networks.build_fc_encoder(2, (16, 8), image_shape=data.image_shape)
    decoder = networks.build_fc_decoder(2, (8, 16), image_shape=data.image_shape)
    by_hand = models.VAE(encoder, decoder, likelihoods.Bernoulli(), seed=3)
    by_hand.compile(keras.optimizers.Adam(2e-3))
    batches, steps = pipeline.training_batches(
        data.x_train, batch_size=16, epochs=2, seed=3
    )
    expected = by_hand.fit(
        batches,
        epochs=2,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(data.x_val),
        shuffle=False,
        verbose=0,
    ).history
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-6)
    for ours, theirs in zip(vae.get_weights(), by_hand.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
