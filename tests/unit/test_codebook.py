"""A codebook, and the VQ-VAE around it."""

import numpy as np
import pytest
from keras import ops

from vae_utils import evaluation, latent, models
from vae_utils.configurations import VAEConfiguration, VQVAEConfiguration

pytestmark = pytest.mark.core

SHAPE = (8, 8, 1)
SMALL = VQVAEConfiguration(codes=6, code_dim=3, width=4, batch_size=4)
rng = np.random.default_rng(0)


def build(configuration=SMALL, seed=0):
    return models.build(configuration, image_shape=SHAPE, classes=4, seed=seed)


def make_codebook(vectors, **options):
    codebook = models.Codebook(*np.shape(vectors), **options)
    codebook.start_at(np.array(vectors, np.float32))
    return codebook


def learn(codebook, features, indices):
    features = ops.convert_to_tensor(np.array(features, np.float32))
    codebook.learn(features, ops.convert_to_tensor(np.array(indices, np.int32)))


def test_finds_the_nearest_vector():
    codebook = make_codebook(rng.normal(size=(7, 3)))
    features = rng.normal(size=(4, 5, 3)).astype(np.float32)
    vectors = np.array(codebook.vectors)
    distances = ((features[..., None, :] - vectors) ** 2).sum(axis=-1)
    found = ops.convert_to_numpy(codebook.find(ops.convert_to_tensor(features)))
    np.testing.assert_array_equal(found, distances.argmin(axis=-1))
    taken = ops.convert_to_numpy(codebook.take(ops.convert_to_tensor(found)))
    np.testing.assert_array_equal(taken, vectors[found])
    called = ops.convert_to_numpy(codebook(ops.convert_to_tensor(features)))
    np.testing.assert_allclose(called, taken, atol=1e-6)


def test_copies_of_a_vector_serve_as_one():
    codebook = make_codebook([[1.0, 2.0], [1.0, 2.0], [5.0, 5.0]])
    features = ops.convert_to_tensor(np.array([[1.5, 2.0]], np.float32))
    np.testing.assert_allclose(ops.convert_to_numpy(codebook(features)), [[1.0, 2.0]])


def test_a_vector_becomes_the_mean_of_its_features():
    codebook = make_codebook([[0.0, 0.0], [9.0, 9.0]], smoothing=0.0, patience=5)
    learn(codebook, [[1, 1], [3, 1], [8, 10]], [0, 0, 1])
    np.testing.assert_allclose(codebook.vectors, [[2, 1], [8, 10]])


def test_a_vector_moves_as_a_moving_average():
    codebook = make_codebook([[0.0], [9.0]], smoothing=0.75, patience=5)
    learn(codebook, [[4.0]], [0])
    # 0.75 · (sum 0, count 1) + 0.25 · (sum 4, count 1); what is unused stays.
    np.testing.assert_allclose(codebook.vectors, [[1.0], [9.0]], rtol=1e-6)
    learn(codebook, [[5.0], [5.0]], [0, 0])
    np.testing.assert_allclose(codebook.vectors[0], (0.75 * 1 + 2.5) / 1.25, rtol=1e-6)


def test_a_dead_vector_restarts_at_a_feature():
    codebook = make_codebook([[0.0], [9.0], [8.0]], smoothing=0.5, patience=2)
    features = [[1.0], [2.0], [3.0]]
    for _ in range(2):
        learn(codebook, features, [0, 0, 0])
        np.testing.assert_allclose(codebook.vectors[1:], [[9.0], [8.0]])
    np.testing.assert_array_equal(codebook.unused, [0, 2, 2])
    learn(codebook, features, [0, 0, 0])  # the third batch without use
    restarted = np.array(codebook.vectors)[1:].ravel()
    assert set(restarted) <= {1.0, 2.0, 3.0} and len(set(restarted)) == 2
    np.testing.assert_array_equal(codebook.unused, [0, 0, 0])


def test_a_vector_without_use_stays_however_long():
    codebook = make_codebook([[0.0], [9.0]], smoothing=0.5, patience=10**6)
    for _ in range(60):
        learn(codebook, [[1.0], [2.0]], [0, 0])
    np.testing.assert_array_equal(codebook.vectors[1], [9.0])
    learn(codebook, [[11.0]], [1])  # and follows as soon as it is used again
    assert 9 < float(codebook.vectors[1][0]) <= 11


def test_a_new_codebook_starts_at_features():
    codebook = models.Codebook(5, 2)
    features = rng.normal(10, 1, size=(50, 2)).astype(np.float32)
    indices = ops.convert_to_numpy(codebook.find(ops.convert_to_tensor(features)))
    learn(codebook, features, indices)
    distances = ((np.array(codebook.vectors)[:, None] - features) ** 2).sum(axis=-1)
    assert distances.min(axis=1).max() < 4  # the features' own spread is 1


def test_the_decoder_gets_the_vectors_themselves():
    model = build()
    x = ops.convert_to_tensor(rng.random((4, *SHAPE)).astype(np.float32))
    outputs = model(x)
    k = model.find_codes(x)
    logits = model.logits(model.take_codes(k))  # of the exchanged vectors
    np.testing.assert_allclose(outputs["logits"], logits, atol=1e-5)


def test_commitment_is_the_distance_to_the_vectors():
    model = build()
    x = ops.convert_to_tensor(rng.random((4, *SHAPE)).astype(np.float32))
    features = ops.convert_to_numpy(model.encoder(x)).reshape(4, -1)
    codes = ops.convert_to_numpy(model.encode(x).mean)
    expected = ((features - codes) ** 2).sum(axis=1)
    np.testing.assert_allclose(model.terms(x)["commitment"], expected, rtol=1e-4)


def test_a_codebook_must_not_be_larger_than_a_batch():
    large = VQVAEConfiguration(codes=17, batch_size=4)
    with pytest.raises(ValueError, match="4 has 16 places .* Received: codes=17"):
        build(large)


def test_parts_that_do_not_fit_are_refused():
    model = build()
    parts = model.encoder, model.decoder, model.likelihood
    with pytest.raises(ValueError, match="vector of the codebook for each place"):
        models.VQVAE(*parts, models.Codebook(6, 5), commitment=1.0, grid=(2, 2))


def test_usage_counts_vectors():
    usage = evaluation.codebook_usage(np.array([[0, 0], [2, 2]]), 4)
    np.testing.assert_allclose(usage.shares, [0.5, 0, 0.5, 0])
    assert usage.used == 2 and usage.perplexity == pytest.approx(2)


@pytest.mark.parametrize("codes", [[4], [-1], [0.5], []])
def test_usage_refuses_what_is_no_index(codes):
    with pytest.raises(ValueError, match="indices from 0 to 3"):
        evaluation.codebook_usage(np.array(codes), 4)


def test_a_model_without_a_codebook_has_no_discrete_codes():
    vae = build(VAEConfiguration(hidden=(4,)))
    with pytest.raises(ValueError, match="has no codebook"):
        latent.find_codes(vae, rng.random((2, *SHAPE)))
