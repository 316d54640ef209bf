import itertools

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import likelihoods, models, networks

GREY = (28, 28, 1)
COLOUR = (16, 24, 3)
DURKAN = ((32, 5, 2), (64, 5, 2), (128, 3, 2))
each_network = pytest.mark.parametrize(
    "build", [networks.build_conv_encoder, networks.build_conv_decoder]
)


def conv_shapes(network):
    kinds = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
    return [x.output.shape[1:] for x in network.layers if isinstance(x, kinds)]


def parameters(layers):
    """Counts weights: (inputs, outputs) of dense layers, with kernels of conv ones."""
    total = 0
    for inputs, outputs, *kernel in layers:
        total += inputs * outputs * (kernel[0] ** 2 if kernel else 1) + outputs
    return total


def test_shapes_and_parameters_of_the_books_pair():
    encoder = networks.build_conv_encoder(5, image_shape=GREY)
    decoder = networks.build_conv_decoder(5, image_shape=GREY)
    assert conv_shapes(encoder) == [(14, 14, 16), (7, 7, 32)]
    assert conv_shapes(decoder) == [(14, 14, 16), GREY]
    flat = 7 * 7 * 32
    heads = [(flat, 5), (flat, 5)]
    assert encoder.count_params() == parameters([(1, 16, 4), (16, 32, 4), *heads])
    assert decoder.count_params() == parameters([(5, flat), (32, 16, 4), (16, 1, 4)])


def test_shapes_and_parameters_for_colour_images():
    encoder = networks.build_conv_encoder(5, image_shape=COLOUR)
    decoder = networks.build_conv_decoder(5, image_shape=COLOUR)
    assert conv_shapes(encoder) == [(8, 12, 16), (4, 6, 32)]
    assert conv_shapes(decoder) == [(8, 12, 16), COLOUR]
    flat = 4 * 6 * 32
    heads = [(flat, 5), (flat, 5)]
    assert encoder.count_params() == parameters([(3, 16, 4), (16, 32, 4), *heads])
    assert decoder.count_params() == parameters([(5, flat), (32, 16, 4), (16, 3, 4)])
    z_mean, z_log_var = encoder(np.zeros((3, *COLOUR), np.float32))
    assert z_mean.shape == z_log_var.shape == (3, 5)
    assert decoder(z_mean).shape == (3, *COLOUR)


def test_dense_layers_are_mirrored():
    options = {"hidden": (500, 200), "image_shape": GREY}
    encoder = networks.build_conv_encoder(2, DURKAN, **options)
    decoder = networks.build_conv_decoder(2, DURKAN, **options)
    assert conv_shapes(encoder) == [(14, 14, 32), (7, 7, 64), (4, 4, 128)]
    for network, units in ((encoder, [500, 200, 2, 2]), (decoder, [200, 500, 2048])):
        dense = [x.units for x in network.layers if isinstance(x, keras.layers.Dense)]
        assert dense == units


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_decoder_returns_to_any_image_size(padding):
    built = 0
    for size, kernel, stride in itertools.product(
        (4, 5, 7, 9), (1, 2, 3, 4), (1, 2, 3)
    ):
        image_shape = (size, size + 1, 2)
        options = {"padding": padding, "image_shape": image_shape}
        convolutions = ((3, kernel, stride), (2, 2, 1))
        try:
            decoder = networks.build_conv_decoder(2, convolutions, **options)
        except ValueError as error:
            assert "too small" in str(error)
            continue
        assert decoder.outputs[0].shape == (None, *image_shape)
        built += 1
    assert built > 30


@pytest.mark.core
@pytest.mark.parametrize(
    ("padding", "kernel", "stride", "size"),
    [("same", 3, 2, 7), ("same", 4, 3, 5), ("valid", 2, 3, 9), ("valid", 3, 2, 8)],
)
def test_images_have_the_size_that_the_networks_promise(padding, kernel, stride, size):
    """Sizes that the stride does not divide: rows are cropped or added."""
    image_shape = (size, size + 2, 2)
    options = {"padding": padding, "image_shape": image_shape}
    convolutions = ((3, kernel, stride), (2, 2, 1))
    decoder = networks.build_conv_decoder(2, convolutions, **options)
    assert decoder(np.zeros((1, 2), np.float32)).shape == (1, *image_shape)
    encoder = networks.build_conv_encoder(2, convolutions, **options)
    z_mean, _ = encoder(np.zeros((1, *image_shape), np.float32))
    assert z_mean.shape == (1, 2)


@pytest.mark.parametrize("conv_side", ["encoder", "decoder"])
def test_conv_and_dense_networks_can_be_combined(conv_side):
    encode = networks.build_fc_encoder, networks.build_conv_encoder
    decode = networks.build_conv_decoder, networks.build_fc_decoder
    index = int(conv_side == "encoder")
    encoder, decoder = (f[index](3, image_shape=COLOUR) for f in (encode, decode))
    vae = models.VAE(encoder, decoder, likelihoods.Bernoulli())
    outputs = vae(np.ones((2, *COLOUR), np.float32))
    assert outputs["logits"].shape == (2, *COLOUR) and outputs["z"].shape == (2, 3)


@each_network
def test_activation_is_used_except_in_the_last_layer(build):
    network = build(2, activation="tanh", image_shape=COLOUR)
    kinds = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
    used = [x.activation.__name__ for x in network.layers if isinstance(x, kinds)]
    last = "tanh" if build is networks.build_conv_encoder else "linear"
    assert used == ["tanh", last]


@each_network
def test_networks_survive_a_round_trip_through_their_configuration(build):
    # 28, 14, 7, 4: one is cropped
    network = build(2, ((3, 5, 2), (4, 3, 2), (5, 2, 2)), image_shape=GREY)
    copy = keras.Model.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    x = np.random.default_rng(0).random((2, *network.inputs[0].shape[1:]), np.float32)
    for ours, theirs in zip(
        keras.tree.flatten(network(x)), keras.tree.flatten(copy(x)), strict=True
    ):
        ours, theirs = ops.convert_to_numpy(ours), ops.convert_to_numpy(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@each_network
@pytest.mark.parametrize(
    "convolutions",
    [(), 16, ((16, 4),), ((16, 0, 2),), ((16, 4, 2.5),), "16", (16, 4, 2)],
)
def test_rejects_invalid_convolutions(build, convolutions):
    with pytest.raises(ValueError, match="convolutions must be one .*Received: "):
        build(2, convolutions, image_shape=GREY)


@each_network
@pytest.mark.parametrize(
    ("convolutions", "padding"),
    [(((4, 5, 2),) * 4, "valid"), (((4, 29, 1),), "valid"), (((4, 3, 29),), "same")],
)
def test_rejects_images_that_are_too_small(build, convolutions, padding):
    with pytest.raises(ValueError, match="too small for a kernel of .*Received: conv"):
        build(2, convolutions, padding=padding, image_shape=GREY)


@each_network
def test_rejects_invalid_sizes(build):
    with pytest.raises(ValueError, match="latent_dim must be a positive.*Received"):
        build(0, image_shape=GREY)
    with pytest.raises(ValueError, match="hidden must be a.*Received: hidden="):
        build(2, hidden=(3, 0), image_shape=GREY)
