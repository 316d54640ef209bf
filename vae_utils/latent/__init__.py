"""Between images and latent space: encode, decode, embed, and places worth decoding.

Everything is decoded in one call, as one batch; the functions take and return NumPy
arrays, ready to be plotted.
"""

from vae_utils.latent.coding import (
    decode,
    decode_sample,
    encode,
    encode_mean,
    reconstruct,
    takes_labels,
)
from vae_utils.latent.embedding import embed_pca, embed_tsne
from vae_utils.latent.places import (
    find_direction,
    interpolate,
    interpolate_spherically,
    prior_quantile_grid,
    sample_posterior,
    sample_prior,
    square_grid,
    traverse,
)

__all__ = [
    "decode",
    "decode_sample",
    "embed_pca",
    "embed_tsne",
    "encode",
    "encode_mean",
    "find_direction",
    "interpolate",
    "interpolate_spherically",
    "prior_quantile_grid",
    "reconstruct",
    "sample_posterior",
    "sample_prior",
    "square_grid",
    "takes_labels",
    "traverse",
]
