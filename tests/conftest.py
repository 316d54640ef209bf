"""Fixtures shared by the tests of the package."""

# ruff: noqa: E402

import os
import shutil
import types

# Before Keras, Matplotlib and TensorFlow are imported by a test module.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["MPLBACKEND"] = "agg"
for variable in [name for name in os.environ if name.startswith("VAE_")]:
    del os.environ[variable]  # a test sets what it needs

import keras
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


@pytest.fixture
def images():
    """64 binary images of 28 × 28: bars, so that there is something to learn."""
    rng = np.random.default_rng(0)
    x = np.zeros((64, 28, 28), np.uint8)
    for image, column in zip(x, rng.integers(2, 24, 64), strict=True):
        image[4:24, column : column + 3] = 255
    return x


@pytest.fixture
def data(images):
    """A data set of 48 grey images to train on, and 16 to validate with."""
    grey = (images * np.random.default_rng(0).random(images.shape)).astype(np.uint8)
    y = np.arange(64) % 10
    return types.SimpleNamespace(
        name="mnist",
        complete=False,
        x_train=grey[:48],
        y_train=y[:48],
        x_val=grey[48:],
        y_val=y[48:],
    )


@pytest.fixture
def make_vae():
    """Builds a small, compiled VAE."""
    from vae_utils import likelihoods, models, networks

    def make(latent_dim=2, beta=1.0, seed=0, **compile_options):
        vae = models.VAE(
            networks.build_fc_encoder(latent_dim, hidden=(16,)),
            networks.build_fc_decoder(latent_dim, hidden=(16,)),
            likelihoods.Bernoulli(),
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
    """Opens headless Chromium; called with width, height, and further arguments."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (program and driver):
        missing = (
            "There is no Chromium with its driver here; `make test-tools` installs it"
        )
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
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
