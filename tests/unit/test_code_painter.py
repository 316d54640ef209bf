"""What the painter's page is given: codes, patches, and models that it can show."""

import json
import re

import numpy as np
import pytest
from keras import ops
from tiny_painter import make_prior

from vae_utils import models
from vae_utils.code_painter import page, patches, show_painter
from vae_utils.configurations import VQVAEConfiguration


@pytest.fixture(scope="module")
def model():
    return make_prior()


def make_start(value=3):
    return np.full((7, 7), value, np.int32)


def test_the_page_gets_starts_patches_and_the_commonest_code(model):
    html = page.make_html(
        "painter",
        model,
        {"a </script>": make_start(), "b": 0 * make_start(), "c": make_start()},
    )
    start = html.rindex("VAEBook.painter.start(")
    packed, _ = json.JSONDecoder().raw_decode(html[html.index("{", start) :])
    assert [name for name, _ in packed["starts"]] == ["a </script>", "b", "c"]
    assert packed["starts"][1][1] == [0] * 49
    assert packed["grid"] == [7, 7] and packed["image"] == [28, 28, 1]
    assert packed["codes"] == 8 and packed["blank"] == 3
    assert packed["patch"] == [8, 8, 1]
    assert html.count("</script>") == 1
    assert not re.search(r"\bfetch\(|import\(|src=\"http|XMLHttpRequest", html)


def test_a_patch_is_what_is_around_a_code_on_average(model):
    found = patches.make_patches(model)
    assert found.shape == (8, 8, 8, 1) and found.dtype == np.uint8
    assert found.max() == 255
    assert len(np.unique(found.reshape(8, -1), axis=0)) == 8
    count = patches.CODES // 49
    drawn = model.prior.draw_grids(count, np.random.default_rng(0))
    images = ops.convert_to_numpy(model.decode(model.take_codes(drawn)))
    windows = [[] for _ in range(8)]
    for grid, image in zip(drawn, images, strict=True):
        around = np.pad(image[..., 0], 2, mode="edge")
        for (row, column), code in np.ndenumerate(grid):
            y, x = 4 * row, 4 * column
            windows[code].append(around[y : y + 8, x : x + 8])
    means = np.array([np.mean(each, axis=0) for each in windows])
    expected = 255 * (means / means.max()) ** patches.GAMMA
    np.testing.assert_allclose(found[..., 0], expected, atol=0.51)


def test_a_code_that_is_never_drawn_has_a_patch(monkeypatch):
    model = make_prior()
    monkeypatch.setattr(patches, "CODES", 0)
    few = patches.make_patches(model)
    drawn = np.zeros((16, 7, 7), np.int32)
    monkeypatch.setattr(type(model.prior), "draw_grids", lambda *_: drawn)
    rare = patches.make_patches(model)
    assert few.shape == rare.shape and rare[5].any()


def test_patches_of_images_that_no_grid_divides():
    model = make_prior((30, 45, 3))
    assert model.grid == (8, 12)
    assert patches.make_patches(model).shape == (8, 8, 8, 3)


def test_outputs_have_names_of_their_own(model):
    first, second = (show_painter(model, {"a": make_start()}) for _ in range(2))
    names = [re.search(r'id="(code-painter-\w+)"', o.data)[1] for o in (first, second)]
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("starts", "received"),
    [
        ({}, "starts={}"),
        ([make_start()], "starts="),
        ({"one": make_start()[:6]}, r"'one', int32 \(6, 7\)"),
        ({"a": make_start(), "b": make_start(8)}, "'b', int32"),
        ({"one": make_start(-1)}, "'one', int32"),
        ({"one": make_start() + 0.5}, "'one', float64"),
    ],
)
def test_starts_that_do_not_fit_are_refused(starts, received, model):
    with pytest.raises(ValueError, match=f"start.*Received: {received}"):
        show_painter(model, starts)


def test_models_that_cannot_be_shown_are_refused():
    sizes = {"image_shape": (28, 28, 1), "classes": 10, "seed": 0}
    without_prior = models.build(VQVAEConfiguration(codes=8, width=4), **sizes)
    with pytest.raises(ValueError, match="predicts no codes.*Received"):
        show_painter(without_prior, {"a": make_start()})
    with pytest.raises(ValueError, match="at most 256 codes.*Received: codes=257"):
        show_painter(make_prior(codes=257), {"a": make_start()})
