"""Building what a record says."""

import keras

from vae_utils import likelihoods, models, networks
from vae_utils.configurations import ClassifierConfiguration, Configuration

KINDS = {  # of likelihoods
    "bernoulli": likelihoods.Bernoulli,
    "continuous-bernoulli": likelihoods.ContinuousBernoulli,
    "gaussian": likelihoods.Gaussian,
    "learned-gaussian": likelihoods.LearnedGaussian,
}


def build(configuration, *, seed: int) -> keras.Model:
    """Builds the model of a configuration, with freshly drawn weights.

    It sets the seeds of Python, NumPy and Keras.

    Args:
        configuration: `configurations.Configuration` or `ClassifierConfiguration`.
        seed: int, of the weights and of the noise in z.

    Returns:
        The model, not yet compiled; a `models.VAE`, a `models.ConditionalVAE` if labels
        are told, a `models.Autoencoder`, or a classifier.
    """
    c = configuration
    keras.utils.set_random_seed(seed)
    if isinstance(c, ClassifierConfiguration):
        return networks.build_classifier(c.filters, c.kernel, c.dropout)
    head = networks.gaussian_head if c.variational else networks.code_head
    encoder = networks.build_encoder(
        c.encoder, c.latent_dim, c.hidden, c.activation, head=head, labelled=c.labelled
    )
    parts = encoder, build_decoder(c), build_likelihood(c)
    if not c.variational:
        return models.Autoencoder(*parts)
    model = models.VAE if c.labelled == "none" else models.ConditionalVAE
    return model(*parts, beta=c.beta, seed=seed)


def build_decoder(configuration: Configuration) -> keras.Model:
    """Builds the decoder of a configuration alone."""
    c = configuration
    return networks.build_decoder(
        c.decoder,
        c.latent_dim,
        c.hidden if c.decoder_hidden is None else c.decoder_hidden,
        c.decoder_activation or c.activation,
        labelled=c.labelled,
    )


def build_likelihood(configuration: Configuration):
    """Makes the likelihood of a configuration, of module `likelihoods`."""
    if configuration.likelihood == "gaussian" and configuration.sigma is not None:
        return likelihoods.Gaussian(configuration.sigma)
    return KINDS[configuration.likelihood]()
