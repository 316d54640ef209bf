import keras
import numpy as np
import pytest

from vae_utils import likelihoods, models, networks, pipeline


def fit(model, images, epochs=3, **options):
    batches, steps = pipeline.training_batches(
        images, batch_size=16, epochs=epochs, seed=0, binarisation="static"
    )
    return model.fit(
        batches,
        epochs=epochs,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(images, batch_size=16),
        shuffle=False,
        verbose=0,
        **options,
    ).history


def test_fit_reports_both_terms_and_learns(make_vae, images):
    history = fit(make_vae(), images, epochs=20)
    assert set(history) == {"loss", "nll", "kl", "val_loss", "val_nll", "val_kl"}
    for prefix in ("", "val_"):
        total = np.add(history[prefix + "nll"], history[prefix + "kl"])
        np.testing.assert_allclose(history[prefix + "loss"], total, rtol=1e-5)
        assert history[prefix + "loss"][-1] < history[prefix + "loss"][0] / 2


def test_the_loss_is_the_mean_of_sums(make_vae, images):
    """Against the definition, written out, on the very noise that the model draws."""
    vae = make_vae(beta=0.5)
    x = images[:8, ..., np.newaxis].astype(np.float32) / 255
    y_pred = vae(x)
    logits, z_mean, z_log_var = (np.asarray(part, np.float64) for part in y_pred)
    p = 1 / (1 + np.exp(-logits))
    nll = -(x * np.log(p) + (1 - x) * np.log(1 - p)).reshape(8, -1).sum(axis=1)
    kl = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).sum(axis=1)
    loss = float(vae.compute_loss(x=x, y_pred=y_pred))
    assert loss == pytest.approx((nll + 0.5 * kl).mean(), rel=1e-5)


def test_beta_is_a_variable_that_no_optimiser_touches(make_vae, images):
    vae = make_vae(beta=4.0)
    assert all(variable is not vae.beta for variable in vae.trainable_variables)
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


def test_equal_seeds_train_to_equal_bits(make_vae, images):
    weights = []
    for noise_seed in (1, 1, 2):
        keras.utils.set_random_seed(0)
        vae = make_vae(seed=noise_seed)
        fit(vae, images)
        weights.append(np.concatenate([w.ravel() for w in vae.get_weights()[:-2]]))
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_a_gaussian_likelihood_trains_too(images):
    vae = models.VAE(
        networks.build_fc_encoder(2, hidden=(8,)),
        networks.build_fc_decoder(2, hidden=(8,)),
        likelihoods.Gaussian(0.5),
    )
    vae.compile("adam")
    loss = fit(vae, images, epochs=5)["loss"]
    assert loss[-1] < loss[0]


def test_an_autoencoder_trains_and_has_no_kl(images):
    autoencoder = models.Autoencoder(
        networks.build_fc_encoder(2, hidden=(16,), head=networks.code_head),
        networks.build_fc_decoder(2, hidden=(16,)),
        likelihoods.Bernoulli(),
    )
    autoencoder.compile(keras.optimizers.Adam(1e-2))
    history = fit(autoencoder, images, epochs=10)
    assert set(history) == {"loss", "nll", "val_loss", "val_nll"}
    assert history["val_nll"][-1] < history["val_nll"][0]


@pytest.mark.parametrize("beta", [-1, float("nan"), float("inf")])
def test_a_beta_that_is_no_weight_is_refused(make_vae, beta):
    with pytest.raises(ValueError, match="beta must be zero or.*Received: beta="):
        make_vae(beta=beta)


def test_networks_that_do_not_fit_are_refused():
    build_encoder, build_decoder = networks.build_fc_encoder, networks.build_fc_decoder
    bernoulli = likelihoods.Bernoulli()
    with pytest.raises(ValueError, match="latent_dim=2, decoder latent_dim=3"):
        models.VAE(build_encoder(2, ()), build_decoder(3, ()), bernoulli)
    with pytest.raises(ValueError, match=r"encoder images \(28, 28, 1\), decoder"):
        decoder = build_decoder(2, (), image_shape=(14, 14, 1))
        models.VAE(build_encoder(2, ()), decoder, bernoulli)
    with pytest.raises(ValueError, match="needs two outputs.*with 1 outputs"):
        encoder = build_encoder(2, (), head=networks.code_head)
        models.VAE(encoder, build_decoder(2, ()), bernoulli)
    with pytest.raises(ValueError, match="needs one output.*with 2 outputs"):
        models.Autoencoder(build_encoder(2, ()), build_decoder(2, ()), bernoulli)


def test_regularisers_of_a_network_are_part_of_the_loss(images):
    encoder = networks.build_fc_encoder(2, hidden=(4,))
    dense = keras.layers.Dense(784, kernel_regularizer=keras.regularizers.L2(0.5))
    z = keras.Input((2,))
    decoder = keras.Model(z, keras.layers.Reshape((28, 28, 1))(dense(z)))
    vae = models.VAE(encoder, decoder, likelihoods.Bernoulli())
    vae.compile("sgd")
    result = vae.evaluate(
        pipeline.evaluation_batches(images), verbose=0, return_dict=True
    )
    penalty = 0.5 * np.square(dense.get_weights()[0]).sum()
    assert result["loss"] == pytest.approx(
        result["nll"] + result["kl"] + penalty, rel=1e-5
    )


def test_sample_weights_are_refused(make_vae, images):
    x = images[:4, ..., np.newaxis].astype(np.float32) / 255
    vae = make_vae()
    with pytest.raises(ValueError, match="takes no sample weights"):
        vae.compute_loss(x=x, y_pred=vae(x), sample_weight=np.ones(4))
