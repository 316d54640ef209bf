import numpy as np
import pytest
from scipy import special

from vae_utils import distributions, latent, likelihoods, models, networks

pytestmark = pytest.mark.core

SHAPE = (5, 4, 3)  # of the images of `vae`
CLASSES = 3


@pytest.fixture
def colours():
    return np.random.default_rng(1).integers(0, 256, (20, *SHAPE), np.uint8)


@pytest.fixture
def vae(make_vae):
    """A VAE whose weights are not small, so that what it decodes is not all grey."""
    vae = make_vae(image_shape=SHAPE)
    rng = np.random.default_rng(0)
    for network in (vae.encoder, vae.decoder):
        network.set_weights(
            [rng.normal(size=w.shape, scale=0.3) for w in network.weights]
        )
    return vae


def logits_of(vae, z):
    """Computes logits of the decoder, written out."""
    (kernel, bias), (last, last_bias) = (
        layer.get_weights() for layer in vae.decoder.layers if layer.weights
    )
    hidden = np.maximum(np.float64(z) @ kernel + bias, 0)
    return (hidden @ last + last_bias).reshape(-1, *SHAPE)


def test_vae_encodes_to_means_and_log_variances(vae, colours):
    q = latent.encode(vae, colours)
    z_mean, z_log_var = q
    assert isinstance(q, distributions.DiagonalGaussian)
    assert {type(z_mean), type(z_log_var)} == {np.ndarray}
    assert z_mean.shape == z_log_var.shape == (20, 2)
    assert z_mean.dtype == np.float32
    dense = [layer for layer in vae.encoder.layers if layer.weights]
    kernels, biases = zip(*(layer.get_weights() for layer in dense), strict=True)
    x = colours.reshape(20, 60) / 255
    hidden = np.maximum(x @ kernels[0] + biases[0], 0)
    at = [layer.name for layer in dense].index
    mean = hidden @ kernels[at("z_mean")] + biases[at("z_mean")]
    np.testing.assert_allclose(z_mean, mean, rtol=1e-4, atol=1e-5)
    raw = hidden @ kernels[at("z_log_var")] + biases[at("z_log_var")]
    np.testing.assert_allclose(z_log_var, 10 * np.tanh(raw / 10), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(latent.encode_mean(vae, colours), z_mean)


def test_autoencoder_encodes_to_codes(colours):
    sizes = {"hidden": (4,), "image_shape": SHAPE}
    autoencoder = models.Autoencoder(
        networks.build_fc_encoder(3, head=networks.code_head, **sizes),
        networks.build_fc_decoder(3, **sizes),
        likelihoods.Bernoulli(),
    )
    point = latent.encode(autoencoder, colours)
    assert isinstance(point, distributions.Point)
    codes = latent.encode_mean(autoencoder, colours)
    assert type(codes) is np.ndarray and codes.shape == (20, 3)
    np.testing.assert_array_equal(point.mean, codes)
    decoded = latent.decode(autoencoder, codes)
    assert decoded.shape == colours.shape
    np.testing.assert_array_equal(latent.reconstruct(autoencoder, colours), decoded)


def test_batches_and_types_change_nothing(vae, colours):
    whole = latent.encode(vae, colours)
    for given in (colours, colours / 255):
        some = latent.encode(vae, given, batch_size=7)
        np.testing.assert_allclose(some, whole, atol=1e-5)
    z = whole[0]
    for decode in (latent.decode, lambda *a, **b: latent.decode_sample(*a, 0, **b)):
        np.testing.assert_allclose(
            decode(vae, z, batch_size=7), decode(vae, z), atol=1e-5
        )


def test_grey_images_need_no_channel_axis(make_vae, data):
    vae = make_vae()
    np.testing.assert_array_equal(
        latent.encode_mean(vae, data.x_val),
        latent.encode_mean(vae, data.x_val[..., None]),
    )


def test_rejects_other_arrays_and_image_shapes(vae, colours):
    with pytest.raises(ValueError, match=r"Images must have.*Received: shape=\(20,\)"):
        latent.encode(vae, np.zeros(20, np.uint8))
    message = r"takes images of shape \(5, 4, 3\).*Received: .*\(4, 5, 3\)"
    with pytest.raises(ValueError, match=message):
        latent.encode(vae, colours.transpose(0, 2, 1, 3))


def test_decodes_to_the_mean_image(vae):
    z = np.array([[0, 0], [1, -1], [3, 2]])
    mean = latent.decode(vae, z)
    assert type(mean) is np.ndarray
    assert mean.shape == (3, *SHAPE)
    assert mean.dtype == np.float32
    np.testing.assert_allclose(mean, special.expit(logits_of(vae, z)), atol=1e-5)
    logits = latent.decode_logits(vae, z)
    np.testing.assert_allclose(logits, logits_of(vae, z), atol=1e-5)


def test_reconstructs_from_the_mean_of_the_posterior(vae, colours):
    z_mean, _ = latent.encode(vae, colours)
    expected = special.expit(logits_of(vae, z_mean))
    np.testing.assert_allclose(latent.reconstruct(vae, colours), expected, atol=1e-5)


def test_decoded_samples_are_drawn_from_the_mean_image(vae):
    z = np.tile([[1.0, -1.0]], (1000, 1))
    samples = latent.decode_sample(vae, z, seed=1)
    assert type(samples) is np.ndarray
    assert samples.shape == (1000, *SHAPE)
    assert set(np.unique(samples)) == {0.0, 1.0}
    p = special.expit(logits_of(vae, z[:1]))[0]
    error = np.abs(samples.mean(axis=0) - p)
    assert (error <= 5 * np.sqrt(p * (1 - p) / 1000) + 1e-3).all()
    assert not np.array_equal(samples[0], samples[1])


def test_equal_seeds_give_equal_samples(vae):
    z = np.zeros((3, 2))
    first, same, other = (
        latent.decode_sample(vae, z, seed=seed, batch_size=2) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("shape", [(2,), (4, 3), (1, 4, 2), (4, 1), (0, 2)])
def test_rejects_codes_of_another_shape(vae, shape):
    for decode in (latent.decode, lambda *args: latent.decode_sample(*args, seed=0)):
        with pytest.raises(ValueError) as error:
            decode(vae, np.zeros(shape))
        assert (
            f"shape (n, 2), n > 0, to fit the decoder. Received: z.shape={shape}"
            in (str(error.value))
        )


def test_rejects_infinite_codes(vae):
    with pytest.raises(ValueError, match="z must be finite. Received: 1 values"):
        latent.decode(vae, [[0.0, np.inf]])


@pytest.fixture
def conditional():
    sizes = {"classes": CLASSES, "image_shape": SHAPE}
    return models.ConditionalVAE(
        networks.build_conditional_encoder(networks.build_fc_encoder, 2, (), **sizes),
        networks.build_conditional_decoder(networks.build_fc_decoder, 2, (), **sizes),
        likelihoods.Bernoulli(),
    )


def test_labels_stay_with_their_images(conditional, colours):
    labels = np.arange(20) % CLASSES
    codes = latent.encode_mean(conditional, colours, labels, batch_size=7)
    means = latent.decode(conditional, codes, labels, batch_size=7)
    rebuilt = latent.reconstruct(conditional, colours, labels)
    np.testing.assert_allclose(rebuilt, means, atol=1e-6)
    for label in range(CLASSES):
        rows = labels == label
        one = np.full(rows.sum(), label)
        alone = latent.encode_mean(conditional, colours[rows], one)
        np.testing.assert_allclose(codes[rows], alone, atol=1e-5)
        alone = latent.decode(conditional, codes[rows], one)
        np.testing.assert_allclose(means[rows], alone, atol=1e-5)


def test_only_a_conditional_model_takes_labels(conditional, vae, colours):
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        latent.encode(conditional, colours)
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        latent.decode(conditional, np.zeros((20, 2)))
    with pytest.raises(ValueError, match="takes no labels. Received: labels"):
        latent.decode(vae, np.zeros((20, 2)), np.zeros(20, int))
    assert latent.check_model_labels(vae, None, 20) is None


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(20) % 4, "Labels must be 0 … 2. Received: labels from 0 to 3"),
        (np.full(20, -1), "Labels must be 0 … 2. Received: labels from -1 to -1"),
        (np.zeros(19, int), r"one per example. Received: 20 .* shape \(19,\)"),
        (np.zeros(20), "must be integers.*dtype float64"),
        (np.eye(3)[np.arange(20) % 3], r"one-hot rows\? take their argmax.*\(20, 3\)"),
    ],
)
def test_rejects_invalid_labels(conditional, colours, labels, message):
    with pytest.raises(ValueError, match=message):
        latent.encode(conditional, colours, labels)
    with pytest.raises(ValueError, match=message):
        latent.decode(conditional, np.zeros((20, 2)), labels)
