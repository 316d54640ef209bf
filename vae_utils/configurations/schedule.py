"""How any model is trained."""

import dataclasses
from typing import ClassVar

from vae_utils.configurations.fields import (
    as_plain,
    check_fields,
    choice,
    configuration,
    flag,
    integer,
    number,
)
from vae_utils.dequantisation import DEQUANTISATIONS, check_one_of_both
from vae_utils.pixels import BINARISATIONS

#: Dtype policies of Keras; the second and third are for GPUs.
PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
#: What is done to training images, drawn anew for each batch.
AUGMENTATIONS = ("none", "flips", "shifts", "flips-and-shifts")


@configuration
class Schedule:
    """How a model is trained: with Adam, on what batches, for how long.

    Raises:
        ValueError: if a value is not one that its field takes; the message names it.
    """

    model: ClassVar[str]  # its name in `MODELS`

    batch_size: int = integer(200, "images in a batch")
    learning_rate: float = number(2e-3, "learning rate of Adam")
    decay: bool = flag(False, "whether the learning rate falls to zero along a cosine")
    clip_norm: float | None = number(
        None, "largest norm of the whole gradient", unset="no limit"
    )
    epochs: int = integer(30, "number of epochs")
    updates_per_epoch: int | None = integer(
        None,
        "batches in an epoch; a pass over the images continues from one epoch to the "
        "next",
        unset="one pass over the images",
        none="all",
    )
    binarisation: str = choice(
        "dynamic", BINARISATIONS, "binarisation of training images"
    )
    dequantisation: str = choice(
        "none",
        DEQUANTISATIONS,
        "dequantisation of training images of bytes, which a density needs; uniform "
        "noise turns k into (k + u) / 256",
    )
    augmentation: str = choice(
        "none",
        AUGMENTATIONS,
        "random changes to training images: flips to mirror images, shifts by up to a "
        "sixteenth of the side",
    )
    patience: int | None = integer(
        None,
        "epochs without a smaller validation loss after which training stops",
        unset="however long that takes",
        none="never",
    )
    precision: str = choice(
        "float32",
        PRECISIONS,
        "precision that layers compute in; mixed ones are faster on GPUs, and the "
        "objective is float32 with all of them",
    )

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = as_plain(getattr(self, field.name))
            object.__setattr__(self, field.name, value)
        check_fields(self)
        check_one_of_both(self.dequantisation, self.binarisation)
