import dataclasses
import itertools

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import configurations, evaluation, latent, likelihoods, models
from vae_utils.configurations import (
    ARCHITECTURES,
    LIKELIHOODS,
    PRIORS,
    AutoencoderConfiguration,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)

NAMES = tuple(ARCHITECTURES)
CLASSES = 4


def build(configuration, image_shape=(16, 16, 1), seed=0, classes=CLASSES):
    return models.build(
        configuration, image_shape=image_shape, classes=classes, seed=seed
    )


def weights(network, *kinds):
    return [w.shape for layer in network.layers if isinstance(layer, kinds)
            for w in layer.weights if len(w.shape) > 1]  # fmt: skip


@pytest.mark.parametrize(
    ("encoder", "decoder"),
    [*zip(NAMES, NAMES, strict=True), *itertools.pairwise([*NAMES, NAMES[0]])],
)
def test_any_encoder_can_be_combined_with_any_decoder(encoder, decoder):
    vae = build(
        VAEConfiguration(encoder=encoder, decoder=decoder, latent_dim=3, hidden=()),
        image_shape=(16, 24, 3),
    )
    x = np.ones((2, 16, 24, 3), np.float32)
    assert latent.encode(vae, x).mean.shape == (2, 3)
    assert latent.decode(vae, np.zeros((2, 3))).shape == x.shape


@pytest.mark.parametrize(
    ("name", "image_shape", "flat"),
    [
        ("fc", (28, 28, 1), 784),
        ("conv", (28, 28, 1), 7 * 7 * 32),
        ("fc", (16, 24, 3), 1152),
        ("conv", (16, 24, 3), 4 * 6 * 32),
    ],
)
def test_decoder_mirrors_the_dense_layers_of_the_encoder(name, image_shape, flat):
    vae = build(
        VAEConfiguration(encoder=name, decoder=name, latent_dim=3, hidden=(16, 8)),
        image_shape,
    )
    dense = keras.layers.Dense
    assert weights(vae.encoder, dense) == [(flat, 16), (16, 8), (8, 3), (8, 3)]
    assert weights(vae.decoder, dense) == [(3, 8), (8, 16), (16, flat)]


def test_decoder_can_have_other_layers():
    vae = build(
        VAEConfiguration(encoder="conv", hidden=(), decoder_hidden=(8,), latent_dim=3)
    )
    dense = keras.layers.Dense
    assert weights(vae.encoder, dense) == [(4 * 4 * 32, 3)] * 2
    assert weights(vae.decoder, dense) == [(3, 8), (8, 256)]


@pytest.mark.parametrize("name", ["fc", "conv"])
def test_decoder_can_have_another_activation(name):
    layers = keras.layers.Dense, keras.layers.Conv2D
    for decoder_activation, expected in ((None, "tanh"), ("relu", "relu")):
        configuration = VAEConfiguration(
            encoder=name,
            decoder=name,
            hidden=(16,),
            activation="tanh",
            decoder_activation=decoder_activation,
        )
        vae = build(configuration)
        for network, activation in ((vae.encoder, "tanh"), (vae.decoder, expected)):
            first = next(x for x in network.layers if isinstance(x, layers))
            assert first.activation.__name__ == activation


# Counted by hand, (k² · in + 1) · out and (in + 1) · out, with ten label planes in the
# encoder; d = 20. The projects' facts: kernels, strides, filters and what is left of
# 28 × 28 (4 × 4 × 32 = 512 features of 2cnn, 2 × 2 × 64 = 256 of 3cnn).
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2cnn", [(25 * 11 + 1) * 16, 12_832, 10_260, 10_260]),
        ("3cnn", [(36 * 11 + 1) * 16, (16 * 16 + 1) * 32, 8_256, 5_140, 5_140]),
    ],
)
def test_networks_of_the_conditional_project_have_their_weights(name, expected):
    configuration = ConditionalVAEConfiguration(
        encoder=name, hidden=(), latent_dim=20, activation="softplus"
    )
    encoder = build(configuration, (28, 28, 1), classes=10).encoder
    (inner,) = [x for x in encoder.layers if isinstance(x, keras.Model)]
    assert [x.count_params() for x in inner.layers if x.count_params()] == expected


def test_conv3_has_the_layers_of_variational_autoencoder():
    configuration = VAEConfiguration(encoder="conv3", hidden=(500, 200))
    encoder = build(configuration, (28, 28, 1)).encoder
    kernels = [(5, 5, 1, 32), (5, 5, 32, 64), (3, 3, 64, 128)]
    assert weights(encoder, keras.layers.Conv2D) == kernels
    dense = [(4 * 4 * 128, 500), (500, 200), (200, 2), (200, 2)]
    assert weights(encoder, keras.layers.Dense) == dense


def depends_on_label(network, values):
    """Returns whether another label changes the outputs."""
    first, second = (
        np.array(network({**values, "y": np.full(2, label)})[0]) for label in (0, 1)
    )
    return bool(np.abs(first - second).max() > 1e-6)


