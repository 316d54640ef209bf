"""Architectures by name: the layers that configurations and commands choose from.

Nothing here needs Keras, so that a command can list its choices at once; `networks` and
`models.build` make what is described here.
"""

import math
from typing import NamedTuple

#: Names of activations between layers, all of them Keras's.
ACTIVATIONS = (
    "relu",
    "leaky_relu",  # slope 0.2
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "softsign",
    "tanh",
    "sigmoid",
    "linear",
)


class Convolution(NamedTuple):
    """A convolutional layer.

    Args:
        filters: number of output channels.
        kernel: side of the square kernel, in pixels.
        stride: pixels between neighbouring positions of the kernel.
    """

    filters: int
    kernel: int
    stride: int


# The book's own. A kernel that its stride divides covers every pixel equally often when
# it is transposed, and few channels where maps are large keep it cheap on a CPU.
CONVOLUTIONS = (Convolution(16, 4, 2), Convolution(32, 4, 2))


class Architecture(NamedTuple):
    """The layers of a network between the image and its dense layers.

    Args:
        convolutions: from the image inwards; none in a fully connected network.
        padding: of the convolutions.
        hidden: widths of the dense layers where nothing else is asked for.
        residual: whether it is as deep as the image asks, with residual blocks and
            normalisation, as `networks.build_residual_encoder` makes it.
    """

    convolutions: tuple[Convolution, ...]
    padding: str = "same"
    hidden: tuple[int, ...] = ()
    residual: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether it has no convolutions."""
        return not (self.convolutions or self.residual)


#: Name → architecture; a decoder of the same name is the encoder's mirror image.
ARCHITECTURES = {
    # variational-autoencoder's two
    "fc": Architecture((), hidden=(500, 500, 200)),
    "conv3": Architecture(
        (Convolution(32, 5, 2), Convolution(64, 5, 2), Convolution(128, 3, 2)),
        hidden=(500, 200),
    ),
    # the book's
    "conv": Architecture(CONVOLUTIONS),
    # ConditionalVariationalAutoEncoder's encoders, as its code has them
    "2cnn": Architecture((Convolution(16, 5, 2), Convolution(32, 5, 2)), "valid"),
    "3cnn": Architecture(
        (Convolution(16, 6, 3), Convolution(32, 4, 3), Convolution(64, 2, 2))
    ),
    # the book's, for pictures in colour
    "residual": Architecture((), residual=True),
}


def name_layers(configuration, image_shape, classes: int) -> str:
    """Names the layers of a configuration's encoder, such as `784-500-500-2`.

    Args:
        configuration: of a model with encoder and decoder.
        image_shape: (height, width, channels).
        classes: number of classes, which a conditional encoder also takes.

    Returns:
        Widths from the image inwards; `conv-20` or another architecture's name where
        there are convolutions.
    """
    first = configuration.encoder
    if ARCHITECTURES[first].is_dense:
        labels = getattr(configuration, "conditioned", None) in ("both", "encoder")
        first = f"{math.prod(image_shape)}{f'+{classes}' if labels else ''}"
    return "-".join(map(str, (first, *configuration.hidden, configuration.latent_dim)))
