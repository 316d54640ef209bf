"""Fixtures shared by the tests of the package."""

# ruff: noqa: E402

import os
import tempfile

# Before Keras, Matplotlib and TensorFlow are imported by a test module.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["MPLBACKEND"] = "agg"
for variable in [name for name in os.environ if name.startswith("VAE_")]:
    del os.environ[variable]  # a test sets what it needs

import find_browser
import keras
import numpy as np
import pytest

if keras.backend.backend() == "jax":
    import jax

    # Compiling takes most of the tests' time: less time for code that takes more, and
    # what two tests have in common is compiled once.
    jax.config.update("jax_disable_most_optimizations", True)
    compiled = tempfile.TemporaryDirectory()
    jax.config.update("jax_compilation_cache_dir", compiled.name)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)

else:
    # They import JAX, after which Python warns of every test that forks.
    collect_ignore = ["book/test_benchmarks.py", "unit/test_resident_training.py"]

CLASSES = ("first", "second", "third", "fourth")


def make_dataset(name, x, x_test):
    """Makes a data set: the last quarter of `x` is for validation."""
    from vae_utils.datasets import Dataset

    y, y_test = (np.arange(len(values)) % len(CLASSES) for values in (x, x_test))
    first = len(x) * 3 // 4
    splits = x[:first], y[:first], x[first:], y[first:], x_test, y_test
    return Dataset(name, *splits, CLASSES, False, f"{name}, made for tests")


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


@pytest.fixture
def images():
    """64 binary images of 16 × 16: bars, whose column depends on the label.

    The labels are those of `data`, 0, 1, 2, 3, 0, ….
    """
    rng = np.random.default_rng(0)
    x = np.zeros((64, 16, 16), np.uint8)
    for i, image in enumerate(x):
        column = 1 + 3 * (i % len(CLASSES)) + rng.integers(3)
        image[2:14, column : column + 2] = 255
    return x


@pytest.fixture
def data(images):
    """A data set of grey images: 48 to train with, 16 to validate, 64 to test."""
    grey = (images * np.random.default_rng(0).random(images.shape)).astype(np.uint8)
    return make_dataset("bars", grey, grey[:, ::-1])


@pytest.fixture
def colour_data():
    """A data set of colour images, wider than high: as many as in `data`."""
    x = np.random.default_rng(1).integers(0, 256, (2, 64, 16, 24, 3), np.uint8)
    return make_dataset("noise", *x)


@pytest.fixture
def make_vae(data):
    """Makes a small, compiled VAE, by default of the images of `data`."""
    from vae_utils import likelihoods, models, networks

    def make(
        latent_dim=2,
        beta=1.0,
        seed=0,
        image_shape=data.image_shape,
        likelihood=None,
        **compile_options,
    ):
        sizes = {"hidden": (16,), "image_shape": image_shape}
        vae = models.VAE(
            networks.build_fc_encoder(latent_dim, **sizes),
            networks.build_fc_decoder(latent_dim, **sizes),
            likelihood or likelihoods.Bernoulli(),
            beta=beta,
            seed=seed,
        )
        vae.compile(optimizer=keras.optimizers.Adam(1e-2), **compile_options)
        return vae

    return make


@pytest.fixture
def book_style():
    """Draws in the book's style, leaving Matplotlib as it was and no figure open."""
    import matplotlib.pyplot as plt

    from vae_utils import plots

    with plt.rc_context():
        plots.use_book_style()
        yield
        plt.close("all")


@pytest.fixture(scope="session")
def open_browser():
    """Opens a headless browser; called with width, height, and further arguments."""
    found = find_browser.find()
    if not found:
        missing = (
            "There is no Chromium with its driver here; `make test-tools` installs it"
        )
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    program, driver = found
    from selenium import webdriver

    opened = []

    def open_one(width=1000, height=1000, *arguments):
        options = webdriver.ChromeOptions()
        options.binary_location = program
        size = f"--window-size={width},{height}"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", size):
            options.add_argument(argument)
        for argument in arguments:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(driver)
        opened.append(webdriver.Chrome(options=options, service=service))
        # A window has a least width; a screen may have less.
        screen = {"width": width, "height": height, "deviceScaleFactor": 1}
        command = "Emulation.setDeviceMetricsOverride"
        opened[-1].execute_cdp_cmd(command, {**screen, "mobile": False})
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.quit()
