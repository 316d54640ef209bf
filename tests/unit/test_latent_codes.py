import numpy as np
import pytest
from scipy import stats

from vae_utils import latent


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
def test_grids_are_in_reading_order(grid):
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


def test_square_grid_is_even_and_reaches_its_limit():
    grid = latent.square_grid(5, 3.0)
    np.testing.assert_allclose(grid[:5, 0], [-3, -1.5, 0, 1.5, 3])
    np.testing.assert_allclose(grid[::5, 1], [3, 1.5, 0, -1.5, -3])


def test_straight_path_has_even_steps():
    start, end = np.array([1.0, 2.0, -1.0]), np.array([3.0, 2.0, 5.0])
    path = latent.interpolate(start, end, 5)
    assert path.dtype == np.float32 and path.shape == (5, 3)
    np.testing.assert_allclose(path[[0, -1]], [start, end])
    np.testing.assert_allclose(
        np.diff(path, axis=0), np.tile((end - start) / 4, (4, 1))
    )


def test_spherical_path_turns_evenly_and_keeps_its_length():
    rng = np.random.default_rng(0)
    start, end = rng.normal(size=(2, 6))
    end *= np.linalg.norm(start) / np.linalg.norm(end)
    path = latent.interpolate_spherically(start, end, 7)
    np.testing.assert_allclose(path[[0, -1]], [start, end], atol=1e-6)
    lengths = np.linalg.norm(path, axis=1)
    np.testing.assert_allclose(lengths, np.linalg.norm(start), rtol=1e-5)
    turns = (path[1:] * path[:-1]).sum(axis=1) / lengths[1:] / lengths[:-1]
    np.testing.assert_allclose(turns, turns[0], rtol=1e-5)


def test_spherical_path_over_a_quarter_circle():
    path = latent.interpolate_spherically([1.0, 0.0], [0.0, 1.0], 3)
    np.testing.assert_allclose(path[1], [np.sqrt(0.5), np.sqrt(0.5)], rtol=1e-6)


@pytest.mark.parametrize("path", [latent.interpolate, latent.interpolate_spherically])
def test_several_paths_at_once(path):
    start, end = np.random.default_rng(0).normal(size=(2, 4, 3))
    together = path(start, end, 6)
    assert together.shape == (4, 6, 3)
    for one, first, last in zip(together, start, end, strict=True):
        np.testing.assert_allclose(one, path(first, last, 6), rtol=1e-6)


def test_spherical_path_from_a_code_to_itself_stays_there():
    z = np.array([0.3, -0.4])
    path = latent.interpolate_spherically(z, z, 4)
    np.testing.assert_allclose(path, np.tile(z, (4, 1)), rtol=1e-6)


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
@pytest.mark.parametrize("path", [latent.interpolate, latent.interpolate_spherically])
def test_rejects_invalid_paths(path, start, end, steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        path(start, end, steps)


def test_spherical_path_rejects_the_origin_and_opposite_codes():
    with pytest.raises(ValueError, match="length 0"):
        latent.interpolate_spherically([0.0, 0.0], [1.0, 0.0], 3)
    with pytest.raises(ValueError, match="180°"):
        latent.interpolate_spherically([2.0, 0.0], [-1.0, 0.0], 3)


def test_traversal_moves_one_coordinate():
    z = np.array([1.0, 2.0, 3.0])
    moved = latent.traverse(z, 1, [-1, 0, 1])
    np.testing.assert_array_equal(moved, [[1, -1, 3], [1, 0, 3], [1, 1, 3]])
    for bad in ((z[None], 0), (z, 3), (z, -1)):
        with pytest.raises(ValueError, match="one of its axes"):
            latent.traverse(*bad, [0])


def test_direction_is_the_difference_of_means():
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


class Prior:
    """A prior whose draws are those of NumPy's generator, doubled."""

    def draw(self, count, rng):
        return 2 * rng.standard_normal((count, 3), dtype=np.float32)


class Model:
    prior = Prior()
    sample = None  # the ability that drawing codes asks for


def test_codes_are_drawn_from_the_models_own_prior():
    codes = latent.draw_codes(Model(), 5, seed=4)
    np.testing.assert_array_equal(codes, 2 * latent.sample_prior(5, 3, seed=4))


def test_codes_of_a_standard_normal_prior_are_those_of_sample_prior(make_vae):
    codes = latent.draw_codes(make_vae(latent_dim=3), 5, seed=4)
    np.testing.assert_array_equal(codes, latent.sample_prior(5, 3, seed=4))
