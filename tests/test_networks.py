import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import networks

each_network = pytest.mark.parametrize(
    "build", [networks.build_fc_encoder, networks.build_fc_decoder]
)


def test_shapes_and_parameters():
    encoder = networks.build_fc_encoder(2)
    decoder = networks.build_fc_decoder(2)
    z_mean, z_log_var = encoder(np.zeros((3, 28, 28, 1), np.float32))
    assert z_mean.shape == z_log_var.shape == (3, 2)
    assert decoder(z_mean).shape == (3, 28, 28, 1)
    layers = [(784, 500), (500, 500), (500, 2), (500, 2)]
    assert encoder.count_params() == sum(i * o + o for i, o in layers)
    layers = [(2, 500), (500, 500), (500, 784)]
    assert decoder.count_params() == sum(i * o + o for i, o in layers)


def test_hidden_widths_activation_and_image_shape_are_free():
    options = {"hidden": (7, 5, 3), "activation": "tanh", "image_shape": (8, 6, 3)}
    encoder = networks.build_fc_encoder(4, **options)
    decoder = networks.build_fc_decoder(4, **options)
    widths = [layer.units for layer in encoder.layers if hasattr(layer, "units")]
    assert widths == [7, 5, 3, 4, 4]
    hidden = [
        layer
        for layer in decoder.layers
        if getattr(layer, "units", 0) in options["hidden"]
    ]
    assert {layer.activation for layer in hidden} == {keras.activations.tanh}
    assert decoder(encoder(np.ones((2, 8, 6, 3), np.float32))[0]).shape == (2, 8, 6, 3)


def test_no_hidden_layer_is_a_linear_map():
    assert networks.build_fc_decoder(2, hidden=()).count_params() == 3 * 784


def test_a_code_head_gives_one_output():
    encoder = networks.build_fc_encoder(3, hidden=(4,), head=networks.code_head)
    assert encoder(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, 3)


def test_the_log_variance_is_bounded_and_faithful_near_zero():
    encoder = networks.build_fc_encoder(1, hidden=())
    raw = encoder.get_layer("z_log_var")
    for weight, low, high in [
        (1e6, 9.99, 10.0),
        (-1e6, -10.0, -9.99),
        (1.0, 0.99, 1.0),
    ]:
        kernel = np.zeros((784, 1), np.float32)
        kernel[0] = weight
        raw.set_weights([kernel, np.zeros(1, np.float32)])
        x = np.zeros((1, 28, 28, 1), np.float32)
        x[0, 0, 0, 0] = 1
        assert low <= float(encoder(x)[1][0, 0]) <= high


@each_network
def test_networks_survive_a_round_trip_through_their_configuration(build):
    network = build(2, hidden=(6,))
    copy = keras.Model.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    x = np.random.default_rng(0).random((3, *network.inputs[0].shape[1:]))
    for ours, theirs in zip(ops_list(network(x)), ops_list(copy(x)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def ops_list(outputs):
    outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
    return [ops.convert_to_numpy(output) for output in outputs]


@each_network
@pytest.mark.parametrize("latent_dim", [0, -2, 1.5, True, "2", None])
def test_a_latent_dim_that_is_no_positive_integer_is_refused(build, latent_dim):
    with pytest.raises(ValueError, match="latent_dim must be a positive.*Received"):
        build(latent_dim)


@each_network
@pytest.mark.parametrize("hidden", [500, (500, 0), (500, -1), (2.5,), ("500",)])
def test_a_width_that_is_no_positive_integer_is_refused(build, hidden):
    with pytest.raises(ValueError, match="hidden must be a.*Received: hidden="):
        build(2, hidden=hidden)
