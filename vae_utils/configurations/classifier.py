"""Configuration of a classifier of images."""

from typing import ClassVar

from vae_utils.configurations.fields import (
    choice,
    configuration,
    flag,
    integer,
    number,
    widths,
)
from vae_utils.configurations.schedule import Schedule
from vae_utils.pixels import BINARISATIONS


@configuration
class ClassifierConfiguration(Schedule):
    """A classifier of images, and how it is trained: by default the book's.

    Further arguments: those of `Schedule`.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str] = "classifier"

    filters: tuple[int, ...] = widths(
        (8, 16, 32, 64),
        "channels of the convolutions, from the image inwards; each is followed by "
        "pooling, which halves the image",
        may_be_empty=False,
    )
    kernel: int = integer(4, "side of the square kernels, in pixels")
    dropout: float = number(
        0.1,
        "share of values that each dropout layer sets to zero",
        below=1.0,
        includes_lowest=True,
    )
    batch_size: int = integer(128, "images in a batch")
    decay: bool = flag(True, "whether the learning rate falls to zero along a cosine")
    epochs: int = integer(12, "number of epochs")
    binarisation: str = choice("none", BINARISATIONS, "binarisation of training images")
