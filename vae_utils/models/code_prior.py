"""A prior over discrete codes: the probability of a grid, one code after another."""

import keras
import numpy as np
from keras import ops

from vae_utils.checks import check_positive_integer
from vae_utils.models.base import Trainable
from vae_utils.precision import FLOAT32, as_float32
from vae_utils.serialization import deserialize, register, serialize

BYTE = 255  # a grid of codes is an image of bytes: its values are k / 255


@register
class CodePrior(Trainable):
    """An autoregressive model of grids of codes, row by row from the top left.

    `fit` reports `loss` = nll, −log p(k) in nats per grid. It is exact: each code is
    predicted from those before it, and the terms are added up.

    Grids are images of bytes, (batch, height, width, 1), so that data, pipeline and
    checkpoints are those of every model.

    Args:
        network: model from sequences of codes to logits of each given those before,
            as `networks.build_causal_transformer` makes it.
        grid: height and width of a grid.

    Raises:
        ValueError: if network and grid do not fit each other.

    Source:
        The prior of van den Oord, Vinyals and Kavukcuoglu (2017),
        https://arxiv.org/abs/1711.00937, section 3.3, with a transformer in place of
        the PixelCNN.
    """

    reports = ("nll",)

    def __init__(self, network, grid, **kwargs):
        super().__init__(**kwargs)
        self.network, self.grid = network, tuple(grid)
        self.image_shape, self.classes = (*self.grid, 1), None
        length, self.codes = network.outputs[0].shape[1:]
        if self.codes > BYTE + 1:
            raise ValueError(
                "A code must be a byte, so that there are at most 256. "
                f"Received: {self.codes} codes"
            )
        if length != self.grid[0] * self.grid[1]:
            raise ValueError(
                "The network must predict a code for each place of the grid. "
                f"Received: {length} places, a grid of {self.grid[0]} × {self.grid[1]}"
            )
        self.built = True  # the network is

    def get_config(self):
        arguments = serialize({"network": self.network})
        return super().get_config() | arguments | {"grid": self.grid}

    @classmethod
    def from_config(cls, config):
        return cls(**deserialize(config))

    @property
    def parts(self) -> dict:
        """The network, under the name `prior`."""
        return {"prior": self.network}

    def forward(self, x, y=None, training=None):
        codes = ops.cast(ops.round(x * BYTE), "int32")
        codes = ops.reshape(codes, (-1, self.grid[0] * self.grid[1]))
        logits = as_float32(self.network(codes, training=training))
        return {"logits": logits, "codes": codes}

    def score(self, outputs, x, y=None):
        each = keras.losses.sparse_categorical_crossentropy(
            outputs["codes"], outputs["logits"], from_logits=True
        )
        return {"nll": ops.sum(each, axis=1)}

    def objective(self, terms):
        return terms["nll"]

    def draw_grids(self, count: int, rng, given=None) -> np.ndarray:
        """Draws grids of codes, one code after another, in one compiled loop.

        Args:
            count: number of grids.
            rng: `numpy.random.Generator`.
            given: codes at the start of each grid, row by row, ints, (count, places),
                fewer places than the grid has; the loop goes on after them.

        Returns:
            int32, shape (count, height, width).

        Raises:
            ValueError: if `count` is not a positive integer, or `given` does not fit.
        """
        check_positive_integer(count, "count", "the number of grids")
        places = self.grid[0] * self.grid[1]
        codes = np.zeros((count, places), np.int32)
        first = 0
        if given is not None:
            given = _check_given(given, count, places, self.codes)
            first = given.shape[1]
            codes[:, :first] = given
        # Noise is drawn before the loop: the largest sum of logit and Gumbel noise is a
        # draw from the softmax (Gumbel's trick).
        noise = rng.gumbel(size=(count, places, self.codes)).astype(np.float32)
        sampler = _Sampler(self.network)
        weights = [ops.convert_to_tensor(v) for v in self.network.variables]
        batch = {"codes": codes, "noise": noise, "weights": weights}
        batch["first"] = np.full((count, 1), first, np.int32)
        return sampler.predict_on_batch(batch).reshape(count, *self.grid)


class _Sampler(keras.Model):
    """Draws the codes of grids; compiled by `predict_on_batch`, on every backend."""

    def __init__(self, network):
        super().__init__(name="sampler", dtype=FLOAT32, autocast=False)
        self._get_network = lambda: network  # Keras does not see it behind a function
        self.built, self.jit_compile = True, True

    def call(self, batch):
        network, noise = self._get_network(), batch["noise"]
        state = list(zip(network.variables, batch["weights"], strict=True))

        def draw(place, codes):
            with keras.StatelessScope(state_mapping=state):
                logits = as_float32(network(codes))
            drawn = ops.argmax(logits + noise, axis=2)
            return ops.where(numbers == place, ops.cast(drawn, "int32"), codes)

        places = noise.shape[1]
        numbers = ops.arange(places, dtype="int32")[None]
        return ops.fori_loop(batch["first"][0, 0], places, draw, batch["codes"])


def _check_given(given, count, places, codes):
    """Raises ValueError unless they are codes of the first places."""
    given = np.asarray(given)
    fits = given.ndim == 2 and len(given) == count and 0 < given.shape[1] < places
    is_codes = given.dtype.kind in "iu" and ((given >= 0) & (given < codes)).all()
    if not (fits and is_codes):
        raise ValueError(
            f"given must be codes below {codes}, shape ({count}, n) with n below "
            f"{places}. Received: {given.dtype} {given.shape}"
        )
    return given
