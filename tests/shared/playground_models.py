"""The package's own models with the settings of the playground, noise and bugs given.

A bug is a small subclass here, too: each changes what a chapter would change.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from vae_utils import likelihoods, models, networks
from vae_utils.distributions import DiagonalGaussian

NUMBERS = (1, 2, 1)  # shape of an "image" that is a point in two dimensions


class Linear:
    """A mean that is the decoder's output itself, for numbers that are not pixels."""

    def mean(self, logits):
        return logits


class LinearGaussian(Linear, likelihoods.Gaussian):
    pass


class LinearLearnedGaussian(Linear, likelihoods.LearnedGaussian):
    pass


LIKELIHOODS = {
    ("bernoulli", "sigmoid"): lambda sigma: likelihoods.Bernoulli(),
    ("gaussian", "sigmoid"): likelihoods.Gaussian,
    ("learned", "sigmoid"): likelihoods.LearnedGaussian,
    ("gaussian", "linear"): LinearGaussian,
    ("learned", "linear"): LinearLearnedGaussian,
}


class GivenNoise(models.VAE):
    """A VAE whose noise is given, so that another program can have the same."""

    eps = None

    def forward(self, x, y=None, training=None):
        q = self.encode(x, y, training)
        z = self.draw(q)
        return {"logits": self.logits(z), "q": q, "z": z}

    def draw(self, q: DiagonalGaussian):
        return q.mean + ops.exp(0.5 * q.log_var) * self.eps


class MeanOverPixels:
    def objective(self, terms):
        pixels = int(np.prod(self.image_shape))
        return super().objective(terms | {"nll": terms["nll"] / pixels})


class MeanOverDimensions:
    def objective(self, terms):
        (latent_dim,) = self.latent_shape
        return super().objective(terms | {"kl": terms["kl"] / latent_dim})


class ForgottenHalf:
    def objective(self, terms):
        return super().objective(terms | {"kl": 2 * terms["kl"]})


class SigmaForLogVar:
    def draw(self, q):
        return q.mean + q.log_var * self.eps


class SamplingOff:
    def draw(self, q):
        return q.mean


class SigmoidTwice:
    def logits(self, z, y=None, training=None):
        return ops.sigmoid(super().logits(z, y, training))


class Bytes:
    """Nothing of the model: whoever has it multiplies the data by 255."""


BUGS = {
    "meanOverPixels": MeanOverPixels,
    "meanOverDimensions": MeanOverDimensions,
    "forgottenHalf": ForgottenHalf,
    "sigmaForLogVar": SigmaForLogVar,
    "samplingOff": SamplingOff,
    "sigmoidTwice": SigmoidTwice,
    "bytes": Bytes,
}


def make_model(settings: dict, image_shape):
    """Makes the package's model of complete settings of the playground."""
    is_vae = settings["mode"] == "vae"
    base = GivenNoise if is_vae else models.Autoencoder
    parts = tuple(BUGS[name] for name in settings["bugs"])
    kind = type("Case", (*parts, base), {})
    hidden, dim = settings["hidden"], settings["latentDim"]
    head = networks.gaussian_head if is_vae else networks.code_head
    shape = {"image_shape": image_shape}
    encoder = networks.build_fc_encoder(dim, hidden, head=head, **shape)
    decoder = networks.build_fc_decoder(dim, hidden[::-1], **shape)
    likelihood = LIKELIHOODS[settings["likelihood"], settings["output"]]
    more = {"beta": settings["beta"]} if is_vae else {}
    return kind(encoder, decoder, likelihood(settings["sigma"]), **more)


def list_variables(model) -> list:
    """Lists weights in the order of the playground's one array."""
    layers = [
        layer
        for network in (model.encoder, model.decoder)
        for layer in network.layers
        if layer.weights
    ]
    # Keras lists z_log_var before z_mean, since more follows it.
    names = [layer.name for layer in layers]
    if "z_log_var" in names:
        layers.insert(names.index("z_log_var"), layers.pop(names.index("z_mean")))
    variables = [v for layer in layers for v in layer.weights]
    learned = getattr(model.likelihood, "log_sigma", None)
    return variables if learned is None else [*variables, learned]


def train(model, batches, rate: float) -> dict:
    """Trains on batches of values and noise with Adam.

    Args:
        model: of `make_model`.
        batches: list of images, (batch, height, width, channels), and noise.
        rate: learning rate.

    Returns:
        `terms`, loss, nll and kl of the first batch, and `slopes`, its gradients; and
        `weights` after all steps; both are lists in the order of `list_variables`.
    """
    optimizer, variables = keras.optimizers.Adam(rate), list_variables(model)
    first = None
    for x, eps in batches:
        model.eps = eps
        with tf.GradientTape() as tape:
            terms = model.score(model.forward(x), x)
            loss = ops.mean(model.objective(terms))
        slopes = tape.gradient(loss, [variable.value for variable in variables])
        slopes = [
            ops.zeros_like(variable) if slope is None else slope
            for slope, variable in zip(slopes, variables, strict=True)
        ]
        if first is None:
            means = {name: float(ops.mean(value)) for name, value in terms.items()}
            first = {"loss": float(loss), "kl": 0.0} | means, [*map(np.array, slopes)]
        optimizer.apply(slopes, variables)
    weights = [np.array(variable) for variable in variables]
    return {"terms": first[0], "slopes": first[1], "weights": weights}
