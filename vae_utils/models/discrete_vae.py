"""A VAE with discrete codes: a VQ-VAE and its prior that are trained on together."""

import functools

import keras
from keras import ops

from vae_utils.models.code_prior import CodePrior
from vae_utils.networks import ByShares
from vae_utils.serialization import register

SMALLEST = 1e-30  # uniform noise is at least this, since its logarithm is taken


@register
class DiscreteVAE(CodePrior):
    """A VAE whose code is a grid of indices, with a q(k|x) that gives several a chance.

    q(k|x) is a softmax of the negative squared distances between the encoder's vectors
    and those of the codebook, at each place: what was the nearest vector is now the
    most probable one. Encoder, decoder, codebook and prior are trained together, on the
    −ELBO of grids drawn from q(k|x). `fit` reports `loss` = nll + kl, and the two.

    A drawn index has no gradient. Forwards it is drawn, by Gumbel noise; backwards it
    is taken as the softmax of the same noisy logits.

    It continues a VQ-VAE with its prior. From newly drawn weights it tends to end with
    one code for all images: then the networks have nothing to doubt between.

    Args:
        encoder: as for `CodePrior`, and so are the others.
        decoder: as there.
        likelihood: as there.
        codebook: with gradients.
        temperature: what noisy logits are divided by on the way back; the smaller, the
            closer to what was drawn, and the larger the gradients' variance.
        noise_seed: int, of the noise by which codes are drawn.

    Raises:
        ValueError: if the parts do not fit each other, or the codebook has no
            gradients.

    Source:
        Jang, Gu and Poole (2017), https://arxiv.org/abs/1611.01144, section 2.2; with a
        learned prior over a grid of codes as in Ramesh et al. (2021),
        https://arxiv.org/abs/2102.12092, section 2.1.
    """

    reports = ("nll", "kl")
    trains_codebook = True

    def __init__(
        self,
        encoder,
        decoder,
        likelihood,
        codebook,
        *,
        temperature=0.5,
        noise_seed=0,
        **kwargs,
    ):
        if not codebook.has_gradients:
            raise ValueError(
                "The codebook is trained by gradients, and must have them. Received: a "
                "codebook with has_gradients=False"
            )
        super().__init__(encoder, decoder, likelihood, codebook, **kwargs)
        self.temperature, self.noise_seed = temperature, noise_seed
        self.noise = keras.random.SeedGenerator(noise_seed)
        # Layers of `network`, which Keras shall not count twice.
        self._get_by_shares = functools.cache(lambda: ByShares(self.network))

    def get_config(self):
        more = {"temperature": self.temperature, "noise_seed": self.noise_seed}
        return super().get_config() | more

    @classmethod
    def from_configuration(
        cls, configuration, *, image_shape, classes, seed, **options
    ):
        """Builds it with newly drawn weights, also of what it shall continue."""
        options |= {"temperature": configuration.temperature, "noise_seed": seed}
        shape = {"image_shape": image_shape, "classes": classes}
        return super().from_configuration(configuration, **shape, seed=seed, **options)

    @property
    def first_stage(self) -> tuple[str, ...]:
        """Names of the parts that it continues, all of them."""
        return tuple(self.parts)

    @property
    def held(self) -> tuple[str, ...]:
        """Names of the parts that are held fixed, none."""
        return ()

    def weigh_codes(self, x, training=None):
        """Computes q(k|x), which is independent at each place.

        Args:
            x: images, shape (batch, height, width, channels).
            training: for the encoder.

        Returns:
            Logarithms of probabilities, shape (batch, height, width, codes).
        """
        log_q = self._weigh(self._find_features(x, training))
        return ops.reshape(log_q, (-1, *self.grid, self.codebook.size))

    def forward(self, x, y=None, training=None):
        log_q = self._weigh(self._find_features(x, training))  # (batch, places, codes)
        shares = self._draw(log_q)
        vectors = ops.matmul(shares, ops.convert_to_tensor(self.codebook.vectors))
        z = ops.reshape(vectors, (-1, *self.latent_shape))
        log_p = ops.log_softmax(self._get_by_shares()(shares, training=training))
        return {
            "logits": self.logits(z, training=training),
            "log_q": log_q,
            "log_p": log_p,
        }

    def score(self, outputs, x, y=None):
        nll = self.likelihood.negative_log_likelihood(x, outputs["logits"])
        # At each place over all codes, not only the one drawn: less noise.
        log_q, log_p = outputs["log_q"], outputs["log_p"]
        kl = ops.sum(ops.exp(log_q) * (log_q - log_p), axis=(1, 2))
        return {"nll": nll, "kl": kl}

    def objective(self, terms):
        return terms["nll"] + terms["kl"]

    def _weigh(self, features):
        """Computes log q(k|x) of features, (batch, places, codes)."""
        return ops.log_softmax(-self.codebook.compare(features))

    def _draw(self, log_q):
        """Draws a code at each place, as shares of 0 and 1 that have a gradient."""
        uniform = keras.random.uniform(
            ops.shape(log_q), SMALLEST, 1.0, dtype=log_q.dtype, seed=self.noise
        )
        noisy = log_q - ops.log(-ops.log(uniform))
        drawn = ops.one_hot(ops.argmax(noisy, axis=2), self.codebook.size)
        # A softmax of one code would warn of its size.
        soft = ops.exp(ops.log_softmax(noisy / self.temperature))
        return soft + ops.stop_gradient(ops.cast(drawn, soft.dtype) - soft)
