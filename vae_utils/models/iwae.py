"""Importance-weighted training: a tighter bound from several codes per image."""

import math
from typing import ClassVar

from keras import ops

from vae_utils.configurations import VAEConfiguration
from vae_utils.configurations.fields import configuration, integer
from vae_utils.models.vae import VAE
from vae_utils.serialization import register


@configuration
class IWAEConfiguration(VAEConfiguration):
    """A VAE trained on the importance-weighted bound, and how it is trained.

    Further arguments: those of `VAEConfiguration`, of which `beta` must be 1.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "iwae"

    samples: int = integer(5, "codes drawn for each image in training")

    def __post_init__(self):
        super().__post_init__()
        if self.beta != 1:
            raise ValueError(
                "The importance-weighted bound has no beta other than 1. "
                f"Received: beta={self.beta!r}"
            )


@register
class IWAE(VAE):
    """A VAE trained on −log of the mean importance weight of several codes.

    With one sample this is the −ELBO; with more the bound on log p(x) is tighter. `fit`
    reports `loss`, the negative bound, and the two terms of the ELBO of the same codes.

    Args:
        encoder, decoder, likelihood, prior, seed: as for `VAE`.
        samples: codes drawn for each image.

    Source:
        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519,
        equation 8.
    """

    def __init__(
        self, encoder, decoder, likelihood, prior=None, *, samples=5, **options
    ):
        super().__init__(encoder, decoder, likelihood, prior, **options)
        self.samples = samples

    def get_config(self):
        return super().get_config() | {"samples": self.samples}

    @classmethod
    def from_configuration(cls, configuration, **options):
        """Builds the model of a configuration, with newly drawn weights."""
        samples = configuration.samples
        return super().from_configuration(configuration, samples=samples, **options)

    def forward(self, x, y=None, training=None):
        q = self.encode(x, y, training)
        z = q.sample(self.noise, self.samples)
        return self.log_weights(x, z, q, y, training)

    def score(self, outputs, x, y=None):
        nll = ops.mean(outputs["nll"], axis=1)
        elbo = ops.mean(outputs["log_weights"], axis=1)
        return {**outputs, "nll": nll, "kl": -elbo - nll}

    def objective(self, terms):
        log_mean = ops.logsumexp(terms["log_weights"], axis=1) - math.log(self.samples)
        return -log_mean