@pytest.mark.parametrize("name", ["fc", "conv", "2cnn"])
@pytest.mark.parametrize("conditioned", configurations.CONDITIONED)
def test_networks_named_are_conditioned_on_the_label(name, conditioned):
    configuration = ConditionalVAEConfiguration(
        encoder=name, decoder=name, hidden=(8,), conditioned=conditioned
    )
    vae = build(configuration)
    assert vae.conditional and vae.classes == CLASSES
    x, z = np.ones((2, 16, 16, 1), np.float32), np.ones((2, 2), np.float32)
    encoder = conditioned in ("both", "encoder")
    assert depends_on_label(vae.encoder, {"x": x}) == encoder
    decoder = conditioned in ("both", "decoder")
    assert depends_on_label(vae.decoder, {"z": z}) == decoder
    split = evaluation.elbo_split(vae, x, np.array([0, 3]))
    assert np.isfinite(split["elbo"])


def test_dense_encoder_takes_one_number_per_class_instead_of_planes():
    fields = {"hidden": (16,)}
    plain = build(VAEConfiguration(**fields)).encoder.count_params()
    conditioned = build(ConditionalVAEConfiguration(**fields)).encoder.count_params()
    assert conditioned == plain + CLASSES * 16


def test_autoencoder_has_one_code_per_image():
    model = build(AutoencoderConfiguration(latent_dim=3, hidden=(8,)))
    assert type(model) is models.Autoencoder
    dense = weights(model.encoder, keras.layers.Dense)
    assert dense == [(256, 8), (8, 3)]


def test_classifier_has_the_layers_of_its_configuration():
    configuration = ClassifierConfiguration(filters=(3, 5), kernel=2, dropout=0.25)
    network = build(configuration, (16, 24, 3)).network
    kernels = [(2, 2, 3, 3), (2, 2, 3, 5)]
    assert weights(network, keras.layers.Conv2D) == kernels
    dropouts = [x for x in network.layers if isinstance(x, keras.layers.Dropout)]
    assert [layer.rate for layer in dropouts] == [0.25, 0.25]
    assert network.output_shape == (None, CLASSES)


@pytest.mark.core
@pytest.mark.parametrize("name", LIKELIHOODS)
def test_every_likelihood_can_be_chosen(name):
    vae = build(VAEConfiguration(hidden=(8,), likelihood=name))
    path = f"{type(vae.likelihood).__module__}:{type(vae.likelihood).__name__}"
    assert path == LIKELIHOODS[name]
    assert ("likelihood" in vae.parts) == bool(getattr(vae.likelihood, "weights", ()))


@pytest.mark.parametrize(("asked", "shape"), [("pixel", (8, 6, 3)), (None, (3,))])
def test_scales_are_those_of_the_configuration(asked, shape):
    configuration = VAEConfiguration(
        hidden=(8,), likelihood="discretised-logistic", scale_per=asked
    )
    assert build(configuration, (8, 6, 3)).likelihood.weight.shape == shape


@pytest.mark.parametrize("conditioned", configurations.CONDITIONED)
def test_residual_networks_are_conditioned_on_the_label(conditioned):
    configuration = ConditionalVAEConfiguration(
        encoder="residual",
        decoder="residual",
        hidden=(),
        activation="silu",
        conditioned=conditioned,
    )
    vae = build(configuration, (9, 12, 3))
    x, z = np.ones((2, 9, 12, 3), np.float32), np.ones((2, 2), np.float32)
    encoder = conditioned in ("both", "encoder")
    assert depends_on_label(vae.encoder, {"x": x}) == encoder
    decoder = conditioned in ("both", "decoder")
    assert depends_on_label(vae.decoder, {"z": z}) == decoder


def test_sigma_is_that_of_the_configuration():
    configuration = VAEConfiguration(hidden=(8,), likelihood="gaussian", sigma=0.1)
    assert build(configuration).likelihood == likelihoods.Gaussian(0.1)
    default = dataclasses.replace(configuration, sigma=None)
    assert build(default).likelihood == likelihoods.Gaussian()


@pytest.mark.core
@pytest.mark.parametrize("name", PRIORS)
def test_every_prior_can_be_chosen(name):
    vae = build(VAEConfiguration(latent_dim=3, hidden=(8,), prior=name))
    path = f"{type(vae.prior).__module__}:{type(vae.prior).__name__}"
    assert path == PRIORS[name].prior
    has_weights = bool(getattr(vae.prior, "weights", ()))
    assert ("prior" in vae.parts) == has_weights
    x = ops.convert_to_tensor(np.ones((2, 16, 16, 1), np.float32))
    assert np.isfinite(ops.convert_to_numpy(vae.objective(vae.terms(x)))).all()
    assert latent.draw_codes(vae, 5, seed=0).shape == (5, 3)


def test_beta_is_that_of_the_configuration():
    assert float(build(VAEConfiguration(hidden=(8,), beta=4.0)).beta) == 4


def test_rejects_images_that_are_too_small():
    configuration = VAEConfiguration(encoder="2cnn", hidden=())
    with pytest.raises(ValueError, match=r"too small.*image_shape=\(12, 12, 1\)"):
        build(configuration, (12, 12, 1))
