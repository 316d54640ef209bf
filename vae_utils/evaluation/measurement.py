"""What several metrics need of one model and one data set, computed once."""

import dataclasses
import functools

import numpy as np

from vae_utils import latent, lazy_images
from vae_utils.checks import check_positive_integer

BINARISATION_SEED = 0  # of test images, the same for every model
DEQUANTISATION_SEED = 0  # of the noise that spreads bytes over their cells
POSTERIOR_SEED = 0  # of the sampled codes behind `rmse_sampled`
PRIOR_SEED = 0  # of the codes that generated images are decoded from
TEST_STRIDE = 10  # importance sampling uses each such test image: the first are easier
BLOCK = 1000  # images handled at a time, a multiple of that
SAME_IMAGES_SAMPLES = 10  # draws of z for the ELBO of those images


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One model on one data set.

    Args:
        model: `models.VAE` or another model.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.
        binarisation: of the images that the model was trained on.
        dequantisation: of these images.
        classifier: trained, as built by `networks.build_classifier`; None leaves out
            what it measures of generated images.

    Raises:
        ValueError: if `is_samples` is not a positive integer.
    """

    model: object
    data: object
    is_samples: int | None = None
    binarisation: str = "dynamic"
    dequantisation: str = "none"
    classifier: object = None

    def __post_init__(self):
        if self.is_samples is not None:
            meaning = "the draws of z per image"
            check_positive_integer(self.is_samples, "is_samples", meaning)

    @property
    def labels(self) -> np.ndarray | None:
        """Labels of the test images; None for a model that takes none."""
        return self.data.y_test if self.model.conditional else None

    @functools.cached_property
    def x_binarised(self) -> lazy_images.LazyImages:
        """The test images, binarised once."""
        return lazy_images.binarise(self.data.x_test, "dynamic", BINARISATION_SEED)

    @functools.cached_property
    def x_as_trained(self) -> lazy_images.LazyImages:
        """The test images, binarised as those that the model was trained on."""
        kind = self.binarisation
        return lazy_images.binarise(self.data.x_test, kind, BINARISATION_SEED)

    @property
    def x_dequantised(self) -> lazy_images.LazyImages:
        """The test images as those that a density was trained on, dequantised once."""
        kind = self.dequantisation
        return lazy_images.dequantise(self.data.x_test, kind, DEQUANTISATION_SEED)

    @property
    def levels(self) -> int | None:
        """How many grey levels the likelihood is a probability of; None of a density.

        A likelihood that is a probability and does not say so is one of binary pixels.
        """
        likelihood = self.model.likelihood
        if not likelihood.is_probability:
            return None
        return getattr(likelihood, "levels", 2)

    @property
    def has_bytes(self) -> bool:
        """Whether the test images are bytes."""
        return self.data.x_test.dtype == np.uint8

    @property
    def strided(self) -> tuple:
        """Every tenth of the test images, binarised if those are what is modelled.

        With their labels.
        """
        labels = None if self.labels is None else self.labels[::TEST_STRIDE]
        images = self.x_binarised if self.levels == 2 else self.data.x_test
        starts = range(0, len(images), BLOCK)
        parts = [images[start : start + BLOCK : TEST_STRIDE] for start in starts]
        return np.concatenate(parts), labels

    @functools.cached_property
    def posterior(self):
        """q(z|x) of the grey test images."""
        return latent.encode(self.model, self.data.x_test, self.labels)
