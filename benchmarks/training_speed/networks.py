"""The networks that all variants train, described without any library."""

import math
from typing import NamedTuple

import numpy as np

IMAGE = (28, 28, 1)


class Layer(NamedTuple):
    """A layer with a weight array and a bias.

    Args:
        kind: `"dense"`, `"conv"` or `"transposed"`; the latter two pad as `"same"`.
        before: shape of its input, without the batch.
        after: shape of its output, without the batch.
        kernel: side of a square kernel, in pixels.
        stride: of the kernel, in pixels.
    """

    kind: str
    before: tuple
    after: tuple
    kernel: int = 1
    stride: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the weight array: (in, out) or (height, width, in, out)."""
        ends = self.before[-1], self.after[-1]
        return ends if self.kind == "dense" else (self.kernel, self.kernel, *ends)

    def draw(self, rng) -> tuple[np.ndarray, np.ndarray]:
        """Draws a weight array, Glorot uniform, and a bias of zeros, float32."""
        area = math.prod(self.shape[:-2])
        limit = math.sqrt(6 / (area * sum(self.shape[-2:])))
        weight = rng.uniform(-limit, limit, self.shape).astype(np.float32)
        return weight, np.zeros(self.shape[-1], np.float32)


class Network(NamedTuple):
    """Encoder and decoder of a VAE; the decoder mirrors the encoder.

    Args:
        latent_dim: number of latent dimensions.
        hidden: widths of the encoder's dense layers.
        convolutions: (filters, kernel, stride) of the layers before those.
    """

    latent_dim: int
    hidden: tuple[int, ...] = ()
    convolutions: tuple[tuple[int, int, int], ...] = ()

    @property
    def parts(self) -> dict[str, list[Layer]]:
        """Layers of `encoder`, `heads` (z_mean and z_log_var) and `decoder`.

        All are followed by relu, except the heads and the last of the decoder.
        """
        encoder, decoder, shape = [], [], IMAGE
        for filters, kernel, stride in self.convolutions:
            after = *(-(-side // stride) for side in shape[:2]), filters
            encoder.append(Layer("conv", shape, after, kernel, stride))
            decoder.insert(0, Layer("transposed", after, shape, kernel, stride))
            shape = after
        widths = [math.prod(shape), *self.hidden, self.latent_dim]
        pairs = list(zip(widths, widths[1:], strict=False))
        dense = [Layer("dense", (m,), (n,)) for m, n in pairs]
        mirrored = [Layer("dense", (n,), (m,)) for m, n in reversed(pairs)]
        heads = [dense[-1], dense[-1]]
        return {
            "encoder": encoder + dense[:-1],
            "heads": heads,
            "decoder": mirrored + decoder,
        }

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        layers = [layer for part in self.parts.values() for layer in part]
        return sum(math.prod(each.shape) + each.shape[-1] for each in layers)

    @property
    def name(self) -> str:
        """Widths from the image inwards, such as `784-500-2`, or `conv-20`."""
        first = "conv" if self.convolutions else math.prod(IMAGE)
        return "-".join(map(str, (first, *self.hidden, self.latent_dim)))

    def draw(self, seed: int) -> dict:
        """Draws weights: part → list of (weight, bias)."""
        rng = np.random.default_rng(seed)
        parts = self.parts.items()
        return {name: [layer.draw(rng) for layer in part] for name, part in parts}


NETWORKS = {
    "fc_2": Network(2, (500,)),
    "fc_40": Network(40, (500, 500)),
    "conv": Network(20, (), ((16, 4, 2), (32, 4, 2))),  # the book's pair
}
