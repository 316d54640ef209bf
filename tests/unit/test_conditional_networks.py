import keras
import numpy as np
import pytest

from vae_utils import networks

pytestmark = pytest.mark.core

CLASSES = 3
SHAPE = (8, 6, 1)
build_encoder = networks.build_conditional_encoder
build_decoder = networks.build_conditional_decoder


@pytest.fixture
def x():
    return np.random.default_rng(0).random((2, *SHAPE), np.float32)


def copy_image(latent_dim, image_shape):
    """Makes an encoder that returns its input twice."""
    x = keras.Input(image_shape)
    return keras.Model(x, [keras.layers.Identity()(x)] * 2, name="copy")


def test_label_planes_are_further_channels(x):
    encoder = build_encoder(copy_image, 2, classes=CLASSES, image_shape=SHAPE)
    inside, _ = map(np.array, encoder({"x": x, "y": np.array([2, 0])}))
    assert inside.shape == (2, 8, 6, 1 + CLASSES)
    np.testing.assert_array_equal(inside[..., :1], x)
    np.testing.assert_array_equal(inside[0, ..., 1:], np.tile([0, 0, 1], (8, 6, 1)))
    np.testing.assert_array_equal(inside[1, ..., 1:], np.tile([1, 0, 0], (8, 6, 1)))


def test_label_without_planes_follows_the_pixels(x):
    encoder = build_encoder(
        copy_image, 2, classes=CLASSES, image_shape=SHAPE, planes=False
    )
    inside, _ = map(np.array, encoder({"x": x, "y": np.array([2, 0])}))
    expected = np.concatenate([x.reshape(2, 48), [[0, 0, 1], [1, 0, 0]]], axis=1)
    np.testing.assert_array_equal(inside, expected.astype(np.float32))


def test_one_weight_can_do_what_those_of_a_plane_do(x):
    options = {"classes": CLASSES, "image_shape": SHAPE}
    build = networks.build_fc_encoder
    by_planes = build_encoder(build, 3, (16,), **options)
    by_vector = build_encoder(build, 3, (16,), planes=False, **options)
    kernel, *others = by_planes.get_weights()
    kernel = kernel.reshape(48, 1 + CLASSES, 16)
    joined = np.concatenate([kernel[:, 0], kernel[:, 1:].sum(axis=0)])
    by_vector.set_weights([joined, *others])
    batch = {"x": x, "y": np.array([1, 2])}
    for one, other in zip(by_planes(batch), by_vector(batch), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_decoder_gets_the_label_one_hot_after_the_code():
    def build(size):
        z = keras.Input((size,))
        return keras.Model(z, keras.layers.Identity()(z), name="copy")

    decoder = build_decoder(build, 2, classes=CLASSES)
    z = np.array([[0.5, -1], [2, 3]], np.float32)
    inside = np.array(decoder({"z": z, "y": np.array([1, 2])}))
    np.testing.assert_array_equal(inside, [[0.5, -1, 0, 1, 0], [2, 3, 0, 0, 1]])


@pytest.mark.parametrize("name", ["x", "z"])
def test_ignored_label_changes_no_output_and_no_weight(name):
    """Every input goes through a layer: Keras 3.13 refuses one that does not."""
    plain = keras.Sequential([keras.Input((4,), name=name), keras.layers.Dense(3)])
    network = networks.ignore_label(plain)
    taken = network.get_layer("without_label").input
    assert [tensor.name for tensor in taken] == [name, "y"]
    values = np.arange(8, dtype=np.float32).reshape(2, 4)
    for y in ([0, 1], [9, 5]):
        outputs = network({name: values, "y": np.array(y)})
        np.testing.assert_array_equal(outputs, plain(values))
    assert network.count_params() == plain.count_params() == 15
    for one, other in zip(network.weights, plain.weights, strict=True):
        assert one is other


def test_only_a_network_without_labels_can_ignore_them():
    encoder = build_encoder(copy_image, 2, classes=CLASSES, image_shape=SHAPE)
    with pytest.raises(ValueError, match=r"one input, named x or z.*\['x', 'y'\]"):
        networks.ignore_label(encoder)


def test_counts_the_classes_of_a_network():
    sizes = {"classes": 11, "image_shape": SHAPE}
    conv, fc = networks.build_conv_encoder, networks.build_fc_encoder
    for encoder in (
        build_encoder(conv, 2, ((4, 4, 4),), **sizes),
        build_encoder(fc, 2, (), **sizes),
        build_encoder(fc, 2, (), planes=False, **sizes),
    ):
        assert networks.count_classes(encoder, "x") == 11
    decoder = build_decoder(networks.build_fc_decoder, 5, (), **sizes)
    assert networks.count_classes(decoder, "z") == 11


def test_a_network_that_takes_or_uses_no_labels_has_no_classes():
    encoder = networks.build_fc_encoder(2, (), image_shape=SHAPE)
    decoder = networks.build_fc_decoder(2, (), image_shape=SHAPE)
    for network, name in ((encoder, "x"), (decoder, "z")):
        assert networks.count_classes(network, name) is None
        assert networks.count_classes(networks.ignore_label(network), name) is None


def test_input_shape_leaves_out_batch_and_label():
    encoder = build_encoder(copy_image, 2, classes=CLASSES, image_shape=SHAPE)
    assert tuple(networks.input_shape(encoder, "x")) == SHAPE
    plain = networks.build_fc_decoder(5, (), image_shape=SHAPE)
    assert tuple(networks.input_shape(plain, "z")) == (5,)


def test_rejects_invalid_sizes():
    build, sizes = networks.build_fc_encoder, {"image_shape": SHAPE}
    with pytest.raises(ValueError, match="classes must be a positive.*Received"):
        build_encoder(build, 2, classes=0, **sizes)
    with pytest.raises(ValueError, match="latent_dim must be a positive.*Received"):
        build_decoder(networks.build_fc_decoder, 0, classes=3, **sizes)
    with pytest.raises(ValueError, match="classes must be a positive.*Received"):
        build_decoder(networks.build_fc_decoder, 2, classes=-1, **sizes)


def test_call_in_batches_joins_what_a_function_returns(x):
    values = np.arange(7, dtype=np.float32)
    sizes = []

    def function(batch):
        sizes.append(len(batch["v"]))
        return batch["v"] + 1, 2 * batch["w"]

    both = networks.call_in_batches(function, {"v": values, "w": values}, 3)
    assert sizes == [3, 3, 1]
    np.testing.assert_array_equal(both[0], values + 1)
    np.testing.assert_array_equal(both[1], 2 * values)
    assert all(type(array) is np.ndarray for array in both)


def test_call_in_batches_rejects_no_examples():
    with pytest.raises(ValueError, match="at least one example. Received: 0"):
        networks.call_in_batches(lambda x: x, np.zeros((0, 8, 6, 1)), 10)
    with pytest.raises(ValueError, match="batch_size must be a positive.*Received"):
        networks.call_in_batches(lambda x: x, np.zeros((3, 8, 6, 1)), 0)
