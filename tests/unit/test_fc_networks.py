import keras
import numpy as np
import pytest

from vae_utils import networks

SHAPE = (8, 6, 3)
each_network = pytest.mark.parametrize(
    "build", [networks.build_fc_encoder, networks.build_fc_decoder]
)


@pytest.mark.core
@pytest.mark.parametrize("image_shape", [(28, 28, 1), (7, 5, 1), (16, 24, 3)])
def test_shapes_and_parameters(image_shape):
    encoder = networks.build_fc_encoder(2, image_shape=image_shape)
    decoder = networks.build_fc_decoder(2, image_shape=image_shape)
    z_mean, z_log_var = encoder(np.zeros((3, *image_shape), np.float32))
    assert z_mean.shape == z_log_var.shape == (3, 2)
    assert decoder(z_mean).shape == (3, *image_shape)
    pixels = np.prod(image_shape)
    layers = [(pixels, 500), (500, 500), (500, 2), (500, 2)]
    assert encoder.count_params() == sum(i * o + o for i, o in layers)
    layers = [(2, 500), (500, 500), (500, pixels)]
    assert decoder.count_params() == sum(i * o + o for i, o in layers)


def test_hidden_widths_and_activation_are_used():
    options = {"hidden": (7, 5, 3), "activation": "tanh", "image_shape": SHAPE}
    encoder = networks.build_fc_encoder(4, **options)
    decoder = networks.build_fc_decoder(4, **options)
    for network, expected in ((encoder, [7, 5, 3, 4, 4]), (decoder, [7, 5, 3, 144])):
        dense = [x for x in network.layers if isinstance(x, keras.layers.Dense)]
        assert [layer.units for layer in dense] == expected
        hidden = {layer.activation for layer in dense[:3]}
        assert hidden == {keras.activations.tanh}
        assert {layer.activation for layer in dense[3:]} == {keras.activations.linear}


def test_decoder_without_hidden_layers_is_a_linear_map():
    decoder = networks.build_fc_decoder(2, hidden=(), image_shape=SHAPE)
    assert decoder.count_params() == 3 * 8 * 6 * 3


def test_code_head_has_one_output():
    encoder = networks.build_fc_encoder(
        3, hidden=(4,), head=networks.code_head, image_shape=SHAPE
    )
    assert encoder(np.zeros((2, *SHAPE), np.float32)).shape == (2, 3)


@pytest.mark.core
def test_log_variance_is_bounded_and_unchanged_near_zero():
    encoder = networks.build_fc_encoder(1, hidden=(), image_shape=(2, 2, 1))
    raw = encoder.get_layer("z_log_var")
    for weight, low, high in [
        (1e6, 9.99, 10.0),
        (-1e6, -10.0, -9.99),
        (1.0, 0.99, 1.0),
    ]:
        kernel = np.zeros((4, 1), np.float32)
        kernel[0] = weight
        raw.set_weights([kernel, np.zeros(1, np.float32)])
        x = np.zeros((1, 2, 2, 1), np.float32)
        x[0, 0, 0, 0] = 1
        assert low <= float(encoder(x)[1][0, 0]) <= high


@pytest.mark.core
@each_network
def test_networks_survive_a_round_trip_through_their_configuration(build):
    network = build(2, hidden=(6,), image_shape=SHAPE)
    copy = keras.Model.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    x = np.random.default_rng(0).random((3, *network.inputs[0].shape[1:]))
    outputs = (keras.tree.flatten(each(x)) for each in (network, copy))
    for ours, theirs in zip(*outputs, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@each_network
@pytest.mark.parametrize("latent_dim", [0, -2, 1.5, True, "2", None])
def test_rejects_invalid_latent_dim(build, latent_dim):
    with pytest.raises(ValueError, match="latent_dim must be a positive.*Received"):
        build(latent_dim, image_shape=SHAPE)


@each_network
@pytest.mark.parametrize("hidden", [500, (500, 0), (500, -1), (2.5,), ("500",)])
def test_rejects_invalid_widths(build, hidden):
    with pytest.raises(ValueError, match="hidden must be a.*Received: hidden="):
        build(2, hidden=hidden, image_shape=SHAPE)
