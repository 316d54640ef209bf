"""Dequantised batches, and what may not be dequantised."""

import numpy as np
import pytest

from vae_utils import dequantisation, pipeline
from vae_utils.configurations import AutoencoderConfiguration, VAEConfiguration

IMAGES = np.random.default_rng(0).integers(0, 256, (24, 3, 4), np.uint8)
LABELS = np.arange(24) % 5


@pytest.fixture(params=["tensorflow", "numpy"], autouse=True)
def maker(request, monkeypatch):
    """Makes batches with TensorFlow, and without it."""
    if request.param == "numpy":
        monkeypatch.setattr(pipeline, "tf", None)


def draw(images=IMAGES, labels=None, *, epochs=2, first=0, seed=3):
    batches, steps = pipeline.training_batches(
        images,
        labels,
        batch_size=8,
        epochs=epochs,
        first_epoch=first,
        seed=seed,
        binarisation="none",
        dequantisation="uniform",
    )
    return take(batches, steps * (epochs - first))


def take(batches, count):
    if hasattr(batches, "as_numpy_iterator"):
        return list(batches.as_numpy_iterator())
    return [batches[i] for i in range(count)]


def test_values_stay_in_the_cells_of_their_bytes():
    batches = draw(labels=np.arange(24))
    for batch in batches:
        assert batch["x"].dtype == np.float32
        expected = IMAGES[batch["y"]][..., np.newaxis]
        np.testing.assert_array_equal(np.floor(256 * batch["x"]), expected)
    u = np.concatenate([256 * b["x"] - np.floor(256 * b["x"]) for b in batches])
    assert abs(u.mean() - 0.5) < 0.05 and 0 <= u.min() < 0.05 and 0.95 < u.max() < 1


def test_noise_is_new_in_every_epoch_and_the_same_again():
    white = np.full((24, 3, 4), 255, np.uint8)  # order does not matter
    whole = draw(white, epochs=3)
    assert len({image.tobytes() for batch in whole for image in batch}) == 3 * 24
    np.testing.assert_array_equal(draw(white, epochs=3, first=1), whole[3:])
    assert not np.array_equal(draw(white, seed=4), whole[:6])
    assert max(batch.max() for batch in whole) < 1


def test_validation_is_dequantised_once():
    batches = pipeline.evaluation_batches(
        IMAGES, batch_size=24, seed=5, binarisation="none", dequantisation="uniform"
    )
    expected = dequantisation.dequantise(IMAGES, seed=5)[..., np.newaxis]
    np.testing.assert_array_equal(take(batches, 1)[0], expected)


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (IMAGES / 255, {"dequantisation": "uniform"}, "Only bytes .* dtype=float64"),
        (IMAGES, {"dequantisation": "normal"}, "must be one of .* Received: 'normal'"),
        (
            IMAGES,
            {"dequantisation": "uniform", "binarisation": "dynamic"},
            "not both. Received: dequantisation='uniform', binarisation='dynamic'",
        ),
    ],
)
def test_rejects_what_cannot_be_dequantised(images, options, message):
    options = {"binarisation": "none"} | options
    with pytest.raises(ValueError, match=message):
        pipeline.evaluation_batches(images, **options)
    with pytest.raises(ValueError, match=message):
        pipeline.training_batches(images, batch_size=8, epochs=1, seed=0, **options)


@pytest.mark.parametrize("likelihood", ["bernoulli", "discretised-logistic"])
def test_only_densities_are_trained_on_dequantised_images(likelihood):
    fields = {"binarisation": "none", "dequantisation": "uniform"}
    with pytest.raises(ValueError, match="Only a density .* dequantisation='uniform'"):
        AutoencoderConfiguration(likelihood=likelihood, **fields)
    assert VAEConfiguration(likelihood="gaussian", **fields).beta == 1
    with pytest.raises(ValueError, match="not both"):
        VAEConfiguration(likelihood="gaussian", dequantisation="uniform")
