"""The unit tests compile no training step: that takes seconds, and is not theirs."""

import keras
import numpy as np
import pytest

BAD_IMAGES = [
    (np.zeros(5, np.uint8), r"shape \(n, height, width\).*Received: shape=\(5,\)"),
    (np.zeros((2, 3, 3, 1, 1), np.uint8), r"Received: shape=\(2, 3, 3, 1, 1\)"),
    (np.zeros((0, 3, 3), np.uint8), r"n > 0.*Received: shape=\(0, 3, 3, 1\)"),
    (np.zeros((2, 3, 3), np.int64), "must be uint8.*Received: dtype=int64"),
    (np.zeros((2, 3, 3), bool), "must be uint8.*Received: dtype=bool"),
    (np.eye(3, dtype=np.uint8)[None], "only 0 and 1: multiply.*values from 0 to 1"),
    (np.ones((2, 3, 3), np.uint8), "only 0 and 1: multiply.*values from 1 to 1"),
    (np.zeros((2, 3, 9, 9)), r"their last axis.*Received: shape=\(2, 3, 9, 9\)"),
    (np.zeros((2, 1, 9, 9), np.uint8), r"their last.*Received: shape=\(2, 1, 9, 9\)"),
    (np.full((2, 3, 3), np.nan), "must be finite.*Received: 18 values"),
    (np.full((2, 3, 3), np.inf), "must be finite.*Received: 18 values"),
    (np.full((2, 3, 3), 255.0), "divide by 255.*Received: values from 255 to 255"),
    (np.full((2, 3, 3), -0.01), "must lie in.*Received: values from -0.01 to -0.01"),
]


@pytest.fixture(autouse=True)
def no_training(monkeypatch):
    """Makes a test that trains fail."""

    def fail(self, *args, **kwargs):
        pytest.fail("This test trains a model, so it belongs in tests/training.")

    for name in ("fit", "train_on_batch"):
        monkeypatch.setattr(keras.Model, name, fail)


@pytest.fixture(params=BAD_IMAGES, ids=[message for _, message in BAD_IMAGES])
def bad_images(request):
    """Arrays that are no images, and what the error says."""
    return request.param
