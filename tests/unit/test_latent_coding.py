import numpy as np
import pytest
from scipy import special, stats

from vae_utils import latent, likelihoods, models, networks


@pytest.fixture
def vae(make_vae):
    """A VAE whose weights are not small, so that what it decodes is not all grey."""
    vae = make_vae()
    rng = np.random.default_rng(0)
    for network in (vae.encoder, vae.decoder):
        network.set_weights(
            [rng.normal(size=w.shape, scale=0.3) for w in network.weights]
        )
    return vae


def logits_of(vae, z):
    """Logits of the decoder, written out."""
    (kernel, bias), (last, last_bias) = (
        layer.get_weights() for layer in vae.decoder.layers if layer.weights
    )
    hidden = np.maximum(np.float64(z) @ kernel + bias, 0)
    return (hidden @ last + last_bias).reshape(-1, 28, 28, 1)


def test_a_vae_encodes_to_means_and_log_variances(vae, images):
    z_mean, z_log_var = latent.encode(vae, images)
    assert {type(z_mean), type(z_log_var)} == {np.ndarray}
    assert z_mean.shape == z_log_var.shape == (64, 2)
    assert z_mean.dtype == np.float32
    dense = [layer for layer in vae.encoder.layers if layer.weights]
    kernels, biases = zip(*(layer.get_weights() for layer in dense), strict=True)
    x = images.reshape(64, 784) / 255
    hidden = np.maximum(x @ kernels[0] + biases[0], 0)
    at = [layer.name for layer in dense].index
    mean = hidden @ kernels[at("z_mean")] + biases[at("z_mean")]
    np.testing.assert_allclose(z_mean, mean, rtol=1e-4, atol=1e-5)
    raw = hidden @ kernels[at("z_log_var")] + biases[at("z_log_var")]
    np.testing.assert_allclose(z_log_var, 10 * np.tanh(raw / 10), rtol=1e-4, atol=1e-5)


def test_an_autoencoder_encodes_to_codes(images):
    autoencoder = models.Autoencoder(
        networks.build_fc_encoder(3, (4,), head=networks.code_head),
        networks.build_fc_decoder(3, (4,)),
        likelihoods.Bernoulli(),
    )
    codes = latent.encode(autoencoder, images)
    assert type(codes) is np.ndarray
    assert codes.shape == (64, 3)
    decoded = latent.decode(autoencoder, codes)
    assert decoded.shape == (64, 28, 28, 1)


def test_batches_and_types_change_nothing(vae, images):
    whole = latent.encode(vae, images)
    for given in (images[..., None], images / 255):
        np.testing.assert_allclose(
            latent.encode(vae, given, batch_size=10), whole, atol=1e-5
        )
    z = whole[0]
    for decode in (latent.decode, lambda *a, **b: latent.decode_sample(*a, 0, **b)):
        np.testing.assert_allclose(
            decode(vae, z, batch_size=10), decode(vae, z), atol=1e-5
        )


def test_labels_and_other_sizes_are_no_images(vae, images):
    with pytest.raises(ValueError, match=r"Images must have.*Received: shape=\(64,\)"):
        latent.encode(vae, np.zeros(64, np.uint8))
    message = r"takes images of shape \(28, 28, 1\).*Received: .*\(14, 28, 1\)"
    with pytest.raises(ValueError, match=message):
        latent.encode(vae, images[:, ::2])


def test_decoding_gives_the_mean_image(vae):
    z = np.array([[0, 0], [1, -1], [3, 2]])
    mean = latent.decode(vae, z)
    assert type(mean) is np.ndarray
    assert mean.shape == (3, 28, 28, 1)
    assert mean.dtype == np.float32
    np.testing.assert_allclose(mean, special.expit(logits_of(vae, z)), atol=1e-5)
    assert mean.min() >= 0
    assert mean.max() <= 1


def test_decoded_samples_are_drawn_from_the_mean_image(vae):
    z = np.tile([[1.0, -1.0]], (1000, 1))
    samples = latent.decode_sample(vae, z, seed=1)
    assert type(samples) is np.ndarray
    assert samples.shape == (1000, 28, 28, 1)
    assert set(np.unique(samples)) == {0.0, 1.0}
    p = special.expit(logits_of(vae, z[:1]))[0]
    error = np.abs(samples.mean(axis=0) - p)
    assert (error <= 5 * np.sqrt(p * (1 - p) / 1000) + 1e-3).all()
    assert not np.array_equal(samples[0], samples[1])


