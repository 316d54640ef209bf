"""Networks that train with all images resident, in an epoch that is compiled once."""

import numpy as np
import pytest

from studies import resident_training
from vae_utils import configurations
from vae_utils.datasets import Dataset

pytestmark = pytest.mark.jax


@pytest.fixture
def data():
    rng = np.random.default_rng(0)

    def draw(count):  # ink in the upper half, so that there is something to learn
        images = rng.integers(128, 256, (count, 28, 28), dtype="uint8")
        images[:, 14:] = 0
        return images, np.arange(count) % 10

    splits = [values for count in (200, 1000, 10) for values in draw(count)]
    return Dataset("mnist", *splits, tuple("0123456789"), False, "made for tests")


@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_what_is_compiled_for_one_seed_trains_the_others(data, model):
    kind = configurations.configuration_class(model)
    small = kind(hidden=(8,), batch_size=50, epochs=2)

    def train(seed):
        trained = resident_training.train(small, data, seed)
        weights = [np.array(v) for v in trained.model.trainable_variables]
        return trained.val_loss, weights

    first, other, again = map(train, (1, 2, 1))
    assert first[0][1] < first[0][0]
    assert first[0] == again[0] != other[0]
    for one, same in zip(first[1], again[1], strict=True):
        np.testing.assert_array_equal(one, same)
    assert resident_training._make_epoch(small, data)._cache_size() == 1


def test_only_dynamic_binarisation_is_trained(data):
    grey = configurations.VAEConfiguration(
        hidden=(8,), binarisation="none", likelihood="gaussian"
    )
    with pytest.raises(ValueError, match="binarised dynamically"):
        resident_training.train(grey, data, 1)
