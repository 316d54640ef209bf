"""Images converted as they are needed are those that were converted at once."""

import numpy as np
import pytest

from vae_utils import configurations, evaluation, latent, lazy_images, models, pixels
from vae_utils.evaluation import measurement, measures

pytestmark = pytest.mark.core
SHAPES = [(6, 4, 5), (7, 3, 3), (5, 3, 3, 3), (4, 2, 3, 1)]
ROWS = [
    slice(None),
    slice(2, 4),
    slice(1, None, 2),
    np.array([3, 3, 1, 2]),
    slice(3, 4),
]


def draw(shape):
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("rows", ROWS, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_are_those_of_the_whole(shape, rows):
    images = draw(shape)
    spread = evaluation.dequantise(images, seed=3).reshape(
        pixels.as_images(images).shape
    )
    pairs = [
        (lazy_images.to_unit_interval(images), pixels.to_unit_interval(images)),
        (lazy_images.dequantise(images, "none", 3), pixels.to_unit_interval(images)),
        (lazy_images.dequantise(images, "uniform", seed=3), spread),
    ]
    for kind in pixels.BINARISATIONS:
        lazy = lazy_images.binarise(images, kind, seed=2)
        pairs.append((lazy, pixels.binarise(images, kind, seed=2)))
    for lazy, whole in pairs:
        assert len(lazy) == len(whole) and lazy.shape == whole.shape
        np.testing.assert_array_equal(lazy[rows], whole[rows])
        assert lazy[rows].dtype == np.float32


def test_codes_are_the_same(make_vae, data):
    vae = make_vae()
    lazy = lazy_images.to_unit_interval(data.x_test)
    expected = latent.encode_mean(vae, data.x_test)
    np.testing.assert_array_equal(latent.encode_mean(vae, lazy), expected)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: lazy_images.dequantise(x / 255, "uniform", 0), "Only bytes"),
        (lambda x: lazy_images.binarise(x, "often", 0), "binarisation must be"),
        (lambda x: lazy_images.to_unit_interval(x, (1, 2, 3)), "takes images of shape"),
        (lambda x: lazy_images.to_unit_interval(x * 1.0), r"must lie in \[0, 1\]"),
    ],
)
def test_refuses_what_the_others_refuse(call, words):
    with pytest.raises(ValueError, match=words):
        call(draw((4, 3, 3)))


@pytest.mark.parametrize("model", ["vae", "ae"])
def test_numbers_do_not_depend_on_blocks(model, make_vae, data, monkeypatch):
    configuration = configurations.configuration_class(model)(hidden=(4,))
    shape = {"image_shape": data.image_shape, "classes": data.classes}
    built = models.build(configuration, **shape, seed=0)
    whole, _ = evaluation.measure(built, data, is_samples=2)
    for module in (measurement, measures):
        monkeypatch.setattr(module, "BLOCK", 20)
    blocks, _ = evaluation.measure(built, data, is_samples=2)
    assert blocks == pytest.approx(whole, rel=1e-5)
