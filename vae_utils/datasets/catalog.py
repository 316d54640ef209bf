"""The published data sets: image and class names, sizes, hashes and mirrors.

`describe` knows these and the rendered ones, which `variants` lists.

Nothing else in the package knows the size of an image or the number of classes.
"""

import math
from typing import NamedTuple

from vae_utils.datasets.guesses import guess
from vae_utils.datasets.variants import VARIANTS, Variant, choose

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


class File(NamedTuple):
    """One IDX file: its name, the shape of its array, the SHA-256 of its content."""

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def size(self) -> int:
        """Number of bytes when decompressed: the header and one byte per value."""
        return 4 + 4 * len(self.shape) + math.prod(self.shape)


class Entry(NamedTuple):
    """One published data set.

    Args:
        title: name to print.
        credit: who made the images, and the licence.
        image_shape: (height, width, channels) of an image.
        class_names: name of each class; a label is an index into it.
        mirrors: addresses of folders with the files, gzip-compressed.
        files: training images, training labels, test images, test labels.
        sample: the same four files of the bundled sample.
    """

    title: str
    credit: str
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    mirrors: tuple[str, ...]
    files: tuple[File, ...]
    sample: tuple[File, ...]

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


class Unavailable(Exception):
    """Says why a source cannot provide all the requested files."""


def describe(name: str, **choices) -> Entry | Variant:
    """Describes a named data set without loading it.

    Args:
        name: one of `NAMES`, or a variant, such as `cats-64` or `cats-64-fur`.
        **choices: of a rendered data set, as for `load`.

    Returns:
        Its entry, with `image_shape`, `class_names` and `classes`; for a rendered data
        set also `factors`.

    Raises:
        ValueError: if `name` is unknown, or there is no such variant.
    """
    choices = {field: value for field, value in choices.items() if value is not None}
    if name in [*VARIANTS]:  # a list, since anything may be given for a name
        return choose(name, **choices)
    if name not in [*CATALOG]:
        known = " or ".join(map(repr, NAMES))
        raise ValueError(
            f"The data set must be {known}, a path with a separator in it, such as "
            f"'./photos', or a variant such as 'cats-64'{guess(name, NAMES)} "
            f"Received: name={name!r}"
        )
    if choices:
        given = ", ".join(f"{field}={value!r}" for field, value in choices.items())
        raise ValueError(f"{name} has no variants to choose. Received: {given}")
    return CATALOG[name]


def idx_files(
    train: int,
    test: int,
    hashes: tuple[str, ...],
    *,
    image_shape: tuple[int, int, int],
    prefix: str = "",
) -> tuple[File, ...]:
    """Lists the four files of a data set, named as those of MNIST.

    Args:
        train: number of training images.
        test: number of test images.
        hashes: SHA-256 of train images, train labels, test images, test labels.
        image_shape: (height, width, channels); grey images have no channel axis.
        prefix: start of each file name.

    Returns:
        Train images, train labels, test images and test labels.
    """
    shape = image_shape if image_shape[-1] > 1 else image_shape[:-1]
    images, labels = f"images-idx{1 + len(shape)}-ubyte", "labels-idx1-ubyte"
    names_and_shapes = (
        (f"train-{images}", (train, *shape)),
        (f"train-{labels}", (train,)),
        (f"t10k-{images}", (test, *shape)),
        (f"t10k-{labels}", (test,)),
    )
    return tuple(
        File(prefix + name, array_shape, sha256)
        for (name, array_shape), sha256 in zip(names_and_shapes, hashes, strict=True)
    )


def _as_mnist(name, hashes, sample_hashes, *, image_shape, **fields) -> Entry:
    """Describes a data set of 60,000 + 10,000 images, with its bundled sample."""
    return Entry(
        image_shape=image_shape,
        files=idx_files(60_000, 10_000, hashes, image_shape=image_shape),
        sample=idx_files(
            5_000, 1_000, sample_hashes, image_shape=image_shape, prefix=f"{name}-"
        ),
        **fields,
    )


CATALOG = {
    "mnist": _as_mnist(
        "mnist",
        hashes=(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
        sample_hashes=(
            "d3284f5446e12e38c60c97306d308f184913d828a1120731cd21bf9e46ec253d",
            "7b0707c22997cf41c0931539514cce1359346694c4a3115910a4f517b3bd7cf2",
            "67b1e7be964fb42df9da553d04420e379e010ddf222ad0e145a12dc4654fcf49",
            "2c73a098de02ed10a5513bfa4736d8c0ef0f7af2110c4ca21c358719c33b9a51",
        ),
        title="MNIST",
        credit="Yann LeCun, Corinna Cortes and Christopher J. C. Burges, CC BY-SA 3.0",
        image_shape=(28, 28, 1),
        class_names=DIGITS,
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
    ),
    "fashion_mnist": _as_mnist(
        "fashion_mnist",
        hashes=(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
        sample_hashes=(
            "b9cbb49972b429451befb36c0743089d85c36248d2092162401786cb2261fb09",
            "906bca49679107d7032acf7139c6c334672a9ee53a5417baf629ea9b0c02be9f",
            "eafce965d9591ae086fe632380ae972e12529507eba208a9653a1298a4c14524",
            "304c1f836d664001afebf4e11e9c7d2f1b1cd5814e0e077028ccc1ee8982ec0f",
        ),
        title="Fashion-MNIST",
        credit="Zalando Research, MIT License",
        image_shape=(28, 28, 1),
        class_names=CLOTHES,
        mirrors=(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/"
            "data/fashion/",
        ),
    ),
}
#: Data sets with their defaults; the rendered ones have variants as well.
NAMES = (*CATALOG, "cats", "sprites")
