"""What each data set is: names, sizes, hashes and mirrors."""

import math
from typing import NamedTuple

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
    """One IDX file: its name, the shape of its array, its decompressed SHA-256."""

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def size(self) -> int:
        """Number of bytes when decompressed: the header and one byte a value."""
        return 4 + 4 * len(self.shape) + math.prod(self.shape)


class Entry(NamedTuple):
    """One data set: images and labels for training, then the same for testing."""

    title: str
    class_names: tuple[str, ...]
    mirrors: tuple[str, ...]
    files: tuple[File, ...]
    sample: tuple[File, ...]


class Unavailable(Exception):
    """Says why a source cannot give all the files that it was asked for."""


def idx_files(
    train: int, test: int, hashes: tuple[str, ...], prefix: str = ""
) -> tuple[File, ...]:
    """Returns the four files of `train` and `test` images of 28 × 28 and their labels.

    Args:
        train: number of training images.
        test: number of test images.
        hashes: SHA-256 of train images, train labels, test images, test labels.
        prefix: what the names of the files begin with.
    """
    names_and_shapes = (
        ("train-images-idx3-ubyte", (train, 28, 28)),
        ("train-labels-idx1-ubyte", (train,)),
        ("t10k-images-idx3-ubyte", (test, 28, 28)),
        ("t10k-labels-idx1-ubyte", (test,)),
    )
    return tuple(
        File(prefix + name, shape, sha256)
        for (name, shape), sha256 in zip(names_and_shapes, hashes, strict=True)
    )


CATALOG = {
    "mnist": Entry(
        title="MNIST",
        class_names=DIGITS,
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        files=idx_files(
            60_000,
            10_000,
            (
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
        sample=idx_files(
            5_000,
            1_000,
            (
                "d3284f5446e12e38c60c97306d308f184913d828a1120731cd21bf9e46ec253d",
                "7b0707c22997cf41c0931539514cce1359346694c4a3115910a4f517b3bd7cf2",
                "67b1e7be964fb42df9da553d04420e379e010ddf222ad0e145a12dc4654fcf49",
                "2c73a098de02ed10a5513bfa4736d8c0ef0f7af2110c4ca21c358719c33b9a51",
            ),
            prefix="mnist-",
        ),
    ),
    "fashion_mnist": Entry(
        title="Fashion-MNIST",
        class_names=CLOTHES,
        mirrors=(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/"
            "data/fashion/",
        ),
        files=idx_files(
            60_000,
            10_000,
            (
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            ),
        ),
        sample=idx_files(
            5_000,
            1_000,
            (
                "b9cbb49972b429451befb36c0743089d85c36248d2092162401786cb2261fb09",
                "906bca49679107d7032acf7139c6c334672a9ee53a5417baf629ea9b0c02be9f",
                "eafce965d9591ae086fe632380ae972e12529507eba208a9653a1298a4c14524",
                "304c1f836d664001afebf4e11e9c7d2f1b1cd5814e0e077028ccc1ee8982ec0f",
            ),
            prefix="fashion_mnist-",
        ),
    ),
}
NAMES = tuple(CATALOG)
