"""The variants of data sets that are rendered here: cats and sprites.

A variant has a name of its own, which runs remember: `cats-64-fur` are cats of 64 × 64
pixels, labelled by their fur. A name leaves out what is the default.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import NamedTuple

from vae_utils.datasets import cats, sprites
from vae_utils.datasets.factors import Factor

SIZES = (32, 64)
_read_choices = attrgetter("size", "colour", "labels")


class Variant(NamedTuple):
    """One variant of a rendered data set.

    Args:
        name: of the variant.
        base: name of the variant that has the defaults.
        title: name to print.
        credit: who made the images; to be named where they are shown if there is a
            licence.
        size: pixels of each side.
        colour: whether images have three channels.
        labels: name of the factor whose values are the classes.
        factors: what varies.
        render: function of combinations and size that returns images.
        visible: function of combinations that gives those that look the same one row.
    """

    name: str
    base: str
    title: str
    credit: str
    size: int
    colour: bool
    labels: str
    factors: tuple[Factor, ...]
    render: Callable
    visible: Callable

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Shape of an image, (height, width, channels)."""
        return self.size, self.size, 3 if self.colour else 1

    @property
    def label_column(self) -> int:
        """Index of the factor whose values are the classes."""
        return [factor.name for factor in self.factors].index(self.labels)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class; a label is an index into it."""
        return self.factors[self.label_column].names

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


CATS = Variant(
    name="cats",
    base="cats",
    title="Cats",
    credit=cats.CREDIT,
    size=32,
    colour=True,
    labels="body",
    factors=cats.FACTORS,
    render=cats.compose,
    visible=cats.visible,
)
SPRITES = Variant(
    name="sprites",
    base="sprites",
    title="Sprites",
    credit="rendered by vae_utils",
    size=32,
    colour=False,
    labels="shape",
    factors=sprites.FACTORS,
    render=sprites.render,
    visible=sprites.visible,
)
COLOURED = SPRITES._replace(
    title="Coloured sprites", colour=True, factors=sprites.COLOUR_FACTORS
)


def _list_variants(default: Variant, *others: Variant) -> Iterator[Variant]:
    """Yields every size and every label of a data set."""
    for kind in (default, *others):
        for size in SIZES:
            for factor in kind.factors:
                variant = kind._replace(size=size, labels=factor.name)
                yield variant._replace(name=_name(variant, default))


def _name(variant, default):
    parts = {"size": str(variant.size), "colour": "colour", "labels": variant.labels}
    differ = [
        part
        for field, part in parts.items()
        if getattr(variant, field) != getattr(default, field)
    ]
    return "-".join([default.base, *differ])


#: Name → variant.
VARIANTS = {
    variant.name: variant
    for variant in (*_list_variants(CATS), *_list_variants(SPRITES, COLOURED))
}


def choose(
    name: str,
    *,
    size: int | None = None,
    labels: str | None = None,
    colour: bool | None = None,
) -> Variant:
    """Finds a variant of a rendered data set.

    Args:
        name: key of `VARIANTS`.
        size: pixels of each side; None for what the name says, as for the others.
        labels: name of the factor whose values are the classes.
        colour: whether sprites have a hue.

    Returns:
        The variant.

    Raises:
        ValueError: if there is no such variant.
    """
    given = {"size": size, "labels": labels, "colour": colour}
    choices = {field: value for field, value in given.items() if value is not None}
    named = VARIANTS[name]
    relatives = [each for each in VARIANTS.values() if each.base == named.base]
    for field, value in choices.items():
        _check_possible(field, value, relatives)
    wanted = _read_choices(named._replace(**choices))
    for each in relatives:
        if _read_choices(each) == wanted:
            return each
    received = ", ".join(f"{field}={value!r}" for field, value in choices.items())
    raise ValueError(
        f"Only coloured sprites have a hue: choose colour=True. Received: {name!r}, "
        f"{received}"
    )


def _check_possible(field, value, relatives):
    """Raises ValueError if none of the variants of a data set has a value."""
    possible = list(dict.fromkeys(getattr(each, field) for each in relatives))
    if value not in possible:
        raise ValueError(
            f"{field} of {relatives[0].base} must be "
            f"{' or '.join(map(repr, possible))}. Received: {field}={value!r}"
        )
