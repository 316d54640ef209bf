import keras
import numpy as np
import pytest
from keras import ops
from scipy import special

from vae_utils import distributions, likelihoods, models, networks

pytestmark = pytest.mark.core

SHAPE = (5, 4, 1)
bernoulli = likelihoods.Bernoulli()


def encoder(latent_dim=2, shape=SHAPE, **options):
    return networks.build_fc_encoder(latent_dim, (), image_shape=shape, **options)


def decoder(latent_dim=2, shape=SHAPE):
    return networks.build_fc_decoder(latent_dim, (), image_shape=shape)


def numpy(values):
    return ops.convert_to_numpy(values).astype(float)


@pytest.fixture
def x():
    return np.random.default_rng(0).random((6, *SHAPE), np.float32)


def test_vae_loss_is_the_mean_of_sums(x):
    """Compares with the definition, written out, for the noise that the model draws."""
    vae = models.VAE(encoder(), decoder(), bernoulli, beta=0.5)
    outputs = vae(x)
    logits, z = numpy(outputs["logits"]), numpy(outputs["z"])
    z_mean, z_log_var = map(numpy, outputs["q"])
    p = 1 / (1 + np.exp(-logits))
    nll = -(x * np.log(p) + (1 - x) * np.log(1 - p)).reshape(6, -1).sum(axis=1)
    kl = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).sum(axis=1)
    loss = float(vae.compute_loss(x=x, y_pred=outputs))
    assert loss == pytest.approx((nll + 0.5 * kl).mean(), rel=1e-5)
    kernel, bias = map(numpy, vae.decoder.weights)
    np.testing.assert_allclose(logits.reshape(6, 20), z @ kernel + bias, rtol=1e-4)


def test_codes_are_drawn_with_the_models_own_noise(x):
    vae = models.VAE(encoder(), decoder(), bernoulli, seed=3)
    generator = keras.random.SeedGenerator(3)
    q = vae.encode(x)
    for _ in range(2):  # each call draws new noise
        expected = distributions.DiagonalGaussian(*q).sample(generator)
        np.testing.assert_allclose(numpy(vae(x)["z"]), numpy(expected), rtol=1e-6)


def test_autoencoder_loss_is_the_reconstruction_alone(x):
    network = encoder(head=networks.code_head)
    autoencoder = models.Autoencoder(network, decoder(), bernoulli)
    outputs = autoencoder(x)
    logits = numpy(outputs["logits"])
    nll = (np.logaddexp(0, logits) - x * logits).reshape(6, -1).sum(axis=1)
    loss = float(autoencoder.compute_loss(x=x, y_pred=outputs))
    assert loss == pytest.approx(nll.mean(), rel=1e-5)
    assert isinstance(autoencoder.encode(x), distributions.Point)
    np.testing.assert_array_equal(numpy(autoencoder.encode(x).mean), numpy(network(x)))


def test_classifier_loss_is_the_cross_entropy(x):
    network = networks.build_classifier((2,), classes=3, image_shape=SHAPE)
    classifier = models.Classifier(network)
    y = np.array([0, 1, 2, 0, 1, 2])
    batch = {"x": x, "y": y}
    outputs = classifier(batch)
    log_p = special.log_softmax(numpy(classifier.classify(x)), axis=1)
    loss = float(classifier.compute_loss(x=batch, y_pred=outputs))
    assert loss == pytest.approx(-log_p[np.arange(6), y].mean(), rel=1e-5)
    (accuracy,) = [m for m in classifier.metrics if m.name == "accuracy"]
    assert float(accuracy.result()) == pytest.approx((log_p.argmax(1) == y).mean())


def test_beta_is_a_variable_that_is_not_trained(x):
    vae = models.VAE(encoder(), decoder(), bernoulli, beta=4.0)
    assert all(variable is not vae.beta for variable in vae.trainable_variables)
    outputs = vae(x)
    terms = vae.score(outputs, x)
    for beta in (4.0, 0.0, 2.5):
        vae.beta.assign(beta)
        expected = numpy(terms["nll"]) + beta * numpy(terms["kl"])
        np.testing.assert_allclose(numpy(vae.objective(terms)), expected, rtol=1e-5)


