import keras
import numpy as np
import pytest
from scipy import linalg

from vae_utils import (
    evaluation,
    latent,
    likelihoods,
    models,
    networks,
    pipeline,
    pixels,
)

CLASSES = 3
PAIRS = {
    "fc": (networks.build_fc_encoder, networks.build_fc_decoder, {"hidden": (16,)}),
    "conv": (
        networks.build_conv_encoder,
        networks.build_conv_decoder,
        {"convolutions": ((4, 4, 4),)},
    ),
}


def make_pair(encoder="fc", decoder="fc", latent_dim=2):
    build_encoder, _, encoder_options = PAIRS[encoder]
    _, build_decoder, decoder_options = PAIRS[decoder]
    return (
        networks.build_conditional_encoder(
            build_encoder, latent_dim, classes=CLASSES, **encoder_options
        ),
        networks.build_conditional_decoder(
            build_decoder, latent_dim, classes=CLASSES, **decoder_options
        ),
    )


@pytest.fixture
def vae():
    return models.ConditionalVAE(*make_pair(), likelihoods.Bernoulli())


@pytest.fixture
def labels():
    return np.arange(64) % CLASSES


@pytest.mark.parametrize("encoder", PAIRS)
@pytest.mark.parametrize("decoder", PAIRS)
def test_any_encoder_goes_with_any_decoder(encoder, decoder, images, labels):
    pair = make_pair(encoder, decoder, latent_dim=3)
    vae = models.ConditionalVAE(*pair, likelihoods.Bernoulli())
    z_mean, z_log_var = latent.encode(vae, images, labels)
    assert z_mean.shape == z_log_var.shape == (64, 3)
    assert latent.decode(vae, z_mean, labels).shape == (64, 28, 28, 1)


def test_label_planes_are_the_encoders_further_channels(images):
    def build(latent_dim, image_shape):
        x = keras.Input(image_shape)
        return keras.Model(x, [keras.layers.Identity()(x)] * 2, name="copy")

    encoder = networks.build_conditional_encoder(build, 2, classes=CLASSES)
    x = pixels.to_unit_interval(images[:2])
    seen, _ = encoder({"x": x, "y": np.array([2, 0])})
    seen = np.array(seen)
    assert seen.shape == (2, 28, 28, 1 + CLASSES)
    np.testing.assert_array_equal(seen[..., :1], x)
    np.testing.assert_array_equal(seen[0, ..., 1:], np.tile([0, 0, 1], (28, 28, 1)))
    np.testing.assert_array_equal(seen[1, ..., 1:], np.tile([1, 0, 0], (28, 28, 1)))


@pytest.mark.parametrize("name", ["x", "z"])
def test_an_ignored_label_changes_no_output_and_no_weight(name):
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


def test_the_decoder_sees_the_label_one_hot():
    def build(size):
        z = keras.Input((size,))
        return keras.Model(z, keras.layers.Identity()(z), name="copy")

    decoder = networks.build_conditional_decoder(build, 2, classes=CLASSES)
    z = np.array([[0.5, -1], [2, 3]], np.float32)
    seen = np.array(decoder({"z": z, "y": np.array([1, 2])}))
    np.testing.assert_array_equal(seen, [[0.5, -1, 0, 1, 0], [2, 3, 0, 0, 1]])


def test_fit_learns_from_labels(images):
    """Bars whose column the label tells: knowing it must lower the bound."""
    column = np.array([6, 13, 20])
    labels = np.arange(64) % CLASSES
    x = np.zeros((64, 28, 28), np.uint8)
    for image, label in zip(x, labels, strict=True):
        image[4:24, column[label] : column[label] + 3] = 255
    losses = []
    for y in (labels, np.zeros_like(labels)):  # the second tells nothing
        keras.utils.set_random_seed(0)
        vae = models.ConditionalVAE(*make_pair(), likelihoods.Bernoulli())
        vae.compile(keras.optimizers.Adam(1e-2))
        batches, steps = pipeline.training_batches(
            x, y, batch_size=16, epochs=15, seed=0
        )
        history = vae.fit(
            batches,
            epochs=15,
            steps_per_epoch=steps,
            validation_data=pipeline.evaluation_batches(x, y),
            shuffle=False,
            verbose=0,
        ).history
        losses.append(history["val_loss"][-1])
    assert losses[0] < losses[1] - 1


def test_the_bound_is_that_of_the_label_given(vae, images, labels):
    x = pixels.binarise(images)
    split = evaluation.elbo_split(vae, x, labels, samples=50)
    for label in range(CLASSES):
        one = evaluation.elbo_split(vae, x, np.full(64, label), samples=50)
        assert one["kl"] != pytest.approx(split["kl"], rel=1e-6)
    nll = evaluation.importance_sampled_nll(vae, x, labels, samples=50)
    assert nll.shape == (64,)
    assert nll.mean() <= -split["elbo"] + 0.1


