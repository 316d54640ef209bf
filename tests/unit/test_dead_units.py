import keras
import numpy as np
import pytest
from keras import layers

from vae_utils import networks
from vae_utils.evaluation import find_dead_units

pytestmark = pytest.mark.core

# Three units of two inputs: x1, −x1 − 1 and x2.
KERNEL = np.array([[1, -1, 0], [0, 0, 1]], np.float32)
BIAS = np.array([0, -1, 0], np.float32)
X = np.array([[0, -1], [0, -2], [3, 0]], np.float32)  # the first unit fires once


def make_network(*added, activation=None):
    network = keras.Sequential(
        [keras.Input((2,)), layers.Dense(3, activation, name="hidden"), *added]
    )
    network.layers[0].set_weights([KERNEL, BIAS])
    return network


def test_a_unit_is_dead_if_it_exceeds_zero_for_no_input():
    network = make_network(layers.Dense(4), activation="relu")
    dead = find_dead_units(network, X)
    assert list(dead) == ["hidden"]  # the last layer is linear
    np.testing.assert_array_equal(dead["hidden"], [False, True, True])
    np.testing.assert_array_equal(find_dead_units(network, X[:2])["hidden"], True)


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "gelu", "silu", "tanh"])
def test_other_activations_exceed_zero_where_their_input_does(activation):
    dead = find_dead_units(make_network(activation=activation), X)
    np.testing.assert_array_equal(dead["hidden"], [False, True, True])


@pytest.mark.parametrize("activation", ["sigmoid", "softplus"])
def test_positive_activations_have_no_dead_units(activation):
    assert not find_dead_units(make_network(activation=activation), X)["hidden"].any()


@pytest.mark.parametrize(
    "layer",
    [
        layers.Activation("relu", name="own"),
        layers.ReLU(name="own"),
        layers.LeakyReLU(name="own"),
        layers.PReLU(name="own"),
        layers.ELU(name="own"),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_an_activation_may_be_a_layer_of_its_own(layer):
    dead = find_dead_units(make_network(layer), X)
    assert list(dead) == ["own"]
    np.testing.assert_array_equal(dead["own"], [False, True, True])


def test_a_filter_is_dead_if_its_whole_map_is():
    x = keras.Input((4, 4, 1))
    filters = layers.Conv2D(3, 1, activation="relu", data_format="channels_last")
    network = keras.Model(x, filters(x))
    filters.set_weights([np.ones((1, 1, 1, 3)), np.array([0.0, -0.9, -1.0])])
    images = np.zeros((5, 4, 4, 1), np.float32)
    images[3, 2, 1] = 1  # one pixel of one image
    (dead,) = find_dead_units(network, images, batch_size=2).values()
    np.testing.assert_array_equal(dead, [False, False, True])


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_all_batches_count(batch_size):
    dead = find_dead_units(make_network(activation="relu"), X, batch_size=batch_size)
    np.testing.assert_array_equal(dead["hidden"], [False, True, True])


def test_networks_inside_conditional_ones_are_searched():
    """The inner network alone says the same of what the outer one gives it."""
    rng = np.random.default_rng(0)
    options = {"classes": 3, "image_shape": (8, 8, 1)}
    encoder = networks.build_conditional_encoder(
        networks.build_conv_encoder, 2, **options
    )
    encoder.set_weights([rng.normal(-0.3, 1, w.shape) for w in encoder.get_weights()])
    x, y = rng.random((6, 8, 8, 1), np.float32), np.arange(6) % 3
    planes = np.broadcast_to(np.eye(3)[y][:, None, None], (6, 8, 8, 3))
    inner = encoder.get_layer("conv_encoder")
    expected = find_dead_units(inner, np.concatenate([x, planes], axis=-1))
    dead = find_dead_units(encoder, {"x": x, "y": y})
    assert [len(mask) for mask in dead.values()] == [16, 32]
    assert 0 < sum(mask.sum() for mask in dead.values()) < 48
    assert dead.keys() == expected.keys()
    for name, mask in dead.items():
        np.testing.assert_array_equal(mask, expected[name])


def test_a_network_that_ignores_labels_is_searched():
    decoder = networks.build_fc_decoder(2, (5,), image_shape=(2, 2, 1))
    decoder.set_weights([-np.ones(w.shape) for w in decoder.get_weights()])
    z, y = np.ones((4, 2), np.float32), np.zeros(4, int)
    (dead,) = find_dead_units(networks.ignore_label(decoder), {"z": z, "y": y}).values()
    np.testing.assert_array_equal(dead, [True] * 5)


def test_layers_stay_as_they_were():
    network = make_network(activation="relu")
    before, outputs = set(vars(network.layers[0])), np.array(network(X))
    find_dead_units(network, X)
    with pytest.raises(ValueError, match="at least one example"):
        find_dead_units(network, X[:0])
    assert set(vars(network.layers[0])) == before
    np.testing.assert_array_equal(network(X), outputs)


def test_rejects_a_network_without_activations():
    with pytest.raises(ValueError, match="no dead units. Received: network='linear'"):
        find_dead_units(keras.Sequential([keras.Input((2,))], name="linear"), X)


def test_rejects_equal_names():
    inner = make_network(activation="relu")
    x = keras.Input((2,))
    outer = keras.Model(x, layers.Dense(2, "relu", name="hidden")(inner(x)))
    with pytest.raises(ValueError, match="different names. Received: hidden, hidden"):
        find_dead_units(outer, X)


def test_rejects_activations_that_are_no_numbers():
    network = make_network(activation="relu")
    with pytest.raises(ValueError, match="activation of hidden must be finite. Rec"):
        find_dead_units(network, np.full((1, 2), np.inf, np.float32))
