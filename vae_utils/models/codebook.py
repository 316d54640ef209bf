"""A codebook: a list of vectors, the nearest of which replaces each feature."""

import keras
from keras import ops

from vae_utils.precision import FLOAT32, as_float32
from vae_utils.serialization import register

SMALLEST = 1e-5  # count by which a sum of vectors is divided, at least


@register
class Codebook(keras.layers.Layer):
    """Vectors that follow what they stand for, as moving averages, without gradients.

    After each batch that is trained on, a vector is the mean of the features that it
    was the nearest to, over about the last 1 / (1 − smoothing) batches. A vector that
    was the nearest to none for `patience` batches is dead: no feature would ever move
    it. It restarts at a feature of the batch.

    All that changes is in its weights, so that a checkpoint has it: the vectors, the
    moving sums and counts behind them, and for how many batches each was not used.

    Args:
        size: number of vectors, K.
        dim: numbers in each.
        smoothing: share of the moving averages that a batch leaves as it is.
        patience: batches without use after which a vector restarts.
        has_gradients: whether the vectors are trained by gradients, as other weights
            are, and follow nothing.

    Source:
        van den Oord, Vinyals and Kavukcuoglu (2017), https://arxiv.org/abs/1711.00937,
        appendix A.1; restarts as in Dhariwal et al. (2020),
        https://arxiv.org/abs/2005.00341, section 3.
    """

    def __init__(
        self,
        size: int,
        dim: int,
        *,
        smoothing=0.99,
        patience=100,
        has_gradients=False,
        **kwargs,
    ):
        super().__init__(**{"name": "codebook", **kwargs, "dtype": FLOAT32})
        self.size, self.dim = size, dim
        self.smoothing, self.patience = smoothing, patience
        self.has_gradients = has_gradients
        shapes = {"vectors": (size, dim), "sums": (size, dim), "counts": (size,)}
        # Far from any feature, at first: each starts anew where the features are.
        first = {"vectors": "glorot_uniform", "sums": "zeros", "counts": "zeros"}
        for name, shape in shapes.items():
            setattr(self, name, self._add(name, shape, first[name]))
        start = keras.initializers.Constant(patience)
        self.unused = self._add("unused", (size,), start)
        self.built = True

    def _add(self, name, shape, initializer):
        trained = self.has_gradients and name == "vectors"
        return self.add_weight(
            name=name, shape=shape, initializer=initializer, trainable=trained
        )

    def get_config(self):
        names = "size", "dim", "smoothing", "patience", "has_gradients"
        return super().get_config() | {name: getattr(self, name) for name in names}

    def start_at(self, vectors):
        """Starts with given vectors, shape (size, dim), as if each had been used once.

        A new codebook has no such place: each vector restarts in the first batch, where
        features are.
        """
        self.vectors.assign(vectors)
        self.sums.assign(vectors)
        self.counts.assign(ops.ones((self.size,)))
        self.unused.assign(ops.zeros((self.size,)))

    def find(self, features):
        """Finds the nearest vector of each feature, the first of several.

        In operations that every format of an exported model has, which argmin is not.

        Args:
            features: shape (…, dim).

        Returns:
            Indices, int32, shape (…).
        """
        away = self.compare(features)
        nearest = ops.equal(away, ops.min(away, axis=-1, keepdims=True))
        numbers = ops.where(nearest, ops.arange(self.size, dtype=FLOAT32), self.size)
        return ops.cast(ops.min(numbers, axis=-1), "int32")

    def call(self, features):
        """Exchanges each feature, (…, dim), for the nearest vector."""
        return self.take(self.find(features))

    def compare(self, features):
        """Computes squared distances ‖f − e‖², less ‖f‖², the same for all e.

        Args:
            features: f, shape (…, dim).

        Returns:
            One number for each vector e of the codebook, shape (…, size).
        """
        vectors = ops.convert_to_tensor(self.vectors)
        lengths = ops.sum(ops.square(vectors), axis=1)
        products = ops.matmul(as_float32(features), ops.transpose(vectors))
        return ops.subtract(lengths, 2 * products)

    def take(self, indices):
        """Returns the vectors of indices: shape (…) becomes (…, dim)."""
        return ops.take(ops.convert_to_tensor(self.vectors), indices, axis=0)

    def learn(self, features, indices):
        """Moves the vectors towards the features of a batch, and restarts dead ones.

        Args:
            features: shape (…, dim).
            indices: the nearest vector of each, shape (…).
        """
        features = ops.stop_gradient(ops.reshape(features, (-1, self.dim)))
        indices = ops.reshape(indices, (-1,))
        chosen = ops.one_hot(indices, self.size, dtype=FLOAT32)
        used, sums = (
            ops.sum(chosen, axis=0),
            ops.matmul(ops.transpose(chosen), features),
        )
        keep = self.smoothing
        counts = keep * self.counts + (1 - keep) * used
        sums = keep * self.sums + (1 - keep) * sums
        unused = ops.where(used > 0, 0.0, self.unused + 1)
        dead = unused > self.patience
        restarts = self._choose_restarts(features, dead)
        column = dead[:, None]
        counts = ops.where(dead, 1.0, counts)
        sums = ops.where(column, restarts, sums)
        means = sums / ops.maximum(counts, SMALLEST)[:, None]
        # An unused one stays: its sum and count go to zero, and so would their ratio.
        moves = ops.logical_or(used > 0, dead)[:, None]
        vectors = ops.convert_to_tensor(self.vectors)
        self.vectors.assign(ops.where(moves, means, vectors))
        self.sums.assign(sums)
        self.counts.assign(counts)
        self.unused.assign(ops.where(dead, 0.0, unused))

    def _choose_restarts(self, features, dead):
        """Chooses a feature for each dead vector, evenly spaced in the batch.

        Batches are shuffled: their order is as good as drawn at random.
        """
        count = ops.shape(features)[0]
        step = ops.maximum(count // self.size, 1)
        number = ops.cumsum(ops.cast(dead, "int32")) - 1
        places = (ops.maximum(number, 0) * step) % count
        return ops.take(features, places, axis=0)
