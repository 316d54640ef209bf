"""Models that join an encoder, a decoder and a likelihood: the objective only."""

import keras
from keras import ops

from vae_utils.checks import is_finite_number
from vae_utils.networks import input_shape
from vae_utils.objectives import gaussian_kl, sample_gaussian


class Autoencoder(keras.Model):
    """A plain autoencoder: one code per image, no prior, no sampling.

    Args:
        encoder: model from images to codes of shape (batch, latent_dim), as built
            with `networks.code_head`.
        decoder: model from codes to logits, of the images' shape.
        likelihood: `likelihoods.Bernoulli()` or another of that module.

    Raises:
        ValueError: if encoder and decoder do not fit each other.
    """

    def __init__(self, encoder, decoder, likelihood, **kwargs):
        super().__init__(**kwargs)
        _check_heads(encoder, 1, "an autoencoder needs one output, the code")
        _check_fit(encoder, decoder)
        self.encoder = encoder
        self.decoder = decoder
        self.likelihood = likelihood
        self.nll_tracker = keras.metrics.Mean(name="nll")

    def call(self, x):
        return self.decoder(self.encoder(x))

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        _refuse_weights(sample_weight)
        nll = self.likelihood.negative_log_likelihood(x, y_pred)
        self.nll_tracker.update_state(nll)
        return ops.mean(nll) + sum(self.losses)  # the latter are regularisers


class VAE(keras.Model):
    """A variational autoencoder with prior N(0, I), trained on −ELBO.

    `fit` and `evaluate` report `loss` = nll + beta · kl and its two parts, in nats per
    image; at beta = 1 the loss is the negative ELBO, estimated with one sample of z.

    Args:
        encoder: model from images, (batch, height, width, channels), to z_mean and
            z_log_var, each (batch, latent_dim), as built with
            `networks.gaussian_head`.
        decoder: model from z, (batch, latent_dim), to logits of the images' shape.
        likelihood: `likelihoods.Bernoulli()` or another of that module.
        beta: weight of the KL term; 1 is the ELBO.
        seed: int, of the noise in z.

    Raises:
        ValueError: if encoder and decoder do not fit each other, or `beta` is negative.

    Source:
        Kingma and Welling (2014), https://arxiv.org/abs/1312.6114, equation 10; beta
        as in Higgins et al. (2017), https://openreview.net/forum?id=Sy2fzU9gl.
    """

    def __init__(self, encoder, decoder, likelihood, beta=1.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        _check_heads(encoder, 2, "a VAE needs two outputs, z_mean and z_log_var")
        _check_fit(encoder, decoder)
        if not (is_finite_number(beta) and beta >= 0):
            raise ValueError(
                "beta must be zero or a positive number, the weight of the KL term. "
                f"Received: beta={beta!r}"
            )
        self.encoder = encoder
        self.decoder = decoder
        self.likelihood = likelihood
        self.noise = keras.random.SeedGenerator(seed)
        # A variable, so that a callback can change it; not trainable, since the
        # optimiser would otherwise drive it to zero.
        self.beta = self.add_weight(
            name="beta", shape=(), initializer=lambda *_, **__: beta, trainable=False
        )
        self.nll_tracker = keras.metrics.Mean(name="nll")
        self.kl_tracker = keras.metrics.Mean(name="kl")

    def call(self, x):
        z_mean, z_log_var = self.encoder(x)
        z = sample_gaussian(z_mean, z_log_var, seed=self.noise)
        return self.decoder(z), z_mean, z_log_var

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        _refuse_weights(sample_weight)
        logits, z_mean, z_log_var = y_pred
        nll = self.likelihood.negative_log_likelihood(x, logits)  # (batch,)
        # Copies give the KL term gradients of its own: without XLA, TensorFlow adds up
        # more than two in the order they happen to arrive, and two equal runs differ.
        kl = gaussian_kl(ops.copy(z_mean), ops.copy(z_log_var))  # (batch,)
        self.nll_tracker.update_state(nll)
        self.kl_tracker.update_state(kl)
        # The only mean is over examples; networks may add regularisers.
        return ops.mean(nll + self.beta * kl) + sum(self.losses)


class ConditionalVAE(VAE):
    """A variational autoencoder that is told each image's label.

    It models p(x|y), as long as its decoder does not ignore the label. Batches are
    `{"x": images, "y": labels}`, since `fit` would take a pair for input and target.

    Args:
        encoder: model from `{"x": images, "y": labels}` to z_mean and z_log_var, as
            built by `networks.build_conditional_encoder`.
        decoder: model from `{"z": codes, "y": labels}` to logits, as built by
            `networks.build_conditional_decoder`.
        likelihood, beta, seed: as for `VAE`.

    Source:
        Kingma et al. (2014), https://arxiv.org/abs/1406.5298, model M2 with every
        label given; Sohn et al. (2015).
    """

    def call(self, batch):
        z_mean, z_log_var = self.encoder(batch)
        z = sample_gaussian(z_mean, z_log_var, seed=self.noise)
        return self.decoder({"z": z, "y": batch["y"]}), z_mean, z_log_var

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        return super().compute_loss(x["x"], y, y_pred, sample_weight, training)


def _refuse_weights(sample_weight):
    if sample_weight is not None:
        raise ValueError(
            "The objective is a plain mean over examples and takes no sample weights. "
            f"Received: sample_weight={sample_weight!r}"
        )


def _check_heads(encoder, count, reason):
    if len(encoder.outputs) != count:
        raise ValueError(
            f"The encoder of {reason}. Received: encoder={encoder.name!r} with "
            f"{len(encoder.outputs)} outputs"
        )


def _check_fit(encoder, decoder):
    """Raises ValueError unless the decoder undoes the shapes of the encoder."""
    code, z = encoder.outputs[0].shape[1:], input_shape(decoder, "z")
    if code != z:
        raise ValueError(
            "Encoder and decoder must have the same latent_dim. Received: "
            f"encoder latent_dim={code[-1]}, decoder latent_dim={z[-1]}"
        )
    x, logits = input_shape(encoder, "x"), decoder.outputs[0].shape[1:]
    if x != logits:
        raise ValueError(
            "The decoder must return images of the encoder's shape. Received: "
            f"encoder images {x}, decoder images {logits}"
        )