@pytest.mark.parametrize("beta", [-1, float("nan"), float("inf")])
def test_rejects_invalid_beta(beta):
    with pytest.raises(ValueError, match="beta must be zero or.*Received: beta="):
        models.VAE(encoder(), decoder(), bernoulli, beta=beta)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: models.VAE(encoder(2), decoder(3), bernoulli),
            "latent_dim=2, decoder latent_dim=3",
        ),
        (
            lambda: models.VAE(encoder(), decoder(shape=(4, 5, 1)), bernoulli),
            r"encoder images \(5, 4, 1\), decoder images \(4, 5, 1\)",
        ),
        (
            lambda: models.VAE(encoder(head=networks.code_head), decoder(), bernoulli),
            "needs two outputs.*with 1 outputs",
        ),
        (
            lambda: models.Autoencoder(encoder(), decoder(), bernoulli),
            "needs one output.*with 2 outputs",
        ),
        (
            lambda: models.ConditionalVAE(encoder(), decoder(), bernoulli),
            "take labels; ignore_label .*Received: fc_encoder",
        ),
    ],
)
def test_rejects_networks_that_do_not_fit(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_regularisers_of_a_network_are_part_of_the_loss(x):
    dense = keras.layers.Dense(20, kernel_regularizer=keras.regularizers.L2(0.5))
    z = keras.Input((2,))
    network = keras.Model(z, keras.layers.Reshape(SHAPE)(dense(z)))
    vae = models.VAE(encoder(), network, bernoulli)
    outputs = vae(x)
    terms = vae.score(outputs, x)
    penalty = 0.5 * np.square(dense.get_weights()[0]).sum()
    expected = numpy(terms["nll"]).mean() + numpy(terms["kl"]).mean() + penalty
    loss = float(vae.compute_loss(x=x, y_pred=outputs))
    assert loss == pytest.approx(expected, rel=1e-5)


def test_dropout_of_a_network_is_used_only_in_training(x):
    z = keras.Input((2,))
    dropped = keras.layers.Dropout(0.9)(keras.layers.Dense(20)(z))
    network = keras.Model(z, keras.layers.Reshape(SHAPE)(dropped))
    autoencoder = models.Autoencoder(
        encoder(head=networks.code_head), network, bernoulli
    )
    still, same = (numpy(autoencoder(x)["logits"]) for _ in range(2))
    np.testing.assert_array_equal(still, same)
    assert (numpy(autoencoder(x, training=True)["logits"]) == 0).mean() > 0.5


def test_a_prior_with_weights_is_a_part_and_is_trained():
    class Shift(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.mean = self.add_weight(shape=(2,), initializer="ones", name="mean")
            self.built = True

        def log_prob(self, z):
            return -0.5 * ops.sum(ops.square(z - self.mean), -1) - np.log(2 * np.pi)

    prior = Shift()
    vae = models.VAE(encoder(), decoder(), bernoulli, prior)
    assert vae.parts["prior"] is prior
    assert any(variable is prior.mean for variable in vae.trainable_variables)


def test_latent_shape_and_image_shape_are_those_of_the_networks():
    vae = models.VAE(encoder(3, (6, 8, 3)), decoder(3, (6, 8, 3)), bernoulli)
    assert (vae.image_shape, vae.latent_shape) == ((6, 8, 3), (3,))
    assert vae.prior == distributions.StandardNormal(3)
    assert not vae.conditional and vae.classes is None


@pytest.mark.parametrize("conditioned", ["both", "encoder", "decoder"])
def test_classes_are_counted_in_either_network(conditioned):
    plain = encoder(), decoder()
    sizes = {"classes": 7, "image_shape": SHAPE}
    labelled = (
        networks.build_conditional_encoder(networks.build_fc_encoder, 2, (), **sizes),
        networks.build_conditional_decoder(networks.build_fc_decoder, 2, (), **sizes),
    )
    pair = [
        network if conditioned in ("both", name) else networks.ignore_label(other)
        for name, network, other in zip(
            ("encoder", "decoder"), labelled, plain, strict=True
        )
    ]
    vae = models.ConditionalVAE(*pair, bernoulli)
    assert vae.conditional and vae.classes == 7
