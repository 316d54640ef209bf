"""Colour images, wider than high, from a data set to numbers and figures."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import evaluation, latent, models, plots
from vae_utils.configurations import ConditionalVAEConfiguration, VAEConfiguration

CONV = {"encoder": "conv", "decoder": "conv", "hidden": (), "latent_dim": 3}


@pytest.fixture(params=["plain", "conditional"])
def vae(request, colour_data):
    kinds = {"plain": VAEConfiguration, "conditional": ConditionalVAEConfiguration}
    configuration = kinds[request.param](likelihood="gaussian", sigma=0.2, **CONV)
    return models.build(
        configuration,
        image_shape=colour_data.image_shape,
        classes=colour_data.classes,
        seed=0,
    )


@pytest.fixture
def labels(vae, colour_data):
    return colour_data.y_test if vae.conditional else None


def test_codes_and_images_have_their_shapes(vae, labels, colour_data):
    x = colour_data.x_test
    z_mean, z_log_var = latent.encode(vae, x, labels)
    assert z_mean.shape == z_log_var.shape == (64, 3)
    for images in (
        latent.decode(vae, z_mean, labels),
        latent.reconstruct(vae, x, labels),
        latent.decode_sample(vae, z_mean, 0, labels),
    ):
        assert images.shape == (64, 16, 24, 3)


def test_elbo_is_that_of_a_gaussian_over_all_values(vae, labels, colour_data):
    """The terms written out, for a posterior so narrow that z is its mean."""
    x = colour_data.x_test / 255
    z_mean, _ = latent.encode(vae, colour_data.x_test, labels)
    narrow = z_mean, np.full_like(z_mean, -20.0)
    split = evaluation.elbo_split(
        vae, colour_data.x_test, labels, proposals=narrow, samples=2
    )
    errors = np.square(x - latent.decode(vae, z_mean, labels)).sum(axis=(1, 2, 3))
    constant = 16 * 24 * 3 * 0.5 * np.log(2 * np.pi * 0.2**2)
    nll = errors / (2 * 0.2**2) + constant
    assert split["nll"] == pytest.approx(nll.mean(), rel=1e-4)
    kl = 0.5 * (z_mean**2 + np.exp(-20) - 1 + 20).sum(axis=1)
    assert split["kl"] == pytest.approx(kl.mean(), rel=1e-4)
    nll = evaluation.importance_sampled_nll(vae, x, labels, samples=3)
    assert np.isfinite(nll).all()


def test_figures_show_reconstructions_and_samples(vae, labels, colour_data, book_style):
    few = None if labels is None else labels[:6]
    images = colour_data.x_test[:6]
    means = latent.reconstruct(vae, images, few)
    z = latent.draw_codes(vae, 6, seed=0)
    samples = latent.decode(vae, z, few)
    axes = [
        *plots.plot_rows({"test images": images, "means": means}),
        plots.plot_images(samples, 3, title="means"),
        plots.plot_images(plots.join_pairs(images, means), 3),
    ]
    for ax in axes:
        assert ax.images[0].get_array().shape[-1] == 3
        ax.figure.canvas.draw()  # a warning would be an error
    np.testing.assert_array_equal(
        axes[2].images[0].get_array(), plots.tile(samples, 3, gap=2)
    )
    assert len(plt.get_fignums()) == 3