def test_labels_are_wanted_where_the_networks_take_them(vae, make_vae, images, labels):
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        latent.encode(vae, images)
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        evaluation.elbo_split(vae, images)
    with pytest.raises(ValueError, match="takes no labels. Received: labels"):
        latent.decode(make_vae(), np.zeros((64, 2)), labels)


def test_labels_beyond_the_networks_classes_are_refused(vae, images):
    labels = np.arange(64) % (CLASSES + 1)
    message = "Labels must be 0 … 2. Received: labels from 0 to 3"
    with pytest.raises(ValueError, match=message):
        latent.encode(vae, images, labels)
    with pytest.raises(ValueError, match=message):
        latent.decode(vae, np.zeros((64, 2)), labels)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (np.arange(64), "Labels must be 0 … [29]. Received: labels from 0 to 63"),
        (np.full(64, -1), "Labels must be 0 … [29]. Received: labels from -1 to -1"),
        (np.zeros(63, int), r"one per example. Received: 64 .* shape \(63,\)"),
        (np.zeros(64), "must be integers.*dtype float64"),
        (np.eye(3)[np.arange(64) % 3], r"one-hot rows\? take their argmax.*\(64, 3\)"),
    ],
)
def test_what_are_no_labels_is_refused(vae, images, wrong, message):
    with pytest.raises(ValueError, match=message):
        latent.encode(vae, images, wrong)
    with pytest.raises(ValueError, match=message):
        pipeline.training_batches(images, wrong, batch_size=8, epochs=1, seed=0)


def test_sizes_are_checked():
    build = networks.build_fc_encoder
    with pytest.raises(ValueError, match="classes must be a positive.*Received"):
        networks.build_conditional_encoder(build, 2, classes=0)
    with pytest.raises(ValueError, match="latent_dim must be a positive.*Received"):
        networks.build_conditional_decoder(networks.build_fc_decoder, 0)


def test_the_digit_distance_is_frechets():
    """Against the formula with SciPy's matrix root, and by its properties."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(200, 4)) @ rng.normal(size=(4, 4))
    b = 1 + rng.normal(size=(300, 4))
    root = linalg.sqrtm(np.cov(a.T) @ np.cov(b.T)).real
    expected = np.square(a.mean(0) - b.mean(0)).sum()
    expected += np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root)
    assert evaluation.frechet_digit_distance(a, b) == pytest.approx(expected)
    assert evaluation.frechet_digit_distance(b, a) == pytest.approx(expected)
    assert evaluation.frechet_digit_distance(a, a) == pytest.approx(0, abs=1e-8)
    shifted = evaluation.frechet_digit_distance(a, a + [0, 3, 0, 4])
    assert shifted == pytest.approx(25)
    one = evaluation.frechet_digit_distance(a[:, :1], 2 * a[:, :1])
    moved, spread = a[:, 0].mean(), a[:, 0].std(ddof=1)
    assert one == pytest.approx(moved**2 + spread**2)


@pytest.mark.parametrize("shape", [(1, 4), (10,), (10, 3)])
def test_the_digit_distance_needs_two_sets(shape):
    with pytest.raises(ValueError, match=r"n > 1, of the same d. Received: \(10, 4\)"):
        evaluation.frechet_digit_distance(np.zeros((10, 4)), np.zeros(shape))


def test_a_classifier_ends_in_features_and_logits(images):
    classifier = networks.build_classifier()
    assert classifier(pixels.to_unit_interval(images)).shape == (64, 10)
    assert classifier.get_layer("features").output.shape == (None, 64)
    counts = [(16 * i + 1) * o for i, o in ((1, 8), (8, 16), (16, 32), (32, 64))]
    assert classifier.count_params() == sum(counts) + 65 * 10


def test_dropout_drops_while_training_alone(images):
    classifier = networks.build_classifier(dropout=0.5)
    x = pixels.to_unit_interval(images)
    still = [np.array(classifier(x)) for _ in range(2)]
    np.testing.assert_array_equal(*still)
    dropped = np.array(classifier(x, training=True))
    assert np.abs(dropped - still[0]).max() > 0


def test_a_classifiers_sizes_are_checked():
    with pytest.raises(ValueError, match="filters must be a seq.*Received: filters="):
        networks.build_classifier(filters=(8, 0))
    with pytest.raises(ValueError, match="kernel must be a positive.*Received"):
        networks.build_classifier(kernel=0)
