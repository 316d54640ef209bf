"""Keras's `fit` and `evaluate` on models of the package."""

import keras
import numpy as np
import pytest

from vae_utils import likelihoods, models, networks, pipeline


def fit(model, images, epochs=3, labels=None):
    batches, steps = pipeline.training_batches(
        images, labels, batch_size=16, epochs=epochs, seed=0, binarisation="static"
    )
    return model.fit(
        batches,
        epochs=epochs,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(images, labels, batch_size=16),
        shuffle=False,
        verbose=0,
    ).history


def test_fit_reports_both_terms_and_learns(make_vae, images):
    history = fit(make_vae(), images, epochs=20)
    assert set(history) == {"loss", "nll", "kl", "val_loss", "val_nll", "val_kl"}
    for prefix in ("", "val_"):
        total = np.add(history[prefix + "nll"], history[prefix + "kl"])
        np.testing.assert_allclose(history[prefix + "loss"], total, rtol=1e-5)
        assert history[prefix + "loss"][-1] < history[prefix + "loss"][0] / 2


def test_beta_weighs_the_kl_and_is_not_trained(make_vae, images):
    vae = make_vae(beta=4.0)
    history = fit(vae, images, epochs=1)
    assert float(vae.beta) == 4.0
    np.testing.assert_allclose(
        history["loss"], np.add(history["nll"], 4 * np.array(history["kl"])), rtol=1e-5
    )
    vae.beta.assign(0.0)
    result = vae.evaluate(
        pipeline.evaluation_batches(images), verbose=0, return_dict=True
    )
    assert result["loss"] == pytest.approx(result["nll"], rel=1e-6)


def test_another_objective_is_what_is_trained(make_vae, images):
    """A usual bug: a mean over pixels, and a sum over latent dimensions."""

    class Bug(models.VAE):
        def objective(self, terms):
            return terms["nll"] / 256 + terms["kl"]

    vae = make_vae()
    bug = Bug(vae.encoder, vae.decoder, vae.likelihood)
    bug.compile(keras.optimizers.Adam(1e-2))
    history = fit(bug, images, epochs=10)
    total = np.divide(history["nll"], 256) + history["kl"]
    np.testing.assert_allclose(history["loss"], total, rtol=1e-5)
    assert history["kl"][-1] < 0.05 < history["kl"][0]  # the codes carry nothing


def test_gaussian_likelihood_of_colour_images_learns(colour_data):
    sizes = {"convolutions": ((4, 4, 4),), "image_shape": colour_data.image_shape}
    vae = models.VAE(
        networks.build_conv_encoder(2, **sizes),
        networks.build_conv_decoder(2, **sizes),
        likelihoods.Gaussian(0.5),
    )
    vae.compile(keras.optimizers.Adam(1e-2))
    loss = fit(vae, colour_data.x_train, epochs=5)["loss"]
    assert loss[-1] < loss[0]


def test_conditional_vae_learns_from_labels(images, data):
    """The label determines the column of a bar: knowing it must lower the loss."""
    labels = np.arange(len(images)) % data.classes
    sizes = {"classes": data.classes, "image_shape": data.image_shape, "hidden": (16,)}
    losses = []
    for y in (labels, np.zeros_like(labels)):  # the second has no information
        keras.utils.set_random_seed(0)
        vae = models.ConditionalVAE(
            networks.build_conditional_encoder(networks.build_fc_encoder, 2, **sizes),
            networks.build_conditional_decoder(networks.build_fc_decoder, 2, **sizes),
            likelihoods.Bernoulli(),
        )
        vae.compile(keras.optimizers.Adam(1e-2))
        losses.append(fit(vae, images, epochs=15, labels=y)["val_loss"][-1])
    assert losses[0] < losses[1] - 1
