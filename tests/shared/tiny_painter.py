"""A small code prior with weights large enough that codes matter, for the painter."""

import numpy as np

from vae_utils import models
from vae_utils.configurations import CodePriorConfiguration

SIZES = {
    "codes": 8,
    "code_dim": 4,
    "width": 4,
    "prior_width": 8,
    "prior_heads": 2,
    "prior_depth": 1,
}


def make_prior(image_shape=(28, 28, 1), scale=0.7, **sizes):
    """Makes a model whose weights are drawn at random."""
    configuration = CodePriorConfiguration(**(SIZES | sizes))
    model = models.build(configuration, image_shape=image_shape, classes=10, seed=0)
    rng = np.random.default_rng(0)
    for part in model.parts.values():
        shapes = [w.shape for w in part.get_weights()]
        part.set_weights([rng.normal(0, scale, s).astype(np.float32) for s in shapes])
    return model
