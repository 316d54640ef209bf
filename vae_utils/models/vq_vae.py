"""The VQ-VAE: an autoencoder whose code is a grid of indices into a codebook."""

import contextlib

from keras import ops

from vae_utils.distributions import Point
from vae_utils.models.autoencoder import CodingModel
from vae_utils.models.building import build_likelihood
from vae_utils.models.checks import check_heads
from vae_utils.models.code_grids import UniformGrids
from vae_utils.models.codebook import Codebook
from vae_utils.networks import build_map_decoder, build_map_encoder, map_shape
from vae_utils.precision import as_float32
from vae_utils.serialization import register, serialize


@register
class VQVAE(CodingModel):
    """A VQ-VAE: the encoder's vectors are exchanged for the nearest of a codebook.

    `fit` reports `loss` = nll + commitment weight · commitment, and the two terms. nll
    is −log p(x|k) in nats per image, of the image given its indices k; commitment is
    the squared distance between the encoder's vectors and those of the codebook, summed
    over the grid. A rounded value has no gradient: the encoder gets that of the
    decoder's input, as if nothing had been exchanged.

    A code is one vector to the outside, the grid's vectors one after another.

    Args:
        encoder: model from images to codes, as `networks.build_map_encoder` makes it.
        decoder: model from codes to logits.
        likelihood: `likelihoods.Bernoulli()` or another of that module.
        codebook: the vectors.
        commitment: weight of the squared distances.
        grid: height and width of the grid of indices.

    Attributes:
        learns: whether what is computed now is trained on, so that the codebook moves.

    Raises:
        ValueError: if encoder, decoder, codebook and grid do not fit each other.

    Source:
        van den Oord, Vinyals and Kavukcuoglu (2017), https://arxiv.org/abs/1711.00937,
        equations 2 and 3, with the moving averages of appendix A.1.
    """

    reports = ("nll", "commitment")

    def __init__(
        self, encoder, decoder, likelihood, codebook, *, commitment, grid, **kwargs
    ):
        check_heads(encoder, 1, "a VQ-VAE needs one output, the code")
        super().__init__(encoder, decoder, likelihood, **kwargs)
        self.codebook, self.commitment = codebook, commitment
        self.grid, self.learns = tuple(grid), False
        height, width = self.grid
        if self.latent_shape != (height * width * codebook.dim,):
            raise ValueError(
                "A code must have a vector of the codebook for each place of the grid. "
                f"Received: codes of shape {self.latent_shape}, a grid of {height} × "
                f"{width}, vectors of {codebook.dim}"
            )

    def get_config(self):
        more = {"commitment": self.commitment, "grid": self.grid}
        return super().get_config() | serialize({"codebook": self.codebook}) | more

    @classmethod
    def from_configuration(
        cls, configuration, *, image_shape, classes, seed, **options
    ):
        """Builds the VQ-VAE of a configuration, with newly drawn weights."""
        c = configuration
        grid = map_shape(image_shape, c.halvings)
        cls.check_batch(c, grid)
        sizes = c.code_dim, c.halvings, c.width, c.blocks, c.activation
        return cls(
            build_map_encoder(*sizes, image_shape=image_shape),
            build_map_decoder(*sizes, image_shape=image_shape),
            build_likelihood(c, image_shape),
            Codebook(
                c.codes, c.code_dim, smoothing=c.smoothing, patience=c.restart_after
            ),
            commitment=c.commitment,
            grid=grid,
            **options,
        )

    @classmethod
    def check_batch(cls, configuration, grid):
        """Raises ValueError unless a batch can move all vectors of the codebook."""
        size = configuration.batch_size
        places = size * grid[0] * grid[1]
        if configuration.codes > places:
            raise ValueError(
                f"A batch of {size} has {places} places for codes, and a codebook must "
                "not have more vectors than that. "
                f"Received: codes={configuration.codes}"
            )

    @property
    def parts(self) -> dict:
        """Encoder, decoder and codebook, and what else has weights."""
        return super().parts | {"codebook": self.codebook}

    @contextlib.contextmanager
    def learning(self, training):
        """Lets the codebook follow the features of what is trained on."""
        self.learns = bool(training)
        try:
            with super().learning(training):
                yield
        finally:
            self.learns = False

    def find_codes(self, x, training=None):
        """Finds the indices of images.

        Args:
            x: images, shape (batch, height, width, channels).
            training: for the encoder.

        Returns:
            Indices into the codebook, int32, shape (batch, height, width).
        """
        features = self._find_features(x, training)
        return ops.reshape(self.codebook.find(features), (-1, *self.grid))

    @property
    def prior(self) -> UniformGrids:
        """The prior over grids of codes, the uniform one, since none is trained."""
        return UniformGrids(self)

    def sample(self, count: int, rng, y=None):
        """Generates mean images of grids of codes from the prior.

        Args:
            count: number of images.
            rng: `numpy.random.Generator`, the source of the codes.
            y: ignored.

        Returns:
            Means of p(x|k), shape (count, height, width, channels).
        """
        return self.decode(self.prior.draw(count, rng))

    def take_codes(self, indices):
        """Returns what the decoder takes for indices, (batch, height, width)."""
        places = self.grid[0] * self.grid[1]
        vectors = self.codebook.take(ops.reshape(indices, (-1, places)))
        return ops.reshape(vectors, (-1, *self.latent_shape))

    def encode(self, x, y=None, training=None) -> Point:
        """Encodes images to codes: the codebook's vectors, shape (batch, code)."""
        vectors = self.codebook(self._find_features(x, training))
        return Point(ops.reshape(vectors, (-1, *self.latent_shape)))

    def forward(self, x, y=None, training=None):
        features = self._find_features(x, training)
        indices = self.codebook.find(features)
        vectors = self.codebook.take(indices)
        if self.learns:
            self.codebook.learn(features, indices)
        away = ops.sum(ops.square(features - vectors), axis=(1, 2))
        # The value of `vectors`, the gradient of `features`: straight through.
        exchanged = features + ops.stop_gradient(vectors - features)
        z = ops.reshape(exchanged, (-1, *self.latent_shape))
        return {"logits": self.logits(z, training=training), "commitment": away}

    def score(self, outputs, x, y=None):
        nll = self.likelihood.negative_log_likelihood(x, outputs["logits"])
        return {"nll": nll, "commitment": outputs["commitment"]}

    def objective(self, terms):
        return terms["nll"] + self.commitment * terms["commitment"]

    def _find_features(self, x, training):
        """Computes what the encoder returns, (batch, places, dim)."""
        z = as_float32(self.encoder(x, training=training))
        return ops.reshape(z, (-1, self.grid[0] * self.grid[1], self.codebook.dim))
