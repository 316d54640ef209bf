"""Codes of many dimensions, arranged in two."""

import numpy as np

from vae_utils.checks import check_finite

PERPLEXITY = 30  # effective number of neighbours of a point, in t-SNE


def embed_tsne(z, seed: int) -> np.ndarray:
    """Arranges points of many dimensions in two, with neighbours close together.

    Only the neighbourhoods survive, roughly. Sizes of clusters, and distances between
    them, mean nothing.

    Args:
        z: points, shape (n, latent_dim).
        seed: int.

    Returns:
        Points, shape (n, 2), float32.

    Raises:
        ValueError: if `z` has another shape or no more than 30 points (a point has
            about as many neighbours), or is not finite, or all points are the same.

    Source:
        van der Maaten and Hinton (2008),
        https://www.jmlr.org/papers/v9/vandermaaten08a.html.
    """
    z = np.asarray(z, dtype=np.float32)
    if z.ndim != 2 or len(z) <= PERPLEXITY or z.shape[1] < 2:
        raise ValueError(
            f"z must have shape (n, latent_dim), n > {PERPLEXITY}, latent_dim > 1. "
            f"Received: z.shape={z.shape}"
        )
    _check_points(z, "t-SNE")
    from sklearn.manifold import TSNE  # takes a second to import
    from threadpoolctl import threadpool_limits

    embedding = TSNE(perplexity=PERPLEXITY, init="pca", random_state=seed)
    # Waiting OpenMP threads compete with TensorFlow's and slow this down many times.
    with threadpool_limits(limits=1):
        return embedding.fit_transform(z)


def embed_pca(z) -> tuple[np.ndarray, np.ndarray]:
    """Projects points onto the two directions in which they vary most.

    Args:
        z: points, shape (n, latent_dim).

    Returns:
        Points, float32, shape (n, 2), and the share of the whole variance
        along each of the two directions, shape (2,).

    Raises:
        ValueError: if `z` has another shape or is not finite, or all points are equal.
    """
    z = np.asarray(z, dtype=np.float32)
    if z.ndim != 2 or len(z) < 2 or z.shape[1] < 2:
        raise ValueError(
            "z must have shape (n, latent_dim), n > 1, latent_dim > 1. "
            f"Received: z.shape={z.shape}"
        )
    _check_points(z, "PCA")
    from sklearn.decomposition import PCA  # takes a second to import

    pca = PCA(2)
    return pca.fit_transform(z).astype(np.float32), pca.explained_variance_ratio_


def _check_points(z, name):
    check_finite(z, "z")
    if not np.ptp(z, axis=0).any():
        raise ValueError(
            f"{name} needs points that differ. Received: the same point {len(z)} times"
        )
