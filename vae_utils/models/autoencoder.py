"""A plain autoencoder: one code per image, no prior, no sampling."""

import contextlib

from keras import ops

from vae_utils.distributions import Point
from vae_utils.models.base import Trainable
from vae_utils.models.building import build_decoder, build_encoder, build_likelihood
from vae_utils.models.checks import check_fit, check_heads
from vae_utils.networks import code_head, count_classes, input_shape
from vae_utils.precision import as_float32
from vae_utils.serialization import deserialize, register, serialize


def join_labels(name: str, values, y):
    """Makes what a network takes: values alone, or a dict with labels as `y`."""
    if y is None:
        return values
    return {name: ops.convert_to_tensor(values), "y": ops.convert_to_tensor(y)}


class CodingModel(Trainable):
    """A model that encodes images to codes and decodes codes to images.

    What autoencoders and VAEs have in common: their networks, and the abilities
    `encode` and `decode`.

    Args:
        encoder: model from images, or `{"x": images, "y": labels}`, to codes or the
            parameters of their distribution.
        decoder: model from codes, or `{"z": codes, "y": labels}`, to logits of the
            images' shape.
        likelihood: `likelihoods.Bernoulli()` or another of that module.

    Attributes:
        classes: how many classes those have; None where the networks take none.
        image_shape: (height, width, channels).
        latent_shape: shape of one code, (latent_dim,).
    """

    def __init__(self, encoder, decoder, likelihood, **kwargs):
        super().__init__(**kwargs)
        check_fit(encoder, decoder)
        self.encoder = encoder
        self.decoder = decoder
        self.likelihood = likelihood
        self.classes = count_classes(decoder, "z") or count_classes(encoder, "x")
        self.image_shape = tuple(input_shape(encoder, "x"))
        self.latent_shape = tuple(input_shape(decoder, "z"))
        self.built = True  # the networks are

    def get_config(self):
        names = "encoder", "decoder", "likelihood"
        arguments = {name: getattr(self, name) for name in names}
        return super().get_config() | serialize(arguments)

    @classmethod
    def from_config(cls, config):
        return cls(**deserialize(config))

    @property
    def parts(self) -> dict:
        """Encoder and decoder, and what else has weights."""
        parts = {"encoder": self.encoder, "decoder": self.decoder}
        if getattr(self.likelihood, "weights", None):  # one that training changes
            parts["likelihood"] = self.likelihood
        return parts

    @contextlib.contextmanager
    def learning(self, training):
        """Lets a likelihood that fits itself to its errors do so, where it trains."""
        adapts = training and hasattr(self.likelihood, "learning")
        if adapts:
            self.likelihood.learning = True
        try:
            yield
        finally:
            if adapts:
                self.likelihood.learning = False

    def logits(self, z, y=None, training=None):
        """Computes the decoder's output of codes, (batch, height, width, channels)."""
        return as_float32(self.decoder(join_labels("z", z, y), training=training))

    def decode(self, z, y=None):
        """Decodes codes to mean images.

        Args:
            z: codes, shape (batch, latent_dim).
            y: labels, ints, shape (batch,), of a conditional model.

        Returns:
            Means of p(x|z), shape (batch, height, width, channels).
        """
        return self.likelihood.mean(self.logits(z, y))


@register
class Autoencoder(CodingModel):
    """A plain autoencoder: it is trained on reconstructions alone.

    Args:
        encoder: model from images to codes of shape (batch, latent_dim), as built
            with `networks.code_head`.
        decoder: model from codes to logits, of the images' shape.
        likelihood: `likelihoods.Bernoulli()` or another of that module.

    Raises:
        ValueError: if encoder and decoder do not fit each other.
    """

    reports = ("nll",)

    def __init__(self, encoder, decoder, likelihood, **kwargs):
        check_heads(encoder, 1, "an autoencoder needs one output, the code")
        super().__init__(encoder, decoder, likelihood, **kwargs)

    @classmethod
    def from_configuration(cls, configuration, *, image_shape, classes, seed):
        """Builds the autoencoder of a configuration, with newly drawn weights."""
        encoder = build_encoder(configuration, image_shape, classes, head=code_head)
        decoder = build_decoder(configuration, image_shape, classes)
        return cls(encoder, decoder, build_likelihood(configuration, image_shape))

    def encode(self, x, y=None, training=None) -> Point:
        """Encodes images, shape (batch, height, width, channels), to one code each."""
        return Point(as_float32(self.encoder(x, training=training)))

    def forward(self, x, y=None, training=None):
        z = self.encode(x, training=training).mean
        return {"logits": self.logits(z, training=training)}

    def score(self, outputs, x, y=None):
        logits = outputs["logits"]
        return {"nll": self.likelihood.negative_log_likelihood(x, logits)}

    def objective(self, terms):
        return terms["nll"]
