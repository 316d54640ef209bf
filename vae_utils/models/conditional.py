"""The variational autoencoder conditioned on labels: it models p(x|y)."""

from vae_utils.models.vae import VAE
from vae_utils.serialization import register


@register
class ConditionalVAE(VAE):
    """A variational autoencoder conditioned on each image's label.

    It models p(x|y), as long as its decoder does not ignore the label. Batches are
    `{"x": images, "y": labels}`.

    Args:
        encoder: model from `{"x": images, "y": labels}` to z_mean and z_log_var, as
            built by `networks.build_conditional_encoder`.
        decoder: model from `{"z": codes, "y": labels}` to logits, as built by
            `networks.build_conditional_decoder`.
        likelihood, prior, beta, seed: as for `VAE`.

    Raises:
        ValueError: as `VAE` does, or if a network takes no labels.

    Source:
        Kingma et al. (2014), https://arxiv.org/abs/1406.5298, model M2 with every
        label given; Sohn et al. (2015).
    """

    conditional = True

    def __init__(self, encoder, decoder, likelihood, prior=None, **options):
        for network in (encoder, decoder):
            if len(network.inputs) < 2:
                raise ValueError(
                    "Both networks of a conditional VAE take labels; ignore_label "
                    f"makes one that ignores them. Received: {network.name}"
                )
        super().__init__(encoder, decoder, likelihood, prior, **options)
