"""A causal transformer: each symbol of a sequence is predicted from those before it."""

import math

import keras
from keras import layers, ops

from vae_utils.checks import check_positive_integer
from vae_utils.precision import as_float32
from vae_utils.serialization import register

WIDER = 4  # the inner layer of a block is so many times wider
HIDDEN = -1e9  # score of a place that must not be seen
VECTORS = "vectors"  # name of the layer that has a vector for each symbol


@register
class CausalAttention(layers.Layer):
    """Lets each place of a sequence look at itself and at the places before it.

    It has no weights: its input is query, key and value of each place, (batch, length,
    3 · width), its output the mixed values, (batch, length, width).

    Args:
        heads: number of heads, which divides the width.

    Source:
        Vaswani et al. (2017), https://arxiv.org/abs/1706.03762, section 3.2.
    """

    def __init__(self, heads: int, **kwargs):
        super().__init__(**kwargs)
        self.heads = heads

    def call(self, x):
        length, size = x.shape[1], x.shape[2] // 3 // self.heads
        parts = ops.reshape(x, (-1, length, 3, self.heads, size))
        parts = ops.transpose(parts, (0, 2, 3, 1, 4))
        query, key, value = (parts[:, i] for i in range(3))
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / math.sqrt(size)
        seen = ops.tril(ops.ones((length, length), "bool"))
        weights = ops.softmax(ops.where(seen, as_float32(scores), HIDDEN))
        mixed = ops.matmul(ops.cast(weights, value.dtype), value)
        mixed = ops.transpose(mixed, (0, 2, 1, 3))
        return ops.reshape(mixed, (-1, length, self.heads * size))

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] // 3)

    def get_config(self):
        return super().get_config() | {"heads": self.heads}


@register
class Shift(layers.Layer):
    """Puts a trained vector before a sequence, drops its last, and adds the places.

    What comes out at a place then depends on the places before it alone.
    """

    def build(self, shape):
        _, length, width = shape
        add = self.add_weight
        self.start = add(name="start", shape=(1, 1, width), initializer="normal")
        self.places = add(name="places", shape=(length, width), initializer="normal")

    def call(self, x):
        first, places = map(ops.convert_to_tensor, (self.start, self.places))
        start = ops.zeros_like(x[:, :1]) + ops.cast(first, x.dtype)
        shifted = ops.concatenate([start, x[:, :-1]], axis=1)
        return shifted + ops.cast(places, x.dtype)

    def compute_output_shape(self, shape):
        return shape


def build_causal_transformer(
    length: int,
    symbols: int,
    *,
    width: int,
    heads: int,
    depth: int,
    dropout: float = 0.0,
) -> keras.Model:
    """Builds a causal transformer.

    Args:
        length: of a sequence.
        symbols: number of symbols.
        width: numbers at each place.
        heads: of attention, which divide the width.
        depth: number of blocks.
        dropout: share of the values that each half of a block adds which is set to
            zero in training.

    Returns:
        A model from sequences of symbols, ints, (batch, length), to logits of the
        symbol at each place given those before it, (batch, length, symbols).

    Raises:
        ValueError: if a size is not a positive integer, or heads do not divide width.
    """
    names = "length", "symbols", "width", "heads", "depth"
    for name, value in zip(names, (length, symbols, width, heads, depth), strict=True):
        check_positive_integer(value, name, f"the {name} of the transformer")
    if width % heads:
        raise ValueError(
            "heads must divide width, since each has an equal part of it. "
            f"Received: heads={heads}, width={width}"
        )
    x = keras.Input((length,), name="x", dtype="int32")
    vectors = layers.Embedding(symbols, width, name=VECTORS)(x)
    features = Shift(name="shift")(vectors)
    for _ in range(depth):
        inner = layers.Dense(3 * width)(layers.LayerNormalization()(features))
        inner = layers.Dense(width)(CausalAttention(heads)(inner))
        features = layers.Add()([features, layers.Dropout(dropout)(inner)])
        inner = layers.LayerNormalization()(features)
        inner = layers.Dense(WIDER * width, activation="silu")(inner)
        inner = layers.Dropout(dropout)(layers.Dense(width)(inner))
        features = layers.Add()([features, inner])
    features = layers.LayerNormalization()(features)
    logits = layers.Dense(symbols, kernel_initializer="zeros", name="logits")(features)
    return keras.Model(x, logits, name="causal_transformer")


class ByShares:
    """A causal transformer that is given each symbol as shares of all symbols.

    A symbol is a whole number and has no gradient; shares have one. Shares of 0 and 1
    give what the transformer gives for the symbols themselves. The weights are those of
    the transformer.

    Args:
        network: as `build_causal_transformer` makes it.
    """

    def __init__(self, network: keras.Model):
        self._vectors = network.get_layer(VECTORS)
        self._rest = keras.Model(self._vectors.output, network.output)

    def __call__(self, shares, training=None):
        """Predicts each symbol from those before it.

        Args:
            shares: of each symbol, shape (batch, length, symbols).
            training: for the transformer.

        Returns:
            Logits, shape (batch, length, symbols).
        """
        vectors = ops.convert_to_tensor(self._vectors.embeddings)
        mixed = ops.matmul(shares, ops.cast(vectors, shares.dtype))
        return as_float32(self._rest(mixed, training=training))
