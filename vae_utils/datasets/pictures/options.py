"""What is asked of a folder of pictures: sizes, colours, labels, shares and limits."""

import dataclasses
import os

from PIL import ImageColor

from vae_utils.checks import check_positive_integer, is_finite_number
from vae_utils.datasets.options import (
    COLOURS,
    FITS,
    LARGEST_SIZE,
    MAX_FILES,
    MAX_PIXELS,
    ON_ERROR,
)


@dataclasses.dataclass(frozen=True)
class Options:
    """Options of `from_folder`, which describes them.

    Raises:
        ValueError: if one of them is invalid.
    """

    size: int = 64
    colour: str = "auto"
    labels: str | os.PathLike | None = "folders"
    validation: float = 0.1
    test: float = 0.1
    seed: int = 0
    on_error: str = "refuse"
    fit: str = "crop"
    background: str = "white"
    max_pixels: int = MAX_PIXELS
    max_files: int = MAX_FILES

    def __post_init__(self):
        for name, choices in (
            ("colour", COLOURS),
            ("fit", FITS),
            ("on_error", ON_ERROR),
        ):
            _check_choice(name, getattr(self, name), choices)
        check_positive_integer(self.size, "size", "the pixels of a side")
        if self.size > LARGEST_SIZE:
            raise ValueError(
                f"size must be at most {LARGEST_SIZE}, the pixels of a side. "
                f"Received: size={self.size}"
            )
        check_positive_integer(self.max_pixels, "max_pixels", "the pixels of a file")
        check_positive_integer(self.max_files, "max_files", "the files of a folder")
        check_shares(self.validation, self.test)
        check_seed(self.seed)
        read_colour(self.background)
        _check_labels(self.labels)


def check_shares(validation: float, test: float):
    """Raises ValueError unless the shares of a split leave something to train on."""
    shares = validation, test
    if not all(is_finite_number(share) and share > 0 for share in shares) or (
        sum(shares) >= 1
    ):
        raise ValueError(
            "validation and test must be shares of the images, above 0, and less than "
            f"1 together. Received: validation={validation!r}, test={test!r}"
        )


def check_seed(seed: int):
    """Raises ValueError unless a seed is an integer from 0."""
    if seed != 0 or isinstance(seed, bool):
        check_positive_integer(seed, "seed", "or 0: it draws the split")


def read_colour(background: str) -> tuple[int, int, int]:
    """Reads the name of a colour, such as `"white"` or `"#ffcc00"`.

    Returns:
        Red, green and blue, 0 … 255.

    Raises:
        ValueError: if there is no such colour.
    """
    try:
        return ImageColor.getrgb(background)[:3]
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(
            "background must be the name of a colour, such as 'white', 'black' or "
            f"'#ffcc00'. Received: background={background!r}"
        ) from error


def _check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(
            f"{name} must be {' or '.join(map(repr, choices))}. "
            f"Received: {name}={value!r}"
        )


def _check_labels(labels):
    if labels is not None and not isinstance(labels, (str, os.PathLike)):
        raise ValueError(
            "labels must be 'folders', the path of a CSV file, or None. "
            f"Received: labels={labels!r}"
        )


def image_shape(size: int, colour: str) -> tuple[int, ...]:
    """Returns the shape of a decoded image, without a channel axis if it is grey."""
    return (size, size) if colour == "grey" else (size, size, 3)
