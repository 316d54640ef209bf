import numpy as np
import pytest
from tiny_vae import ALL, LABELS, make_conditional_vae, make_vae

from vae_utils import evaluation


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", 0),
        ("steps", 1.5),
        ("samples", 0),
        ("samples", True),
        ("learning_rate", 0),
        ("learning_rate", -0.1),
        ("learning_rate", np.nan),
        ("learning_rate", "fast"),
    ],
)
def test_rejects_invalid_options(name, value):
    message = f"{name} must be a positive.*Received: {name}={value!r}"
    with pytest.raises(ValueError, match=message):
        evaluation.fit_proposals(make_vae(2), ALL, **{name: value})


def test_rejects_a_start_of_another_shape():
    start = np.zeros((1, 2)), np.zeros((1, 2))
    with pytest.raises(
        ValueError, match=r"^start must be .* of shape \(16, 2\). Received: "
    ):
        evaluation.fit_proposals(make_vae(2), ALL, start=start)
    start = np.full((16, 2), np.nan), np.zeros((16, 2))
    with pytest.raises(ValueError, match="z_mean must be finite"):
        evaluation.fit_proposals(make_vae(2), ALL, start=start)


def test_only_a_conditional_model_takes_labels():
    with pytest.raises(ValueError, match="takes no labels. Received: labels"):
        evaluation.fit_proposals(make_vae(2), ALL, LABELS)
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        evaluation.fit_proposals(make_conditional_vae(2), ALL)


def test_rejects_invalid_images(bad_images):
    images, message = bad_images
    with pytest.raises(ValueError, match=message):
        evaluation.fit_proposals(make_vae(2), images)
