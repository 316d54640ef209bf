"""Priors over grids of codes: what a grid costs in nats, and grids that are drawn."""

import math

import keras
import numpy as np
from keras import ops

from vae_utils.checks import check_positive_integer
from vae_utils.precision import FLOAT32, as_float32


class UniformGrids:
    """The prior under which every code is as probable as any other, at every place.

    Args:
        model: `models.VQVAE`, whose codebook and grid these are.
    """

    def __init__(self, model):
        self._model = model
        self.codes, self.places = model.codebook.size, math.prod(model.grid)

    def nats(self, indices):
        """Computes −log p(k) of grids: the same for all of them.

        Args:
            indices: codes, int32, shape (batch, height, width).

        Returns:
            Nats, shape (batch,).
        """
        each = self.places * math.log(self.codes)
        return ops.full((ops.shape(indices)[0],), each, FLOAT32)

    def draw_grids(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws grids of codes with NumPy, int32, shape (count, height, width)."""
        check_positive_integer(count, "count", "the number of grids")
        return rng.integers(self.codes, size=(count, *self._model.grid), dtype=np.int32)

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws grids, as the decoder takes them: float32, shape (count, code)."""
        return ops.convert_to_numpy(self._model.take_codes(self.draw_grids(count, rng)))


class LearnedGrids(UniformGrids):
    """The prior of a network that predicts each code from those before it.

    Row by row from the top left. Probabilities are exact: the predictions' are
    multiplied.

    Args:
        model: `models.CodePrior`.
    """

    def nats(self, indices):
        """Computes −log p(k) of grids; arguments and result as in `UniformGrids`."""
        return count_nats(indices, self._model.predict_codes(indices))

    def draw_grids(
        self, count: int, rng: np.random.Generator, given=None
    ) -> np.ndarray:
        """Draws grids of codes, one code after another, in one compiled loop.

        Args:
            count: number of grids.
            rng: source of the noise.
            given: codes at the start of each grid, row by row, ints, (count, n), with n
                below the number of places; drawing continues after them.

        Returns:
            int32, shape (count, height, width).

        Raises:
            ValueError: if `count` is not a positive integer, or `given` does not fit.
        """
        check_positive_integer(count, "count", "the number of grids")
        codes, first = np.zeros((count, self.places), np.int32), 0
        if given is not None:
            given = _check_given(given, count, self.places, self.codes)
            first = given.shape[1]
            codes[:, :first] = given
        # Noise is drawn before the loop: the largest sum of logit and Gumbel noise is a
        # draw from the softmax (Gumbel's trick).
        noise = rng.gumbel(size=(count, self.places, self.codes)).astype(np.float32)
        weights = [ops.convert_to_tensor(v) for v in self._model.network.variables]
        batch = {"codes": codes, "noise": noise, "weights": weights}
        batch["first"] = np.full((count, 1), first, np.int32)
        drawn = self._model.get_sampler().predict_on_batch(batch)
        return drawn.reshape(count, *self._model.grid)


def count_nats(codes, logits):
    """Computes −log p(k) from the logits of every code, given those before it.

    Args:
        codes: ints, shape (batch, height, width).
        logits: shape (batch, height, width, codes).

    Returns:
        Nats, shape (batch,).
    """
    each = keras.losses.sparse_categorical_crossentropy(codes, logits, from_logits=True)
    return ops.sum(each, axis=(1, 2))


class Sampler(keras.Model):
    """Draws the codes of grids; compiled by `predict_on_batch`, on every backend.

    Args:
        network: as for `models.CodePrior`; its weights are an input of each call, so
            that what is compiled serves them all.
    """

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