def test_equal_seeds_sample_equally(vae):
    z = np.zeros((3, 2))
    first, same, other = (
        latent.decode_sample(vae, z, seed=seed, batch_size=2) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("shape", [(2,), (4, 3), (1, 4, 2), (4, 1)])
def test_points_of_another_latent_space_are_refused(vae, shape):
    for decode in (latent.decode, lambda *args: latent.decode_sample(*args, seed=0)):
        with pytest.raises(ValueError) as error:
            decode(vae, np.zeros(shape))
        assert (
            f"shape (n, 2), n > 0, to fit the decoder. Received: z.shape={shape}"
            in (str(error.value))
        )


def test_posterior_samples_have_the_moments_asked_for():
    mean = np.array([[0.5, -1.5], [2.0, 0.0]], np.float32)
    log_var = np.array([[0.0, -2.0], [1.0, -4.0]], np.float32)
    z = latent.sample_posterior(
        np.tile(mean, (20_000, 1)), np.tile(log_var, (20_000, 1)), seed=0
    )
    assert z.shape == (40_000, 2)
    assert z.dtype == np.float32
    z, sigma = z.reshape(20_000, 2, 2), np.exp(log_var / 2)
    error = np.abs(z.mean(axis=0) - mean)
    assert (error < 5 * sigma / 20_000**0.5).all()
    np.testing.assert_allclose(z.std(axis=0), sigma, rtol=0.03)
    assert stats.kstest((z[:, 0, 0] - 0.5), "norm").pvalue > 0.001


def test_prior_samples_are_standard_normal():
    z = latent.sample_prior(20_000, 3, seed=0)
    assert z.shape == (20_000, 3)
    assert z.dtype == np.float32
    for dimension in z.T:
        assert stats.kstest(dimension, "norm").pvalue > 0.001
    np.testing.assert_allclose(np.corrcoef(z.T), np.eye(3), atol=5 / 20_000**0.5)


@pytest.mark.parametrize(
    "sample",
    [
        lambda seed: latent.sample_prior(5, 2, seed),
        lambda seed: latent.sample_posterior(np.zeros((5, 2)), np.zeros((5, 2)), seed),
    ],
)
def test_equal_seeds_give_equal_points(sample):
    np.testing.assert_array_equal(sample(1), sample(1))
    assert not np.array_equal(sample(1), sample(2))


@pytest.mark.parametrize(
    "grid", [latent.prior_quantile_grid(5), latent.square_grid(5, 3.0)]
)
def test_grids_are_read_like_a_page(grid):
    assert grid.shape == (25, 2)
    assert grid.dtype == np.float32
    z1, z2 = grid[:, 0].reshape(5, 5), grid[:, 1].reshape(5, 5)
    assert tuple(grid[0]) == (z1.min(), z2.max())  # top left
    assert tuple(grid[-1]) == (z1.max(), z2.min())  # bottom right
    assert (np.diff(z1, axis=1) > 0).all()  # rightwards
    assert (np.diff(z2, axis=0) < 0).all()  # downwards
    assert (z1 == z1[0]).all()
    assert (z2 == z2[:, :1]).all()
    np.testing.assert_allclose(z1[0], -z1[0, ::-1], atol=1e-6)


@pytest.mark.parametrize("side", [1, 2, 5, 20])
def test_quantile_cells_are_equally_probable(side):
    grid = latent.prior_quantile_grid(side)
    middles = (np.arange(side) + 0.5) / side
    np.testing.assert_allclose(stats.norm.cdf(grid[:side, 0]), middles, atol=1e-6)
    np.testing.assert_allclose(
        stats.norm.cdf(grid[::side, 1]), middles[::-1], atol=1e-6
    )


def test_a_square_grid_is_even_and_reaches_its_limit():
    grid = latent.square_grid(5, 3.0)
    np.testing.assert_allclose(grid[:5, 0], [-3, -1.5, 0, 1.5, 3])
    np.testing.assert_allclose(grid[::5, 1], [3, 1.5, 0, -1.5, -3])


def test_tsne_keeps_groups_together():
    rng = np.random.default_rng(0)
    centres = 20 * np.eye(3, 5)
    z = np.concatenate([centre + rng.normal(size=(40, 5)) for centre in centres])
    groups = np.repeat(range(3), 40)
    places = latent.embed_tsne(z, seed=0)
    assert places.shape == (120, 2)
    assert places.dtype == np.float32
    distances = np.linalg.norm(places[:, None] - places, axis=-1)
    np.fill_diagonal(distances, np.inf)
    np.testing.assert_array_equal(groups[distances.argmin(axis=1)], groups)
    np.testing.assert_array_equal(places, latent.embed_tsne(z, seed=0))


@pytest.mark.parametrize("shape", [(30, 5), (100,), (0, 5), (100, 1)])
def test_tsne_needs_enough_points_and_dimensions(shape):
    with pytest.raises(ValueError, match=r"n > 30, latent_dim > 1. Received: z.shape="):
        latent.embed_tsne(np.zeros(shape), seed=0)


def test_tsne_refuses_what_would_crash_it():
    with pytest.raises(ValueError, match="points that differ. Received: one point, 50"):
        latent.embed_tsne(np.ones((50, 3)), seed=0)
    with pytest.raises(ValueError, match="must be finite. Received: 150 values"):
        latent.embed_tsne(np.full((50, 3), np.nan), seed=0)


def test_a_straight_walk_has_even_steps():
    start, end = np.array([1.0, 2.0, -1.0]), np.array([3.0, 2.0, 5.0])
    walk = latent.interpolate(start, end, 5)
    assert walk.dtype == np.float32 and walk.shape == (5, 3)
    np.testing.assert_allclose(walk[[0, -1]], [start, end])
    np.testing.assert_allclose(
        np.diff(walk, axis=0), np.tile((end - start) / 4, (4, 1))
    )


def test_a_spherical_walk_turns_evenly_and_keeps_its_length():
    rng = np.random.default_rng(0)
    start, end = rng.normal(size=(2, 6))
    end *= np.linalg.norm(start) / np.linalg.norm(end)
    walk = latent.interpolate_spherically(start, end, 7)
    np.testing.assert_allclose(walk[[0, -1]], [start, end], atol=1e-6)
    lengths = np.linalg.norm(walk, axis=1)
    np.testing.assert_allclose(lengths, np.linalg.norm(start), rtol=1e-5)
    turns = (walk[1:] * walk[:-1]).sum(axis=1) / lengths[1:] / lengths[:-1]
    np.testing.assert_allclose(turns, turns[0], rtol=1e-5)


def test_a_quarter_circle():
    walk = latent.interpolate_spherically([1.0, 0.0], [0.0, 1.0], 3)
    np.testing.assert_allclose(walk[1], [np.sqrt(0.5), np.sqrt(0.5)], rtol=1e-6)


@pytest.mark.parametrize("walk", [latent.interpolate, latent.interpolate_spherically])
def test_many_walks_are_walked_at_once(walk):
    start, end = np.random.default_rng(0).normal(size=(2, 4, 3))
    together = walk(start, end, 6)
    assert together.shape == (4, 6, 3)
    for one, first, last in zip(together, start, end, strict=True):
        np.testing.assert_allclose(one, walk(first, last, 6), rtol=1e-6)


def test_from_a_code_to_itself_there_is_no_way():
    z = np.array([0.3, -0.4])
    walk = latent.interpolate_spherically(z, z, 4)
    np.testing.assert_allclose(walk, np.tile(z, (4, 1)), rtol=1e-6)


@pytest.mark.parametrize(
    ("start", "end", "steps", "sentence"),
    [
        (np.zeros(2), np.zeros(3), 3, "of one shape"),
        (np.zeros((1, 1, 2)), np.zeros((1, 1, 2)), 3, "of one shape"),
        (np.ones(2), np.ones(2), 1, "2 or more"),
        (np.ones(2), np.ones(2), 2.5, "steps"),
        (np.ones(2), np.array([np.nan, 1]), 3, "start and end must be finite"),
    ],
)
@pytest.mark.parametrize("walk", [latent.interpolate, latent.interpolate_spherically])
def test_walks_that_are_none_are_refused(walk, start, end, steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        walk(start, end, steps)


def test_an_arc_needs_two_directions():
    with pytest.raises(ValueError, match="length 0"):
        latent.interpolate_spherically([0.0, 0.0], [1.0, 0.0], 3)
    with pytest.raises(ValueError, match="180°"):
        latent.interpolate_spherically([2.0, 0.0], [-1.0, 0.0], 3)


def test_a_traversal_moves_one_coordinate():
    z = np.array([1.0, 2.0, 3.0])
    moved = latent.traverse(z, 1, [-1, 0, 1])
    np.testing.assert_array_equal(moved, [[1, -1, 3], [1, 0, 3], [1, 1, 3]])
    for bad in ((z[None], 0), (z, 3), (z, -1)):
        with pytest.raises(ValueError, match="one of its axes"):
            latent.traverse(*bad, [0])


def test_a_direction_leads_from_one_group_to_the_other():
    rng = np.random.default_rng(0)
    z = rng.normal(0, 0.1, (100, 3))
    chosen = np.arange(100) < 50
    z[chosen] += [1, 0, -2]
    step = latent.find_direction(z, chosen, ~chosen)
    np.testing.assert_allclose(step, [1, 0, -2], atol=0.1)
    with pytest.raises(ValueError, match="Received: 0 chosen, 50 others"):
        latent.find_direction(z, np.zeros(100, bool), ~chosen)
    with pytest.raises(ValueError, match="shape"):
        latent.find_direction(z, chosen[:5], ~chosen)
    with pytest.raises(ValueError, match="bools of shape"):
        latent.find_direction(z, chosen.astype(int), ~chosen)


def test_pca_finds_where_points_vary_most():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(500, 4)) * [0.1, 3.0, 0.2, 1.0]
    places, shares = latent.embed_pca(z)
    assert places.shape == (500, 2) and places.dtype == np.float32
    centred = z - z.mean(axis=0)
    for column, axis in ((0, 1), (1, 3)):
        match = np.corrcoef(places[:, column], centred[:, axis])[0, 1]
        assert abs(match) > 0.98
    variances = np.linalg.eigvalsh(np.cov(z.T))[::-1]
    np.testing.assert_allclose(shares, (variances / variances.sum())[:2], rtol=1e-4)


def test_pca_refuses_what_has_no_directions():
    with pytest.raises(ValueError, match="shape"):
        latent.embed_pca(np.zeros((5, 1)))
    with pytest.raises(ValueError, match="PCA needs points that differ"):
        latent.embed_pca(np.ones((5, 3)))
    with pytest.raises(ValueError, match="finite"):
        latent.embed_pca(np.full((5, 3), np.nan))
