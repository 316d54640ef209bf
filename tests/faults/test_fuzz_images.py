"""Any images and labels: they are what they look like, or one sentence refuses them."""

import numpy as np
import pytest
from field_values import ANYTHING
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sentences import assert_is_a_sentence
from tally import examples

from vae_utils import checks, configurations, latent, models, pipeline, pixels

pytestmark = pytest.mark.core

SHAPES = arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
LIKELY = st.tuples(st.integers(1, 4), st.just(4), st.just(4))
LIKELY |= LIKELY.map(lambda shape: (*shape, 1)) | LIKELY.map(lambda shape: (*shape, 3))
INSIDE = {
    "float16": st.floats(0, 1, width=16),
    "float32": st.floats(0, 1, width=32),
    "float64": st.floats(0, 1),
}


@st.composite
def images(draw):
    """Draws arrays, mostly such as images have, but of any shape, type and values."""
    surprise = draw(st.sampled_from([None, None, None, "shape", "dtype", "values"]))
    shape = draw(SHAPES if surprise == "shape" else LIKELY)
    likely = st.sampled_from(["uint8", *INSIDE])
    dtype = draw(arrays.scalar_dtypes() if surprise == "dtype" else likely)
    values = None if surprise == "values" else INSIDE.get(str(dtype))
    return draw(arrays.arrays(dtype, shape, elements=values, fill=st.nothing()))


@st.composite
def labels(draw, count):
    """Draws labels of some images, mostly one for each; the classes are four."""
    if draw(st.integers(0, 3)):
        return draw(arrays.arrays("int64", count, elements=st.integers(0, 3)))
    shapes = arrays.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=4)
    any_array = arrays.arrays(arrays.scalar_dtypes(), shapes)
    return draw(any_array | st.lists(st.integers(-1, 5)) | ANYTHING)


def are_images(x):
    """Tells whether an array is one of images, pixel by pixel."""
    if x.ndim not in (3, 4) or x.size == 0:
        return False
    if x.dtype.kind == "f":
        return all(0 <= value <= 1 for value in x.ravel().tolist())
    return x.dtype == np.uint8 and x.max() != 1  # 0 and 1 are meant to be black, white


def refuses(function, *arguments, **options):
    """Calls a function; tells whether it refused, in a sentence."""
    try:
        function(*arguments, **options)
    except ValueError as error:
        assert_is_a_sentence(error)
        return True
    return False


@examples(quick=60, long=6000)
@given(x=images())
def test_images_are_scaled_or_refused(x, tally):
    tally["inputs"] += 1
    refused = refuses(pixels.to_unit_interval, x)
    assert refused != are_images(x)
    for function in (pixels.as_images, pixels.to_bytes, pixels.is_binary):
        assert refuses(function, x) == refused
    tally["refused"] += refused
    if not refused:
        expected = x / 255 if x.dtype == np.uint8 else x
        found = pixels.to_unit_interval(x)
        assert found.dtype == np.float32 and found.ndim == 4
        np.testing.assert_allclose(found.ravel(), expected.ravel(), atol=1e-6)
        shown = pixels.to_bytes(x).astype(float).ravel()
        assert abs(shown - 255 * expected.ravel().astype(float)).max() <= 0.501


@examples(quick=25, long=2000)
@given(x=ANYTHING)
def test_what_is_no_array_of_images_is_refused(x, tally):
    tally["inputs"] += 1
    assert refuses(pixels.as_images, x)


@examples(quick=60, long=6000)
@given(draw=st.data(), count=st.integers(0, 3), classes=st.none() | st.integers(1, 4))
def test_labels_are_classes_or_refused(draw, count, classes, tally):
    y = draw.draw(labels(count))
    tally["inputs"] += 1
    refused = refuses(checks.check_labels, y, count, classes)
    tally["refused"] += refused
    if not refused:
        found = checks.check_labels(y, count, classes)
        assert found.dtype == np.int32 and list(found) == list(y)
        assert len(found) == count and all(0 <= v < (classes or 2**31) for v in found)
    elif isinstance(y, np.ndarray) and y.shape == (count,) and y.dtype.kind in "iu":
        assert y.min() < 0 or y.max() >= (classes or 2**31)


@pytest.fixture(scope="module")
def small_models():
    """A VAE, and a conditional one, of images of 4 × 4."""
    shape = {"image_shape": (4, 4, 1), "classes": 4, "seed": 0}
    made = {}
    for name in ("vae", "cvae"):
        kind = configurations.configuration_class(name)
        made[name] = models.build(kind(hidden=(2,)), **shape)
        made[name].compile("sgd", run_eagerly=True)
    return made


@examples(quick=8, long=800)
@given(draw=st.data(), conditional=st.booleans())
def test_a_model_takes_images_or_refuses_them(draw, conditional, small_models, tally):
    """`fit`, `encode_mean` and batches agree on what images and labels are."""
    x = draw.draw(images())
    y = draw.draw(labels(len(x) if x.ndim else 0)) if conditional else None
    tally["inputs"] += 1
    model = small_models["cvae" if conditional else "vae"]
    fits = are_images(x) and x[..., None].shape[1:4] == (4, 4, 1)
    if conditional:
        fits = fits and not refuses(checks.check_labels, y, len(x), 4)
    encoded = not refuses(latent.encode_mean, model, x, y if conditional else None)
    assert encoded == fits
    given = {"x": x, "y": y} if conditional else x
    fitted = not refuses(model.fit, given, batch_size=2, verbose=0)
    assert fitted == fits
    options = {"batch_size": 1, "classes": 4, "seed": 0}
    batches = not refuses(pipeline.evaluation_batches, x, y, **options)
    assert batches >= fits
    assert batches != refuses(pipeline.training_batches, x, y, epochs=1, **options)
    tally["refused"] += not fits
