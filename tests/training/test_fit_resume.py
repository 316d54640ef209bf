import keras
import numpy as np
import pytest

from vae_utils import pipeline

pytestmark = pytest.mark.core


def train(vae, images, *, epochs, first_epoch=0):
    batches, steps = pipeline.training_batches(
        images, batch_size=16, epochs=epochs, seed=3, first_epoch=first_epoch
    )
    return vae.fit(
        batches,
        epochs=epochs,
        initial_epoch=first_epoch,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(images[:16]),
        shuffle=False,
        verbose=0,
    ).history


def state(vae):
    return [*vae.variables, *vae.optimizer.variables]


def values(variables):
    return [np.array(variable) for variable in variables]


def test_resumed_run_equals_an_uninterrupted_one(make_vae, images):
    grey = images // 2 + 60  # so that binarisation is random
    whole = make_vae()
    history = train(whole, grey, epochs=4)
    assert set(history) == {"loss", "nll", "kl", "val_loss", "val_nll", "val_kl"}

    keras.utils.set_random_seed(0)  # as the fixture did before the whole run
    stopped = make_vae()
    train(stopped, grey, epochs=2)
    keras.utils.set_random_seed(1)  # the resumed run must not depend on it
    resumed = make_vae(seed=9)
    resumed.optimizer.build(resumed.trainable_variables)
    # As NumPy arrays: JAX deletes a shared array in the next step.
    kept = values(state(stopped))
    for variable, value in zip(state(resumed), kept, strict=True):
        variable.assign(value)
    rest = train(resumed, grey, epochs=4, first_epoch=2)

    assert rest == {name: numbers[2:] for name, numbers in history.items()}
    for one, other in zip(state(resumed), state(whole), strict=True):
        np.testing.assert_array_equal(np.array(one), np.array(other), one.path)
    final = values(whole.trainable_variables)
    assert not any(map(np.array_equal, final, values(stopped.trainable_variables)))
