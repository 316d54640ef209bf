import numpy as np
import pytest

from vae_utils import latent


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
def test_tsne_rejects_too_few_points_or_dimensions(shape):
    with pytest.raises(ValueError, match=r"n > 30, latent_dim > 1. Received: z.shape="):
        latent.embed_tsne(np.zeros(shape), seed=0)


def test_tsne_rejects_equal_and_infinite_points():
    with pytest.raises(ValueError, match="differ. Received: the same point 50"):
        latent.embed_tsne(np.ones((50, 3)), seed=0)
    with pytest.raises(ValueError, match="must be finite. Received: 150 values"):
        latent.embed_tsne(np.full((50, 3), np.nan), seed=0)


def test_pca_finds_the_directions_of_largest_variance():
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


def test_pca_rejects_points_without_directions():
    with pytest.raises(ValueError, match="shape"):
        latent.embed_pca(np.zeros((5, 1)))
    with pytest.raises(ValueError, match="PCA needs points that differ"):
        latent.embed_pca(np.ones((5, 3)))
    with pytest.raises(ValueError, match="finite"):
        latent.embed_pca(np.full((5, 3), np.nan))
