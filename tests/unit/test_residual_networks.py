"""Residual networks: any image, the mirror image, and values in a range."""

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import likelihoods, models, networks
from vae_utils.networks.normalisation import GroupNorm

pytestmark = pytest.mark.core

KINDS = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
each_network = pytest.mark.parametrize(
    "build", [networks.build_residual_encoder, networks.build_residual_decoder]
)


def numpy(values):
    return ops.convert_to_numpy(values)


def levels(network):
    """Lists the sizes and channels that convolutions lead to, without the block's."""
    convolutions = [x for x in network.layers if isinstance(x, KINDS)]
    return [x.output.shape[1:] for x in convolutions if x.kernel_size == (4, 4)]


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (8, [(8, 64)]),
        (16, [(8, 64)]),
        (28, [(7, 64)]),
        (32, [(8, 64)]),
        (64, [(16, 64), (8, 128)]),
        (256, [(64, 64), (32, 128), (16, 192), (8, 256)]),
    ],
)
def test_each_doubling_of_the_image_adds_a_level(side, expected):
    encoder = networks.build_residual_encoder(5, image_shape=(side, side, 3))
    assert levels(encoder) == [(size, size, channels) for size, channels in expected]


@pytest.mark.parametrize(
    "image_shape",
    [(8, 8, 1), (9, 7, 3), (28, 28, 1), (17, 40, 3), (33, 12, 2), (5, 4, 1), (1, 3, 1)],
)
def test_images_of_any_size_return_to_it(image_shape):
    encoder = networks.build_residual_encoder(3, image_shape=image_shape)
    decoder = networks.build_residual_decoder(3, image_shape=image_shape)
    vae = models.VAE(encoder, decoder, likelihoods.OptimalGaussian())
    outputs = vae(np.ones((2, *image_shape), np.float32))
    assert outputs["logits"].shape == (2, *image_shape)
    assert np.isfinite(numpy(outputs["logits"])).all()


@pytest.mark.parametrize("image_shape", [(256, 256, 3), (256, 8, 1), (200, 131, 3)])
def test_networks_for_large_images_can_be_built(image_shape):
    decoder = networks.build_residual_decoder(32, image_shape=image_shape)
    assert decoder.outputs[0].shape[1:] == image_shape
    encoder = networks.build_residual_encoder(32, image_shape=image_shape)
    assert encoder.outputs[0].shape[1:] == (32,)


def test_decoder_mirrors_the_levels_and_dense_layers_of_the_encoder():
    options = {"hidden": (20, 10), "image_shape": (64, 32, 3)}
    encoder = networks.build_residual_encoder(2, **options)
    decoder = networks.build_residual_decoder(2, **options)
    inner = levels(encoder)
    assert inner == [(16, 8, 64), (8, 8, 128)]
    assert levels(decoder) == [(16, 8, 64), (64, 32, 3)]
    flat = int(np.prod(inner[-1]))
    for network, units in ((encoder, [20, 10, 2, 2]), (decoder, [10, 20, flat])):
        dense = [x.units for x in network.layers if isinstance(x, keras.layers.Dense)]
        assert dense == units


@each_network
def test_block_starts_as_the_identity(build):
    network = build(2, image_shape=(8, 8, 3))
    (added,) = (x for x in network.layers if isinstance(x, keras.layers.Add))
    around = keras.Model(network.inputs[0], [added.input[0], added.output])
    shape = (2, *network.inputs[0].shape[1:])
    before, after = map(numpy, around(np.random.default_rng(0).random(shape)))
    assert np.ptp(before) > 0
    np.testing.assert_array_equal(before, after)


def test_image_is_centred_inside_the_encoder():
    encoder = networks.build_residual_encoder(2, image_shape=(8, 8, 3))
    centred = keras.Model(encoder.inputs[0], encoder.get_layer("centred").output)
    x = np.array([0, 0.5, 1], np.float32).reshape(3, 1, 1, 1) * np.ones((1, 8, 8, 3))
    np.testing.assert_allclose(numpy(centred(x))[:, 0, 0, 0], [-1, 0, 1], atol=1e-6)


@each_network
def test_activation_is_that_of_all_layers(build):
    network = build(2, hidden=(4,), activation="tanh", image_shape=(8, 8, 1))
    used = {
        x.activation.__name__
        for x in network.layers
        if isinstance(x, keras.layers.Activation)
    }
    assert used == {"tanh"}


def test_label_changes_conditional_networks():
    options = {"classes": 3, "image_shape": (9, 12, 3)}
    encoder = networks.build_conditional_encoder(
        networks.build_residual_encoder, 4, **options
    )
    decoder = networks.build_conditional_decoder(
        networks.build_residual_decoder, 4, **options
    )
    assert networks.count_classes(encoder, "x") == 3
    assert networks.count_classes(decoder, "z") == 3
    x, z = np.ones((2, 9, 12, 3), np.float32), np.ones((2, 4), np.float32)
    y = np.array([0, 2])
    z_mean, _ = map(numpy, encoder({"x": x, "y": y}))
    logits = numpy(decoder({"z": z, "y": y}))
    assert logits.shape == x.shape
    for values in (z_mean, logits):
        assert np.abs(values[0] - values[1]).max() > 1e-4


@each_network
def test_networks_survive_a_round_trip_through_their_configuration(build):
    network = build(2, image_shape=(9, 14, 3))
    copy = keras.Model.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    x = np.random.default_rng(0).random((2, *network.inputs[0].shape[1:]), np.float32)
    for ours, theirs in zip(
        keras.tree.flatten(network(x)), keras.tree.flatten(copy(x)), strict=True
    ):
        np.testing.assert_allclose(numpy(ours), numpy(theirs), rtol=1e-5)


@each_network
def test_values_stay_in_a_range_whatever_the_contrast(build):
    """Of images a hundred times too dark or too bright, say."""
    network = build(2, image_shape=(16, 16, 3))
    x = np.random.default_rng(0).random((4, *network.inputs[0].shape[1:]), np.float32)
    spreads = []
    for factor in (0.01, 1, 100):
        outputs = keras.tree.flatten(network(factor * x))
        spreads.append(float(np.abs(numpy(outputs[0])).max()))
    assert max(spreads) < 20 * min(spreads)


@each_network
def test_rejects_invalid_sizes(build):
    with pytest.raises(ValueError, match="latent_dim must be a positive.*Received"):
        build(0, image_shape=(8, 8, 1))
    with pytest.raises(ValueError, match="hidden must be a.*Received: hidden="):
        build(2, hidden=(3, 0), image_shape=(8, 8, 1))


@pytest.mark.parametrize("groups", [1, 2, 8])
def test_normalisation_is_that_of_keras(groups):
    rng = np.random.default_rng(0)
    x = rng.normal(3, 2, (4, 5, 7, 8)).astype(np.float32)
    ours = GroupNorm(groups)
    theirs = keras.layers.GroupNormalization(groups, epsilon=1e-5)
    for layer in (ours, theirs):
        layer.build(x.shape)
        rng = np.random.default_rng(1)
        layer.set_weights([rng.normal(1, 0.5, 8), rng.normal(0, 1, 8)])
    np.testing.assert_allclose(numpy(ours(x)), numpy(theirs(x)), atol=2e-4)


def test_normalisation_of_equal_values_is_finite():
    for value in (0.0, 1e4):
        x = np.full((2, 3, 3, 8), value, np.float32)
        np.testing.assert_allclose(numpy(GroupNorm(4)(x)), 0, atol=0.1)
