import keras
import numpy as np
import pytest

from vae_utils import evaluation, latent, likelihoods, models, networks, pixels

NAMES = tuple(networks.ARCHITECTURES)
Y = np.arange(64) % 10


def build(encoder="fc", decoder="fc", hidden=(), labelled="none"):
    options = {"labelled": labelled}
    model = models.VAE if labelled == "none" else models.ConditionalVAE
    return model(
        networks.build_encoder(encoder, 3, hidden, **options),
        networks.build_decoder(decoder, 3, hidden, **options),
        likelihoods.Bernoulli(),
    )


@pytest.mark.parametrize("encoder", NAMES)
@pytest.mark.parametrize("decoder", NAMES)
def test_any_encoder_goes_with_any_decoder(encoder, decoder, images):
    vae = build(encoder, decoder)
    z_mean, _ = latent.encode(vae, images)
    assert latent.decode(vae, z_mean).shape == (64, 28, 28, 1)


def weights(network, *kinds):
    return [w.shape for layer in network.layers if isinstance(layer, kinds)
            for w in layer.weights if len(w.shape) > 1]  # fmt: skip


def test_dense_layers_are_mirrored():
    dense = keras.layers.Dense
    for name, flat in (("fc", 784), ("conv", 7 * 7 * 32)):
        encoder = networks.build_encoder(name, 3, (16, 8))
        decoder = networks.build_decoder(name, 3, (16, 8))
        assert weights(encoder, dense) == [(flat, 16), (16, 8), (8, 3), (8, 3)]
        assert weights(decoder, dense) == [(3, 8), (8, 16), (16, flat)]


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
def test_the_conditional_projects_networks_have_their_weights(name, expected):
    encoder = networks.build_encoder(name, 20, (), "softplus", labelled="both")
    (inner,) = [x for x in encoder.layers if isinstance(x, keras.Model)]
    assert [x.count_params() for x in inner.layers if x.count_params()] == expected


def test_the_large_convolutions_are_variational_autoencoders():
    encoder = networks.build_encoder("conv3", 2, (500, 200))
    kernels = [(5, 5, 1, 32), (5, 5, 32, 64), (3, 3, 64, 128)]
    assert weights(encoder, keras.layers.Conv2D) == kernels
    dense = [(4 * 4 * 128, 500), (500, 200), (200, 2), (200, 2)]
    assert weights(encoder, keras.layers.Dense) == dense


def changes(network, values):
    """Tells whether another label changes the outputs."""
    first, second = (
        np.array(network({**values, "y": np.full(2, label)})[0]) for label in (0, 1)
    )
    return bool(np.abs(first - second).max() > 1e-6)


@pytest.mark.parametrize("name", ["fc", "conv", "2cnn"])
@pytest.mark.parametrize("labelled", ["both", "encoder", "decoder"])
def test_the_label_is_told_to_those_named(name, labelled, images):
    vae = build(name, name, labelled=labelled)
    x, z = pixels.to_unit_interval(images[:2]), np.ones((2, 3), np.float32)
    assert changes(vae.encoder, {"x": x}) == (labelled in ("both", "encoder"))
    assert changes(vae.decoder, {"z": z}) == (labelled in ("both", "decoder"))
    split = evaluation.elbo_split(vae, images, Y)  # takes labels everywhere
    assert np.isfinite(split["elbo"])


def test_a_dense_encoder_takes_one_number_per_class_not_planes():
    plain = networks.build_encoder("fc", 3, (16,)).count_params()
    told = networks.build_encoder("fc", 3, (16,), labelled="both").count_params()
    assert told == plain + 10 * 16


def test_a_vector_says_as_much_as_planes(images):
    """Weights summed over a plane do what the vector's one weight does."""
    build = networks.build_fc_encoder
    by_planes = networks.build_conditional_encoder(build, 3, (16,))
    by_vector = networks.build_conditional_encoder(build, 3, (16,), planes=False)
    kernel, *others = by_planes.get_weights()
    kernel = kernel.reshape(784, 11, 16)
    joined = np.concatenate([kernel[:, 0], kernel[:, 1:].sum(axis=0)])
    by_vector.set_weights([joined, *others])
    batch = {"x": pixels.to_unit_interval(images), "y": Y}
    for one, other in zip(by_planes(batch), by_vector(batch), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_only_a_network_without_label_can_ignore_one():
    told = networks.build_encoder("fc", 3, (), labelled="both")
    with pytest.raises(ValueError, match=r"one input, named x or z.*\['x', 'y'\]"):
        networks.ignore_label(told)


def test_classes_of_a_flattened_image_are_counted(images):
    encoder = networks.build_conditional_encoder(
        networks.build_fc_encoder, 3, (16,), classes=3, planes=False
    )
    with pytest.raises(ValueError, match="Labels must be 0 … 2. Received.* 0 to 9"):
        networks.join("x", images, Y, encoder)


def test_no_examples_are_refused():
    encoder = networks.build_encoder("fc", 3)
    with pytest.raises(ValueError, match="one example at least. Received: 0"):
        networks.call_in_batches(encoder, np.zeros((0, 28, 28, 1)), 10)


@pytest.mark.parametrize("labelled", ["both", "decoder"])
def test_labels_are_counted_however_they_are_joined(labelled, images):
    vae = build("fc", "conv", labelled=labelled)
    with pytest.raises(ValueError, match="Labels must be 0 … 9. Received.* 0 to 10"):
        latent.encode(vae, images, np.arange(64) % 11)


@pytest.mark.parametrize(
    ("build", "arguments", "message"),
    [
        (networks.build_encoder, {"name": "resnet"}, "fc, conv.*name='resnet'"),
        (networks.build_decoder, {"name": ["fc"]}, r"fc, conv.*name=\['fc'\]"),
        (networks.build_encoder, {"labelled": True}, "none, both.*labelled=True"),
        (networks.build_decoder, {"labelled": "all"}, "none, both.*labelled='all'"),
        (networks.build_decoder, {"hidden": 16}, "hidden must.*hidden=16"),
        (networks.build_encoder, {"latent_dim": 0}, "latent_dim must.*latent_dim=0"),
    ],
)
def test_a_name_that_is_none_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=message):
        build(**({"name": "fc", "latent_dim": 2} | arguments))
