"""Architectures by name: what records of trainings, and commands, choose from.

Nothing here needs Keras, so that a command can list its choices at once. `networks`
builds what is described here.
"""

from typing import NamedTuple

IMAGE_SHAPE = (28, 28, 1)
LOG_VAR_BOUND = 10.0  # keeps a standard deviation of q(z|x) between e^-5 and e^5

#: Which of encoder and decoder are told the label.
LABELLED = ("none", "both", "encoder", "decoder")

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
        stride: pixels between neighbouring places of the kernel.
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
    """

    convolutions: tuple[Convolution, ...]
    padding: str = "same"
    hidden: tuple[int, ...] = ()


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
}


def check_architecture(name: str, argument: str):
    """Raises ValueError, naming the argument, unless `name` is an architecture's."""
    if not isinstance(name, str) or name not in ARCHITECTURES:
        raise ValueError(
            f"{argument} must be one of {', '.join(ARCHITECTURES)}. "
            f"Received: {argument}={name!r}"
        )


def check_labelled(labelled: str):
    """Raises ValueError unless `labelled` is one of `LABELLED`."""
    if not isinstance(labelled, str) or labelled not in LABELLED:
        raise ValueError(
            f"labelled must be one of {', '.join(LABELLED)}. "
            f"Received: labelled={labelled!r}"
        )
