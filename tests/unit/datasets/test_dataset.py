import dataclasses

import numpy as np
import pytest


@pytest.mark.parametrize("split", ["train", "val", "test"])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda y: y + 1, "Labels must be 0 … 3. Received: labels from 1 to 4"),
        (lambda y: y - 1, "Received: labels from -1 to 2"),
        (lambda y: y[1:], "one per example"),
        (lambda y: y / 2, "dtype float64"),
        (lambda y: np.eye(4)[y], "take their argmax"),
    ],
)
def test_refuses_labels_that_are_no_classes(split, wrong, words, data):
    labels = wrong(getattr(data, f"y_{split}"))
    with pytest.raises(ValueError, match=words):
        dataclasses.replace(data, **{f"y_{split}": labels})


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_refuses_splits_of_different_images(split, data):
    images = getattr(data, f"x_{split}")[:, 1:]
    with pytest.raises(ValueError, match=r"one shape. Received: .*\(15, 16\)"):
        dataclasses.replace(data, **{f"x_{split}": images})
