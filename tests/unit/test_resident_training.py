"""Networks that train with all images resident, side by side as they do alone."""

from types import SimpleNamespace

import numpy as np
import pytest

from studies.resident_training import train_seeds
from vae_utils import configurations

pytestmark = pytest.mark.jax

SEEDS = (1, 2, 3)


@pytest.fixture
def data():
    rng = np.random.default_rng(0)

    def draw(count):  # ink in the upper half, so that there is something to learn
        images = rng.integers(128, 256, (count, 28, 28), dtype="uint8")
        images[:, 14:] = 0
        return images, np.arange(count) % 10

    x_train, y_train = draw(200)
    x_val, y_val = draw(1000)
    return SimpleNamespace(
        name="mnist",
        image_shape=(28, 28, 1),
        classes=10,
        x_train=x_train,
        y_train=y_train,
        x_val=x_val,
        y_val=y_val,
    )


@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_networks_train_side_by_side_as_they_do_alone(data, model):
    kind = configurations.configuration_class(model)
    small = kind(hidden=(8,), batch_size=50, epochs=2)

    def train(at_once):
        return [
            (each.val_loss, [np.array(v) for v in each.model.trainable_variables])
            for each in train_seeds(small, data, SEEDS, at_once=at_once)
        ]

    alone, together = train(1), train(2)
    assert len(alone) == len(together) == 3
    for (loss, weights), (other, others) in zip(alone, together, strict=True):
        np.testing.assert_allclose(loss, other, rtol=1e-5)
        assert loss[1] < loss[0]
        for first, second in zip(weights, others, strict=True):
            np.testing.assert_allclose(first, second, atol=1e-4)
    assert alone[0][0] != alone[1][0]  # seeds differ


def test_only_dynamic_binarisation_is_trained(data):
    grey = configurations.VAEConfiguration(
        hidden=(8,), binarisation="none", likelihood="gaussian"
    )
    with pytest.raises(ValueError, match="binarised dynamically"):
        next(train_seeds(grey, data, SEEDS))
