"""The unit tests compile no training step: that takes seconds, and is not theirs."""

import keras
import pytest


@pytest.fixture(autouse=True)
def no_training(monkeypatch):
    """Makes a test that trains fail."""

    def fail(self, *args, **kwargs):
        pytest.fail("This test trains a model, so it belongs in tests/training.")

    for name in ("fit", "train_on_batch"):
        monkeypatch.setattr(keras.Model, name, fail)
