"""The programs of the page "Use it without a notebook" run, one after another."""

import contextlib
import functools
import io
import re
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from optional import is_available, require_format

import vae_utils

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "without_a_notebook.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.S)
(WEB_PAGE,) = re.findall(r"```html\n(.*?)```", PAGE, re.S)
QUICK = {"epochs": 1, "updates_per_epoch": 1, "latent_dim": 3, "progress": False}


def find(word):
    """Finds the one program that has a word."""
    (program,) = [program for program in PROGRAMS if word in program]
    return program


def run(program, names):
    """Runs a program of the page; returns what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "without_a_notebook.md", "exec"), names)
    return printed.getvalue()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trains and exports as the page does, but briefly, on smaller pictures."""
    folder, names = tmp_path_factory.mktemp("page"), {}
    (folder / "photos").mkdir()
    rng = np.random.default_rng(0)
    for i in range(40):
        image = rng.integers(0, 256, (20, 24, 3), np.uint8)
        iio.imwrite(folder / "photos" / f"{i}.png", image)
    made = find("exporting.Request")
    if not is_available("onnx"):
        made = made.replace('"onnx", ', "")
    load_data = vae_utils.load_data

    def load_small(path, size):
        return load_data(path, size=16)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vae_utils, "load_data", load_small)
        patch.setattr(vae_utils, "train", functools.partial(vae_utils.train, **QUICK))
        patch.setenv("VAE_UTILS_CACHE_DIR", str(folder / "cache"))
        patch.chdir(folder)
        printed = run(find("vae_utils.train"), names)
        run(made, names)
    target = folder / "runs" / "photos" / "export"
    iio.imwrite(target / "picture.png", rng.integers(0, 256, (9, 9, 3), np.uint8))
    return target, printed


@pytest.fixture
def names(trained, monkeypatch):
    """Goes to the export, and returns the names that the page has by then."""
    monkeypatch.chdir(trained[0])
    found = {}
    run(find("PIL"), found)
    assert found["x"].shape == (1, 16, 16, 3) and found["x"].dtype == np.uint8
    return found


def test_ten_lines_train_and_use_a_model(trained):
    assert len(find("vae_utils.train").split("\n\n", 1)[1].splitlines()) <= 10
    shapes = re.search(r"\((\d+), 3\) \((\d+), 16, 16, 3\)", trained[1])
    assert shapes and shapes[1] == shapes[2]


def test_keras_loads_what_was_exported(names):
    run(find("keras.saving"), names)
    image = np.array(names["image"])
    assert image.shape == (1, 16, 16, 3) and 0 <= image.min() <= image.max() <= 1


def test_onnx_runtime_loads_what_was_exported(names):
    require_format("onnx")
    run(find("onnxruntime"), names)
    assert names["image"].shape == (1, 16, 16, 3)
    assert {"classes", "data", "versions"} <= set(names["about"])


def test_a_page_draws_what_was_exported(trained, open_browser):
    target, _ = trained
    (target / "own.html").write_text(WEB_PAGE, encoding="utf-8")
    browser = open_browser()
    browser.get((target / "own.html").as_uri())
    script = (
        "const canvas = document.getElementById('new');"
        "const pixels = canvas.getContext('2d').getImageData(0, 0, 16, 16).data;"
        "return [canvas.width, canvas.height, new Set(pixels).size]"
    )
    width, height, values = browser.execute_script(script)
    assert (width, height) == (16, 16) and values > 2
    assert browser.get_log("browser") == []


def test_every_program_of_the_page_is_one_of_these():
    assert len(PROGRAMS) == 5
