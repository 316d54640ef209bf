"""The second stage of a VQ-VAE: a prior over its codes, learned once it is trained."""

import functools
import math

from keras import ops

from vae_utils.models.code_grids import LearnedGrids, Sampler, count_nats
from vae_utils.models.vq_vae import VQVAE
from vae_utils.networks import build_causal_transformer, map_shape
from vae_utils.precision import as_float32
from vae_utils.serialization import register, serialize


@register
class CodePrior(VQVAE):
    """A VQ-VAE whose networks are held fixed, and a prior that is trained on its codes.

    `fit` takes images, as for every model, and encodes them. It reports `loss` = kl,
    −log p(k) in nats per image: the KL divergence from the prior to the one grid of
    codes that an image has. The prior predicts each code from those before it.

    All that a VQ-VAE can do it does in the same way; `sample` draws from the prior that
    is learned.

    Args:
        encoder: of the VQ-VAE. It is no longer trained, nor are the next three.
        decoder: of the VQ-VAE.
        likelihood: of the VQ-VAE.
        codebook: of the VQ-VAE.
        network: model from sequences of codes to logits of each given those before,
            as `networks.build_causal_transformer` makes it.
        commitment: of the VQ-VAE.
        grid: height and width of the grid of codes.

    Raises:
        ValueError: if the parts do not fit each other.

    Source:
        The prior of van den Oord, Vinyals and Kavukcuoglu (2017),
        https://arxiv.org/abs/1711.00937, section 3.3, with a transformer in place of
        the PixelCNN.
    """

    reports = ("kl",)

    def __init__(
        self,
        encoder,
        decoder,
        likelihood,
        codebook,
        *,
        network,
        commitment,
        grid,
        **kwargs,
    ):
        sizes = {"commitment": commitment, "grid": grid}
        super().__init__(encoder, decoder, likelihood, codebook, **sizes, **kwargs)
        places, symbols = network.outputs[0].shape[1:]
        if (places, symbols) != (math.prod(self.grid), codebook.size):
            raise ValueError(
                "The prior must predict every code of the codebook at each place of "
                f"the grid. Received: {symbols} codes at {places} places, a codebook "
                f"of {codebook.size} and a grid of {self.grid[0]} × {self.grid[1]}"
            )
        self.network = network
        # Compiled once; Keras does not see it behind a function.
        self.get_sampler = functools.cache(lambda: Sampler(network))
        for name in self.first_stage:
            self.parts[name].trainable = False

    def get_config(self):
        return super().get_config() | serialize({"network": self.network})

    @classmethod
    def from_configuration(cls, configuration, *, image_shape, classes, seed):
        """Builds it with newly drawn weights, also of what will not be trained."""
        c = configuration
        network = build_causal_transformer(
            math.prod(map_shape(image_shape, c.halvings)),
            c.codes,
            width=c.prior_width,
            heads=c.prior_heads,
            depth=c.prior_depth,
            dropout=c.prior_dropout,
        )
        shape = {"image_shape": image_shape, "classes": classes}
        return super().from_configuration(c, **shape, seed=seed, network=network)

    @classmethod
    def check_batch(cls, configuration, grid):
        """Accepts any: the codebook stays as it is."""

    @property
    def parts(self) -> dict:
        """The parts of the VQ-VAE, and the prior."""
        return super().parts | {"prior": self.network}

    @property
    def first_stage(self) -> tuple[str, ...]:
        """Names of the parts that are held fixed."""
        return tuple(super().parts)

    @property
    def prior(self) -> LearnedGrids:
        """The prior over grids of codes, which is learned."""
        return LearnedGrids(self)

    def predict_codes(self, indices, training=None):
        """Predicts each code of grids from those before it.

        Args:
            indices: codes, int32, shape (batch, height, width).
            training: for the network.

        Returns:
            Logits, shape (batch, height, width, codes).
        """
        codes = ops.reshape(indices, (-1, math.prod(self.grid)))
        logits = as_float32(self.network(codes, training=training))
        return ops.reshape(logits, (-1, *self.grid, self.codebook.size))

    def forward(self, x, y=None, training=None):
        codes = self.find_codes(x)
        return {"logits": self.predict_codes(codes, training), "codes": codes}

    def score(self, outputs, x, y=None):
        return {"kl": count_nats(outputs["codes"], outputs["logits"])}

    def objective(self, terms):
        return terms["kl"]
