"""The variational autoencoder, trained on −ELBO."""

import keras
from keras import ops

from vae_utils.checks import is_finite_number
from vae_utils.distributions import DiagonalGaussian, StandardNormal, kl_divergence
from vae_utils.models.autoencoder import CodingModel, join_labels
from vae_utils.models.building import (
    build_decoder,
    build_encoder,
    build_likelihood,
    build_prior,
)
from vae_utils.models.checks import check_heads
from vae_utils.precision import as_float32
from vae_utils.serialization import register, serialize


@register
class VAE(CodingModel):
    """A variational autoencoder, trained on −ELBO.

    `fit` and `evaluate` report `loss` = nll + beta · kl and its two terms, in nats per
    image; at beta = 1 the loss is the negative ELBO, estimated with one sample of z.

    Args:
        encoder: model from images, (batch, height, width, channels), to z_mean and
            z_log_var, each (batch, latent_dim), as built with
            `networks.gaussian_head`.
        decoder: model from z, (batch, latent_dim), to logits of the images' shape.
        likelihood: `likelihoods.Bernoulli()` or another of that module.
        prior: of `distributions`; None for N(0, I).
        beta: weight of the KL term; 1 is the ELBO.
        seed: int, of the noise in z.

    Raises:
        ValueError: if encoder and decoder do not fit each other, or `beta` is negative.

    Source:
        Kingma and Welling (2014), https://arxiv.org/abs/1312.6114, equation 10; beta
        as in Higgins et al. (2017), https://openreview.net/forum?id=Sy2fzU9gl.
    """

    reports = ("nll", "kl")

    def __init__(
        self, encoder, decoder, likelihood, prior=None, *, beta=1.0, seed=0, **kwargs
    ):
        check_heads(encoder, 2, "a VAE needs two outputs, z_mean and z_log_var")
        if not (is_finite_number(beta) and beta >= 0):
            raise ValueError(
                "beta must be zero or a positive number, the weight of the KL term. "
                f"Received: beta={beta!r}"
            )
        super().__init__(encoder, decoder, likelihood, **kwargs)
        self.prior = StandardNormal(*self.latent_shape) if prior is None else prior
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)
        # A variable, so that a callback can change it; not trainable, since the
        # optimiser would otherwise drive it to zero.
        self.beta = self.add_weight(
            name="beta", shape=(), initializer=lambda *_, **__: beta, trainable=False
        )

    def get_config(self):
        beta = float(self.beta)
        arguments = {"prior": self.prior, "beta": beta, "seed": self.seed}
        return super().get_config() | serialize(arguments)

    @classmethod
    def from_configuration(
        cls, configuration, *, image_shape, classes, seed, **options
    ) -> "VAE":
        """Builds the VAE of a configuration, with newly drawn weights."""
        return cls(
            build_encoder(configuration, image_shape, classes),
            build_decoder(configuration, image_shape, classes),
            build_likelihood(configuration, image_shape),
            build_prior(configuration, seed=seed),
            beta=configuration.beta,
            seed=seed,
            **options,
        )

    @property
    def parts(self) -> dict:
        """Encoder and decoder, and what else has weights."""
        parts = super().parts
        if getattr(self.prior, "weights", None):
            parts["prior"] = self.prior
        return parts

    def encode(self, x, y=None, training=None) -> DiagonalGaussian:
        """Encodes images to q(z|x).

        Args:
            x: images, shape (batch, height, width, channels).
            y: labels, ints, shape (batch,), of a conditional model.
            training: for the encoder, which may have layers such as dropout.
        """
        batch = join_labels("x", x, y)
        parameters = self.encoder(batch, training=training)
        return DiagonalGaussian(*map(as_float32, parameters))

    def forward(self, x, y=None, training=None):
        q = self.encode(x, y, training)
        z = q.sample(self.noise)
        return {"logits": self.logits(z, y, training), "q": q, "z": z}

    def score(self, outputs, x, y=None):
        nll = self.likelihood.negative_log_likelihood(x, outputs["logits"])
        kl = kl_divergence(outputs["q"], self.prior, outputs["z"])
        return {"nll": nll, "kl": kl}

    def objective(self, terms):
        return terms["nll"] + self.beta * terms["kl"]

    def log_weights(self, x, z, q, y=None, training=None) -> dict:
        """Computes the importance weight of several codes for each image.

        Args:
            x: images, shape (batch, height, width, channels).
            z: codes drawn from q, shape (batch, samples, latent_dim).
            q: distribution of the codes of each image, q(z|x) or another.
            y: labels, ints, shape (batch,), of a conditional model.
            training: for the decoder.

        Returns:
            `log_weights`, log p(z) + log p(x|z) − log q(z), and `nll`, −log p(x|z),
            each of shape (batch, samples), in nats.
        """
        samples = z.shape[1]
        codes = ops.reshape(z, (-1, *self.latent_shape))
        y = None if y is None else ops.repeat(y, samples, axis=0)
        nll = self.likelihood.negative_log_likelihood(
            ops.repeat(x, samples, axis=0), self.logits(codes, y, training)
        )
        nll = ops.reshape(nll, (-1, samples))
        q, z = q.copy(), ops.copy(z)  # as in `kl_divergence`
        log_weights = self.prior.log_prob(z) - nll - q.log_prob(z)
        return {"log_weights": log_weights, "nll": nll}

    def from_noise(self, noise):
        """Turns standard normal noise into codes of the prior."""
        return self.prior.from_noise(noise)

    def sample(self, count: int, rng, y=None):
        """Generates mean images of codes from the prior.

        Args:
            count: number of images.
            rng: `numpy.random.Generator`, the source of the codes.
            y: labels, ints, shape (count,), of a conditional model.

        Returns:
            Means of p(x|z), shape (count, height, width, channels).
        """
        return self.decode(self.prior.draw(count, rng), y)
