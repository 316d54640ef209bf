"""Between images and latent space: encode, decode, embed, and codes worth decoding.

Everything is decoded in one call, as one batch; the functions take and return NumPy
arrays, ready to be plotted.
"""

from vae_utils.latent.codes import (
    draw_codes,
    draw_posterior,
    find_direction,
    interpolate,
    interpolate_spherically,
    prior_quantile_grid,
    sample_posterior,
    sample_prior,
    square_grid,
    traverse,
)
from vae_utils.latent.coding import (
    check_model_labels,
    decode,
    decode_logits,
    decode_sample,
    encode,
    encode_mean,
    reconstruct,
)
from vae_utils.latent.collapse import Collapse, are_same_images, find_collapse
from vae_utils.latent.discrete import draw_codes_of, find_codes
from vae_utils.latent.embedding import PERPLEXITY, embed_pca, embed_tsne

__all__ = [
    "PERPLEXITY",
    "Collapse",
    "are_same_images",
    "check_model_labels",
    "decode",
    "decode_logits",
    "decode_sample",
    "draw_codes",
    "draw_codes_of",
    "draw_posterior",
    "embed_pca",
    "embed_tsne",
    "encode",
    "encode_mean",
    "find_codes",
    "find_collapse",
    "find_direction",
    "interpolate",
    "interpolate_spherically",
    "prior_quantile_grid",
    "reconstruct",
    "sample_posterior",
    "sample_prior",
    "square_grid",
    "traverse",
]
