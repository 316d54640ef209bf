"""The data that a page of the playground carries: small grey images, as short scripts.

Images have 14 × 14 pixels of 8 grey levels. Two pixels, one above the other, are one
character, so that gzip finds what images share: that is a ninth smaller than with one
character a pixel. `view/data.js` reads the text, and makes the ring, which needs none.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from vae_utils import datasets, widgets
from vae_utils.checks import check_positive_integer
from vae_utils.playground import drawn_sprites

SIDE = 14  # pixels
LEVELS = 8  # of grey
#: One character for each pair of grey levels.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
LEARNING_RATE = 0.005  # with which digits part within seconds


class Examples(NamedTuple):
    """Images, and what they show.

    Args:
        levels: grey levels from 0 to `LEVELS` − 1, uint8, shape (n, SIDE, SIDE).
        labels: indices of class names, uint8, shape (n,).
    """

    levels: np.ndarray
    labels: np.ndarray


class Source(NamedTuple):
    """A data set of the playground.

    Args:
        title: on its button.
        training: number of training images.
        held_out: number of held-out images.
        classes: names of the classes.
        text: what the images are, and where they come from.
        settings: those that train better with these data than the defaults.
        read: returns training and held-out examples, as many as there are.
    """

    title: str
    training: int
    held_out: int
    classes: tuple[str, ...]
    text: str
    settings: dict[str, float]
    read: Callable[[], tuple[Examples, Examples]]

    @property
    def about(self) -> str:
        """A line about the data, with the counts of the whole set."""
        return self.describe(self.training, self.held_out)

    def describe(self, training: int, held_out: int) -> str:
        """Says what so many images are."""
        return f"{training:,} training and {held_out:,} held-out images: {self.text}"


def make_data_script(
    name: str, training: int | None = None, held_out: int | None = None
) -> str:
    """Makes the script with a data set.

    Args:
        name: one of `DATA`.
        training: number of training images, the first ones; all by default. The order
            is a random one, so that classes are about as frequent as in all of them.
        held_out: number of held-out images; all by default.

    Returns:
        JavaScript, a classic script that calls `VAEBook.playground.addData`.

    Raises:
        ValueError: if the name is unknown, or there are not so many images.
    """
    examples = take_examples(name, training, held_out)
    source = DATA[name]
    packed = {
        "title": source.title,
        "about": source.describe(*(len(each.labels) for each in examples)),
        "side": SIDE,
        "levels": LEVELS,
        "classes": source.classes,
        "settings": source.settings,
        "training": _pack(examples[0]),
        "heldOut": _pack(examples[1]),
    }
    return (
        f"VAEBook.playground.addData({widgets.pack(name)}, {widgets.pack(packed)});\n"
    )


def take_examples(
    name: str, training: int | None = None, held_out: int | None = None
) -> tuple[Examples, Examples]:
    """Takes the first examples of a data set; arguments as for `make_data_script`.

    Returns:
        Training and held-out examples.
    """
    if name not in [*DATA]:  # a list, since anything may be given for a name
        raise ValueError(
            f"The data are {', '.join(DATA)}; choose among them. "
            f"Received: name={name!r}"
        )
    source = DATA[name]
    counts = (
        _check_count(training, source.training, "training"),
        _check_count(held_out, source.held_out, "held_out"),
    )
    return tuple(
        Examples(each.levels[:count], each.labels[:count])
        for each, count in zip(source.read(), counts, strict=True)
    )


def _check_count(count, most, name):
    """Returns the number of examples; all of them where none is given."""
    if count is None:
        return most
    check_positive_integer(count, name, "images")
    if count > most:
        raise ValueError(f"{name} must be at most {most}. Received: {name}={count}")
    return count


def _pack(examples):
    """Writes examples: their number, pairs of pixels, and labels of one digit each."""
    pairs = examples.levels.reshape(-1, SIDE // 2, 2, SIDE)
    codes = LEVELS * pairs[:, :, 0] + pairs[:, :, 1]
    return {
        "count": len(examples.labels),
        "pixels": "".join(ALPHABET[code] for code in codes.ravel().tolist()),
        "labels": "".join(map(str, examples.labels.tolist())),
    }


@functools.cache
def _read_sample(name, brightness):
    """Reduces images of the bundled sample: each pixel is the mean of 2 × 2.

    Strokes of digits are two pixels wide, and the mean is grey where they lie across
    four of them: twice as bright, they are ink, which binarisation leaves whole.
    """
    data = datasets.load(name, sample=True)
    return tuple(
        Examples(_reduce(images, brightness), labels.astype(np.uint8))
        for images, labels in (
            (data.x_train, data.y_train),
            (data.x_test, data.y_test),
        )
    )


def _reduce(images, brightness):
    pixels = images.reshape(-1, SIDE, 2, SIDE, 2).astype(int)
    sums = brightness * pixels.sum(axis=(2, 4))
    return _round(np.minimum(sums, 4 * 255), 4 * 255)


def _round(values, highest):
    """Rounds whole numbers up to a highest one to grey levels."""
    return ((2 * (LEVELS - 1) * values + highest) // (2 * highest)).astype(np.uint8)


@functools.cache
def _draw_sprites(training):
    """Draws sprites, of which so many are for training."""
    images, labels = drawn_sprites.draw(SIDE)
    levels = _round(images.astype(int), 255)
    return (
        Examples(levels[:training], labels[:training]),
        Examples(levels[training:], labels[training:]),
    )


def _credit(name):
    """Names the source of a published data set, and its licence."""
    entry = datasets.describe(name)
    return (
        f"{entry.title} ({entry.credit}), reduced to {SIDE} × {SIDE} pixels and "
        f"{LEVELS} grey levels."
    )


DATA = {
    "digits": Source(
        "Digits",
        4000,
        1000,
        datasets.describe("mnist").class_names,
        f"handwritten digits from {_credit('mnist')}",
        {"learningRate": LEARNING_RATE},
        functools.partial(_read_sample, "mnist", 2),
    ),
    "clothes": Source(
        "Clothes",
        2000,
        500,
        datasets.describe("fashion_mnist").class_names,
        f"clothes from {_credit('fashion_mnist')}",
        {"batchSize": 50},
        functools.partial(_read_sample, "fashion_mnist", 1),
    ),
    "sprites": Source(
        "Sprites",
        2000,
        500,
        drawn_sprites.PARTS,
        "squares, ellipses and hearts, rendered by the book’s package with "
        f"{SIDE} × {SIDE} pixels and {LEVELS} grey levels. Shape, size and place vary; "
        "the class is the part of the image where the sprite is.",
        {"batchSize": 50, "learningRate": 0.005},
        functools.partial(_draw_sprites, 2000),
    ),
}
